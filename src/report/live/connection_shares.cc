#include "report/live/connection_shares.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::live {

std::optional<ConnectionShares::Id> ConnectionShares::Add(Id id, const std::string& address) {
  std::optional<Id> evicted;
  if (addresses_.size() == most_) {
    const auto heaviest = std::max_element(
        by_address_.begin(), by_address_.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    evicted = heaviest->second.front();
    Remove(*evicted);
  }
  FOOTHOLD_CHECK(addresses_.emplace(id, address).second, "a connection begins once");
  by_address_[address].push_back(id);
  return evicted;
}

void ConnectionShares::Remove(Id id) {
  const auto found = addresses_.find(id);
  if (found == addresses_.end()) return;
  const auto own = by_address_.find(found->second);
  own->second.remove(id);
  if (own->second.empty()) by_address_.erase(own);
  addresses_.erase(found);
}

}  // namespace foothold::live

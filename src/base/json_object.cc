#include "base/json_object.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace foothold::base {
namespace {

/// Up to here a look at each is as fast as a search.
constexpr std::size_t kFewMembers = 8;

}  // namespace

const Json* Json::ObjectStore::Find(std::string_view name) const {
  if (is_sorted()) {
    const auto place = PlaceOf(name);
    const bool found = place != by_name_.end() && members_[*place].name == name;
    return found ? &members_[*place].value : nullptr;
  }
  for (const Member& member : members_) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Json& Json::ObjectStore::FindOrAdd(std::string_view name) {
  if (const Json* found = Find(name)) return const_cast<Json&>(*found);
  FOOTHOLD_CHECK(members_.size() < UINT32_MAX);
  if (is_sorted()) {
    by_name_.insert(PlaceOf(name), static_cast<std::uint32_t>(members_.size()));
  }
  Member& added = members_.emplace_back(Member{std::string(name), Json()});
  if (!is_sorted() && members_.size() > kFewMembers) Sort();
  return added.value;
}

std::size_t Json::ObjectStore::Fill(Members members) {
  members_ = std::move(members);
  const std::size_t size = members_.size();
  if (size <= kFewMembers) {
    for (std::size_t i = 1; i < size; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members_[j].name == members_[i].name) return i;
      }
    }
    return size;
  }
  Sort();
  std::size_t again = size;
  for (std::size_t i = 1; i < size; ++i) {
    if (members_[by_name_[i - 1]].name != members_[by_name_[i]].name) continue;
    again = std::min<std::size_t>(again, by_name_[i]);
  }
  return again;
}

std::vector<std::uint32_t>::const_iterator Json::ObjectStore::PlaceOf(std::string_view name) const {
  return std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [this](std::uint32_t place, std::string_view n) { return members_[place].name < n; });
}

void Json::ObjectStore::Sort() {
  by_name_.resize(members_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::sort(by_name_.begin(), by_name_.end(), [this](std::uint32_t a, std::uint32_t b) {
    const int order = members_[a].name.compare(members_[b].name);
    return order != 0 ? order < 0 : a < b;
  });
}

}  // namespace foothold::base

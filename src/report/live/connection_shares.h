#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>

namespace foothold::live {

/// Who may stay connected. A new connection is always taken in: when there are too many, the oldest
/// of the address that has most makes room, so that nobody who says nothing, or little, shuts
/// others out. Not thread-safe.
class ConnectionShares {
 public:
  using Id = std::uint64_t;

  /// REQUIRES: most > 0.
  explicit ConnectionShares(std::size_t most) : most_(most) {}

  /// Takes in a connection from `address`; the one that must go for it, if any. REQUIRES: `id` is
  /// not there.
  std::optional<Id> Add(Id id, const std::string& address);
  /// A connection ended; one that is not there did so before.
  void Remove(Id id);
  std::size_t size() const { return addresses_.size(); }

 private:
  std::size_t most_;
  std::map<Id, std::string> addresses_;
  std::map<std::string, std::list<Id>> by_address_;  // the oldest first
};

}  // namespace foothold::live

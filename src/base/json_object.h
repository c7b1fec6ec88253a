#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace foothold::base {

/// The members of an object, found by name in O(log size).
class Json::ObjectStore {
 public:
  ObjectStore() = default;

  const Members& members() const { return members_; }
  const Json* Find(std::string_view name) const;
  /// The value of this name, null if there was none. O(size) for a new one.
  Json& FindOrAdd(std::string_view name);
  /// Takes the members of an empty object. Returns the place of the first whose name is there
  /// again, members.size() if there is none.
  std::size_t Fill(Members members);

 private:
  /// Where the name is or would be in by_name_.
  std::vector<std::uint32_t>::const_iterator PlaceOf(std::string_view name) const;
  bool is_sorted() const { return !by_name_.empty(); }
  void Sort();

  Members members_;
  std::vector<std::uint32_t> by_name_;  // places in members_; empty while there are few
};

}  // namespace foothold::base

#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace foothold::t1 {

/// A value of T1's expressions, which are Python's: a truth value, a whole number, a number, a text
/// or a list.
struct Value {
  using List = std::vector<Value>;
  std::variant<bool, std::int64_t, double, std::string, List> held;

  friend bool operator==(const Value&, const Value&) = default;
};

/// "True", "16", "0.5", "left", "[1, 2]": as Python's str() writes it, in a list as repr() does.
std::string ToText(const Value& value);
/// "truth value", "whole number", "number", "text", "list", for messages.
const char* KindOf(const Value& value);

}  // namespace foothold::t1

#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace foothold::base {

/// "52,480": numbers in messages and tables.
inline std::string WithThousands(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

/// What somebody typed or sent, fit for a message: control characters become question marks.
inline std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return text;
}

/// "1, 2, 7": the texts or integers of `list` with `separator` between them.
template <typename List>
std::string Joined(const List& list, std::string_view separator) {
  std::string joined;
  bool is_first = true;
  for (const auto& one : list) {
    if (!is_first) joined += separator;
    is_first = false;
    if constexpr (std::integral<std::remove_cvref_t<decltype(one)>>) {
      joined += std::to_string(one);
    } else {
      joined += std::string_view(one);
    }
  }
  return joined;
}

}  // namespace foothold::base

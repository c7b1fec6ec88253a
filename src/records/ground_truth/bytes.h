#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foothold::records {

/// Unsigned integers as little-endian bytes.
template <typename Integer>
void AppendLittleEndian(Integer value, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    bytes += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

/// REQUIRES: `bytes` holds so many.
template <typename Integer>
Integer LittleEndianAt(std::string_view bytes, std::size_t at) {
  Integer value = 0;
  for (std::size_t i = sizeof value; i-- > 0;) {
    value = static_cast<Integer>(value << 8 | static_cast<std::uint8_t>(bytes[at + i]));
  }
  return value;
}

}  // namespace foothold::records

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foothold {

/// Keeps the beginning and the end of a text of any length, in bounded memory.
class BoundedText {
 public:
  /// Keeps the first and the last `limit` / 2 bytes.
  explicit BoundedText(std::size_t limit) : half_(limit / 2) {}

  /// Amortised O(data).
  void Append(std::string_view data);

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t dropped_bytes() const;
  /// What was appended; the middle replaced by "\n[... N bytes dropped ...]\n" when it is too long.
  std::string Text() const;

 private:
  std::size_t half_;
  std::uint64_t bytes_ = 0;
  std::string head_;
  std::string tail_;  // up to twice its share, so that it is cut seldom
};

}  // namespace foothold

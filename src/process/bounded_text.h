#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foothold::process {

/// Keeps the beginning and the end of a text of any length, in bounded memory.
class BoundedText {
 public:
  /// Keeps the first and the last `limit` / 2 bytes, and of the last line that is not blank the
  /// last `line_limit` bytes if that is more.
  BoundedText(std::size_t limit, std::size_t line_limit)
      : half_(limit / 2), line_limit_(line_limit) {}

  /// Amortised O(data).
  void Append(std::string_view data);

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t dropped_bytes() const;
  /// What was appended; the middle replaced by "\n[... N bytes dropped ...]\n" when it is too long.
  std::string Text() const;
  /// Whether the last line that is not blank lost its beginning.
  bool LastLineIsCut() const;

 private:
  void FindLines(std::string_view data);
  /// How much of the end is kept.
  std::size_t Kept() const;

  std::size_t half_;
  std::size_t line_limit_;
  std::uint64_t bytes_ = 0;
  std::uint64_t line_ = 0;       // where the line under way begins
  std::uint64_t last_line_ = 0;  // where the last line begins that is not blank
  std::string head_;
  std::string tail_;  // up to twice its share, so that it is cut seldom
};

}  // namespace foothold::process

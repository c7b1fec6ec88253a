#include "process/bounded_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace foothold::process {

void BoundedText::Append(std::string_view data) {
  FindLines(data);
  bytes_ += data.size();
  const std::size_t to_head = std::min(data.size(), half_ - head_.size());
  head_ += data.substr(0, to_head);
  tail_ += data.substr(to_head);
  const std::size_t kept = Kept();
  if (tail_.size() > 2 * kept) tail_.erase(0, tail_.size() - kept);
}

void BoundedText::FindLines(std::string_view data) {
  for (std::size_t begin = 0; begin < data.size();) {
    const std::size_t end = std::min(data.find('\n', begin), data.size());
    const std::string_view part = data.substr(begin, end - begin);
    if (part.find_first_not_of(" \t\r") != std::string_view::npos) last_line_ = line_;
    if (end < data.size()) line_ = bytes_ + end + 1;
    begin = end + 1;
  }
}

std::size_t BoundedText::Kept() const {
  const std::uint64_t from_last_line = bytes_ - last_line_;
  return std::max<std::size_t>(half_, std::min<std::uint64_t>(from_last_line, line_limit_));
}

std::uint64_t BoundedText::dropped_bytes() const {
  return bytes_ - head_.size() - std::min(Kept(), tail_.size());
}

std::string BoundedText::Text() const {
  const std::uint64_t dropped = dropped_bytes();
  if (dropped == 0) return head_ + tail_;
  const std::string_view end = std::string_view(tail_).substr(tail_.size() - Kept());
  return fmt::format("{}\n[... {} bytes dropped ...]\n{}", head_, dropped, end);
}

bool BoundedText::LastLineIsCut() const {
  return dropped_bytes() > 0 && bytes_ - last_line_ > Kept();
}

}  // namespace foothold::process

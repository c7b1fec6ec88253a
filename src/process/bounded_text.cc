#include "process/bounded_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace foothold {

void BoundedText::Append(std::string_view data) {
  bytes_ += data.size();
  const std::size_t to_head = std::min(data.size(), half_ - head_.size());
  head_ += data.substr(0, to_head);
  data.remove_prefix(to_head);
  if (data.size() > half_) data.remove_prefix(data.size() - half_);
  tail_ += data;
  if (tail_.size() > 2 * half_) tail_.erase(0, tail_.size() - half_);
}

std::uint64_t BoundedText::dropped_bytes() const {
  return bytes_ - head_.size() - std::min(half_, tail_.size());
}

std::string BoundedText::Text() const {
  const std::uint64_t dropped = dropped_bytes();
  if (dropped == 0) return head_ + tail_;
  const std::string_view end = std::string_view(tail_).substr(tail_.size() - half_);
  return fmt::format("{}\n[... {} bytes dropped ...]\n{}", head_, dropped, end);
}

}  // namespace foothold

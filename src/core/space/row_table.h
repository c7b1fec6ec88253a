#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"

namespace foothold::space {

/// Numbers distinct rows of `width` Ts (integers) 0, 1, 2, ... in the order they are first seen.
/// A hash table with open addressing; the numbers do not depend on the hash.
template <typename T>
class RowTable {
 public:
  explicit RowTable(std::size_t width) : width_(width), slots_(kFirstSlots, kEmpty) {}

  /// The number of `row`, which has `width` entries; a new one if it was not seen before.
  std::uint32_t Intern(const T* row) {
    std::size_t slot = Hash(row) & (slots_.size() - 1);
    while (slots_[slot] != kEmpty) {
      if (std::equal(row, row + width_, Row(slots_[slot]))) return slots_[slot];
      slot = (slot + 1) & (slots_.size() - 1);
    }
    FOOTHOLD_CHECK(size_ < kEmpty);
    const auto number = static_cast<std::uint32_t>(size_++);
    slots_[slot] = number;
    rows_.insert(rows_.end(), row, row + width_);
    if (2 * size_ > slots_.size()) Grow();
    return number;
  }

  std::size_t size() const { return size_; }
  std::size_t width() const { return width_; }
  /// Valid until the next Intern. REQUIRES: number < size().
  const T* Row(std::uint32_t number) const { return rows_.data() + width_ * number; }
  /// All rows, one after the other.
  std::vector<T> TakeRows() && { return std::move(rows_); }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  static constexpr std::size_t kFirstSlots = 16;  // a power of two, as all sizes

  std::size_t Hash(const T* row) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15U;
    for (std::size_t i = 0; i < width_; ++i) {
      hash = (hash ^ static_cast<std::uint64_t>(row[i])) * 0xff51afd7ed558ccdU;
      hash ^= hash >> 32;
    }
    return static_cast<std::size_t>(hash);
  }

  void Grow() {
    slots_.assign(2 * slots_.size(), kEmpty);
    for (std::uint32_t number = 0; number < size_; ++number) {
      std::size_t slot = Hash(Row(number)) & (slots_.size() - 1);
      while (slots_[slot] != kEmpty) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = number;
    }
  }

  std::size_t width_;
  std::size_t size_ = 0;
  std::vector<T> rows_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace foothold::space

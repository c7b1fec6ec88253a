#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/vta/compiler/token_stream.h"

namespace foothold::vta {

/// Which tiles of one tensor are in its slots of a scratchpad as the program goes on. A tile that
/// is still there need not be loaded again; otherwise it takes the slot that was used least
/// recently.
class TileSlots {
 public:
  struct Slot {
    std::int64_t tile = -1;
    std::int64_t index = 0;
    TokenStream::Position loaded = TokenStream::kNone;     ///< its last load
    TokenStream::Position last_read = TokenStream::kNone;  ///< the last instruction that read it
  };

  explicit TileSlots(std::int64_t slots) : slots_(static_cast<std::size_t>(slots)) {
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].index = static_cast<std::int64_t>(i);
  }

  /// The slot that holds `tile`, or the one to load it into: then its `tile` is another. Valid
  /// until the next call.
  Slot& Find(std::int64_t tile) {
    std::size_t oldest = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (slots_[order_[i]].tile == tile) return Touch(i);
    }
    if (order_.size() < slots_.size()) {
      order_.push_back(order_.size());
      oldest = order_.size() - 1;
    }
    return Touch(oldest);
  }

 private:
  Slot& Touch(std::size_t at) {
    const std::size_t slot = order_[at];
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(at));
    order_.push_back(slot);
    return slots_[slot];
  }

  std::vector<Slot> slots_;
  std::vector<std::size_t> order_;  // slots in use, least recently used first
};

}  // namespace foothold::vta

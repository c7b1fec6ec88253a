#pragma once

#include <cstdint>
#include <vector>

namespace foothold::vta {

/// One axis of a convolution's image: output position p with kernel offset d reads
/// v = p * stride + d * dilation - pad, which is image line v / upsample if that is a whole number
/// within [0, extent), and zero otherwise.
struct WindowAxis {
  std::int64_t extent = 1;  ///< lines of the image
  std::int64_t kernel = 1;
  std::int64_t pad = 0;
  std::int64_t stride = 1;
  /// Lines that no position reads can be left out of a transfer: true for rows, which a DMA strides
  /// over, false for columns.
  bool sparse = false;
  std::int64_t upsample = 1;  ///< above 1: padding is skipped always
  std::int64_t dilation = 1;
};

/// The lines that one tile of output positions reads, and where they stand in the scratchpad.
struct TileWindow {
  std::int64_t positions = 1;
  std::int64_t kernel = 1;
  std::int64_t first = 0;       ///< first image line that is loaded
  std::int64_t size = 0;        ///< image lines loaded; 0: the tile reads padding only
  std::int64_t image_step = 1;  ///< image lines from one loaded line to the next
  std::int64_t pad_before = 0;  ///< lines of zeros that the transfer writes
  std::int64_t pad_after = 0;
  // In lines of the upsampled scratchpad:
  std::int64_t step = 1;    ///< from one position to the next
  std::int64_t offset = 0;  ///< of position 0 at kernel offset 0; may be negative
  std::int64_t upsample = 1;
  std::int64_t dilation = 1;

  std::int64_t lines() const { return pad_before + size + pad_after; }
  /// The scratchpad line that `position` reads at kernel offset d. REQUIRES: Holds.
  std::int64_t LineOf(std::int64_t position, std::int64_t d) const {
    return (position * step + d * dilation + offset) / upsample;
  }
  /// Whether the scratchpad holds what `position` reads at kernel offset d; if not, it is zero.
  bool Holds(std::int64_t position, std::int64_t d) const {
    const std::int64_t at = position * step + d * dilation + offset;
    return at >= 0 && at % upsample == 0 && at / upsample < lines();
  }

  friend bool operator==(const TileWindow&, const TileWindow&) = default;
};

/// The window of output positions [position, position + positions). `skip_padding`: zeros are not
/// written, and the window holds image lines only.
TileWindow MakeTileWindow(const WindowAxis& axis, std::int64_t position, std::int64_t positions,
                          bool skip_padding);

/// Kernel offsets [d_begin, d_end) for which exactly the positions begin, begin + every, ... below
/// end read lines that the window holds. Not empty.
struct WindowPiece {
  std::int64_t d_begin = 0;
  std::int64_t d_end = 1;
  std::int64_t begin = 0;
  std::int64_t end = 1;
  std::int64_t every = 1;

  std::int64_t positions() const { return (end - begin + every - 1) / every; }
};
/// Neighbouring offsets with the same positions are one piece; offsets that read only padding are
/// in none.
std::vector<WindowPiece> WindowPieces(const TileWindow& window);

}  // namespace foothold::vta

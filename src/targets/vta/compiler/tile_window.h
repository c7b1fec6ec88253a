#pragma once

#include <cstdint>
#include <vector>

namespace foothold::vta {

/// One axis of a convolution's image: output position p with kernel offset d reads image line
/// p * stride + d - pad, which is zero outside [0, extent).
struct WindowAxis {
  std::int64_t extent = 1;  ///< lines of the image
  std::int64_t kernel = 1;
  std::int64_t pad = 0;
  std::int64_t stride = 1;
  /// Lines that no position reads can be left out of a transfer: true for rows, which a DMA strides
  /// over, false for columns.
  bool sparse = false;
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
  std::int64_t step = 1;    ///< scratchpad lines from one position to the next
  std::int64_t offset = 0;  ///< scratchpad line of position 0 at kernel offset 0; may be negative

  std::int64_t lines() const { return pad_before + size + pad_after; }
  std::int64_t LineOf(std::int64_t position, std::int64_t d) const {
    return position * step + d + offset;
  }
  /// Whether the scratchpad holds what `position` reads at kernel offset d; if not, it is zero.
  bool Holds(std::int64_t position, std::int64_t d) const {
    const std::int64_t line = LineOf(position, d);
    return line >= 0 && line < lines();
  }

  friend bool operator==(const TileWindow&, const TileWindow&) = default;
};

/// The window of output positions [position, position + positions). `skip_padding`: zeros are not
/// written, and the window holds image lines only.
TileWindow MakeTileWindow(const WindowAxis& axis, std::int64_t position, std::int64_t positions,
                          bool skip_padding);

/// Kernel offsets [d_begin, d_end) for which exactly the positions [begin, end) read lines that the
/// window holds. Not empty.
struct WindowPiece {
  std::int64_t d_begin = 0;
  std::int64_t d_end = 1;
  std::int64_t begin = 0;
  std::int64_t end = 1;
};
/// Neighbouring offsets with the same positions are one piece; offsets that read only padding are
/// in none.
std::vector<WindowPiece> WindowPieces(const TileWindow& window);

}  // namespace foothold::vta

#include "targets/vta/compiler/tile_window.h"

#include <algorithm>
#include <numeric>

namespace foothold::vta {
namespace {

std::int64_t CeilDivide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Every image line between the first and the last that some position reads.
TileWindow MakeUpsampledWindow(const WindowAxis& axis, std::int64_t start, std::int64_t length) {
  const std::int64_t begin = CeilDivide(std::max<std::int64_t>(start, 0), axis.upsample);
  const std::int64_t end =
      std::min(axis.extent, CeilDivide(std::max<std::int64_t>(start + length, 0), axis.upsample));
  TileWindow window;
  window.first = begin;
  window.size = std::max<std::int64_t>(end - begin, 0);
  window.offset = start - begin * axis.upsample;
  window.upsample = axis.upsample;
  return window;
}

}  // namespace

TileWindow MakeTileWindow(const WindowAxis& axis, std::int64_t position, std::int64_t positions,
                          bool skip_padding) {
  const std::int64_t start = position * axis.stride - axis.pad;
  TileWindow window;
  if (axis.upsample > 1) {
    window = MakeUpsampledWindow(axis, start, (positions - 1) * axis.stride + axis.kernel);
    window.positions = positions;
    window.kernel = axis.kernel;
    window.step = axis.stride;
    return window;
  }
  window.positions = positions;
  window.kernel = axis.kernel;
  window.dilation = axis.dilation;
  // With a single kernel line, the lines between two positions' lines are read by no one.
  const bool gather = axis.sparse && axis.kernel == 1;
  window.image_step = gather ? axis.stride : 1;
  window.step = gather ? 1 : axis.stride;
  const std::int64_t reach = (axis.kernel - 1) * axis.dilation + 1;
  const std::int64_t length = gather ? positions : (positions - 1) * axis.stride + reach;
  const std::int64_t begin = std::clamp<std::int64_t>(
      CeilDivide(std::max<std::int64_t>(-start, 0), window.image_step), 0, length);
  const std::int64_t end = std::clamp(
      CeilDivide(std::max<std::int64_t>(axis.extent - start, 0), window.image_step), begin, length);
  window.first = start + begin * window.image_step;
  window.size = end - begin;
  if (skip_padding) {
    window.offset = -begin;
  } else {
    window.pad_before = begin;
    window.pad_after = length - end;
  }
  return window;
}

std::vector<WindowPiece> WindowPieces(const TileWindow& window) {
  // So many positions later the same phase of the upsampled lines is reached.
  const std::int64_t every = window.upsample / std::gcd(window.upsample, window.step);
  std::vector<WindowPiece> pieces;
  for (std::int64_t d = 0; d < window.kernel; ++d) {
    std::int64_t begin = 0;
    while (begin < window.positions && !window.Holds(begin, d)) ++begin;
    std::int64_t end = begin;
    while (end < window.positions && window.Holds(end, d)) end += every;
    if (begin == end) continue;
    end = std::min(end, window.positions);
    const bool continues = !pieces.empty() && pieces.back().d_end == d &&
                           pieces.back().begin == begin && pieces.back().end == end;
    if (continues) {
      ++pieces.back().d_end;
    } else {
      pieces.push_back({d, d + 1, begin, end, every});
    }
  }
  return pieces;
}

}  // namespace foothold::vta

#include "targets/vta/compiler/copy_pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace foothold::vta {
namespace {

std::string Describe(std::span<const CopyLoop> loops) {
  std::string text;
  for (const CopyLoop& loop : loops) {
    text += fmt::format("{}{} x stride {}", text.empty() ? "" : ", ", loop.extent, loop.stride);
  }
  return text.empty() ? "one element" : text;
}

Rejection NoPattern(std::span<const CopyLoop> loops, const std::string& what) {
  return {Phase::kLower, "lower.dma",
          fmt::format("{} copy is not a 2-D transfer: [{}] elements needs more than rows of "
                      "contiguous elements",
                      what, Describe(loops))};
}

/// The padded case: no merging, because padding applies to single loops
/// (docs/reference/vta-and-autotvm.md#copy-patterns).
std::variant<DmaShape, Rejection> MatchPadded(const std::vector<CopyLoop>& loops, int element_dims,
                                              const std::string& what) {
  const std::size_t dims = loops.size() + static_cast<std::size_t>(element_dims);
  if (dims <= 2 || dims > 5) {
    return Rejection{
        Phase::kLower, "lower.dma",
        fmt::format("padded {} copy has {} loops, the 2-D transfer pads only nests of 3 to 5", what,
                    dims)};
  }
  // With five loops TVM takes the outermost for the batch and pads the next two; otherwise the
  // first two.
  const std::size_t first = dims == 5 ? 1 : 0;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    const bool is_transfer_dim = i == first || i == first + 1;
    if (!is_transfer_dim && loops[i].axis != ImageAxis::kNone) {
      return Rejection{
          Phase::kLower, "lower.dma",
          fmt::format(
              "padded {} copy [{}]: padding falls on an inner loop, the transfer pads only its "
              "two outermost",
              what, Describe(loops))};
    }
  }
  if (loops.size() != 2 || loops[1].stride != 1) return NoPattern(loops, what);
  return DmaShape{.y_size = loops[0].extent,
                  .x_size = loops[1].extent,
                  .x_stride = loops[0].stride,
                  .y_axis = loops[0].axis,
                  .x_axis = loops[1].axis};
}

/// Merges neighbouring loops whose strides chain, innermost first; the result is outermost first.
std::vector<CopyLoop> MergeChained(const std::vector<CopyLoop>& loops) {
  std::vector<CopyLoop> merged;
  for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
    if (!merged.empty() && loop->stride == merged.back().stride * merged.back().extent) {
      merged.back().extent *= loop->extent;
    } else {
      merged.push_back(*loop);
    }
  }
  std::reverse(merged.begin(), merged.end());
  return merged;
}

}  // namespace

std::variant<DmaShape, Rejection> MatchCopy(std::span<const CopyLoop> all_loops, int element_dims,
                                            const std::string& what) {
  std::vector<CopyLoop> loops;
  bool padded = false;
  for (const CopyLoop& loop : all_loops) {
    padded |= loop.axis != ImageAxis::kNone;
    if (loop.extent > 1) {
      loops.push_back(loop);
    } else if (loop.axis != ImageAxis::kNone) {
      // The bounds check of a single padded row or column depends on no loop of the copy, so it
      // cannot become padding.
      return Rejection{
          Phase::kLower, "lower.dma",
          fmt::format("{} copy: a tile of one padded {} cannot be padded by the transfer", what,
                      loop.axis == ImageAxis::kRow ? "row" : "column")};
    }
  }
  if (padded) return MatchPadded(loops, element_dims, what);

  std::vector<CopyLoop> dims = MergeChained(loops);
  // Rows of one element each: the contiguous dimension has extent 1.
  if (!dims.empty() && dims.back().stride != 1) dims.push_back({1, 1, ImageAxis::kNone});
  if (dims.size() > 2) return NoPattern(loops, what);
  if (dims.empty()) return DmaShape{};
  if (dims.size() == 1)
    return DmaShape{.y_size = 1, .x_size = dims[0].extent, .x_stride = dims[0].extent};
  return DmaShape{.y_size = dims[0].extent, .x_size = dims[1].extent, .x_stride = dims[0].stride};
}

}  // namespace foothold::vta

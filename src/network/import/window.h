#pragma once

#include "network/import/node_importer.h"

namespace foothold::network {

/// A window with what slides it, and the rows and columns of the output.
struct SlidingWindow {
  Window window;
  std::int64_t out_height = 0;
  std::int64_t out_width = 0;
};

/// Reads kernel_shape, strides, pads, dilations, auto_pad and, of pools, ceil_mode of a node whose
/// input has `height` rows and `width` columns. `kernel` is the weight's rows and columns, or empty
/// where the attribute must say.
Result<SlidingWindow> ReadWindow(NodeImporter& node, std::int64_t height, std::int64_t width,
                                 const std::vector<std::int64_t>& kernel, bool is_pool);

}  // namespace foothold::network

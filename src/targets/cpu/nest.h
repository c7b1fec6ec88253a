#pragma once

#include <cstdint>

#include "foothold/status.h"
#include "foothold/workload.h"

namespace foothold::cpu {

/// conv2d and dense as one loop nest. For each image, output row y, output column x and output
/// channel o, over the reduction (c, ky, kx):
///
///     out[y][x][o] += in[c][y * stride_h + ky - pad_h][x * stride_w + kx - pad_w] *
///     weight[o][c][ky][kx]
///
/// Tensors lie as workload.h says. A dense layer is a convolution of one pixel per row: y is the
/// batch, c the input feature, and the input is [y][c].
struct Nest {
  bool is_dense = false;
  std::int64_t images = 1;
  std::int64_t channels = 1;  ///< c
  std::int64_t in_h = 1, in_w = 1;
  std::int64_t kernel_h = 1, kernel_w = 1;
  std::int64_t pad_h = 0, pad_w = 0;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t out_channels = 1;  ///< o
  std::int64_t out_h = 1, out_w = 1;

  std::int64_t taps() const { return kernel_h * kernel_w; }
  std::int64_t reduction() const { return channels * taps(); }
  bool is_padded() const { return pad_h > 0 || pad_w > 0; }
};

/// InvalidArgument when the workload is not float32, or a sum has more than 2^24 products (see
/// RandomFloatTensors).
Result<Nest> NestOf(const Workload& workload);

}  // namespace foothold::cpu

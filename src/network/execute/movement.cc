// Operations that only move elements.
#include <algorithm>
#include <cmath>

#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

/// Each output is the input at source(position), or `fill` where that is below 0.
template <typename Source>
Tensor Gathered(const Tensor& x, const Shape& out, double fill, Source source) {
  return std::visit(
      [&]<typename T>(const std::vector<T>& all) {
        std::vector<T> result(Index(Elements(out)));
        ForEachPosition(out, [&](const std::vector<std::int64_t>& position, std::int64_t index) {
          const std::int64_t from = source(position);
          result[Index(index)] = from < 0 ? static_cast<T>(fill) : all[Index(from)];
        });
        return Tensor(out, std::move(result));
      },
      x.elements());
}

/// Which input a resized position comes from, before it is kept inside.
std::int64_t Nearest(const Resize& resize, std::int64_t at, double scale, std::int64_t in,
                     std::int64_t out) {
  double real = 0;
  switch (resize.coordinates) {
    case Resize::Coordinates::kHalfPixel:
      real = (static_cast<double>(at) + 0.5) / scale - 0.5;
      break;
    case Resize::Coordinates::kAsymmetric:
      real = static_cast<double>(at) / scale;
      break;
    case Resize::Coordinates::kAlignCorners:
      real = out == 1 ? 0
                      : static_cast<double>(at) * static_cast<double>(in - 1) /
                            static_cast<double>(out - 1);
      break;
  }
  switch (resize.rounding) {
    case Resize::Rounding::kPreferFloor:
      return static_cast<std::int64_t>(std::ceil(real - 0.5));
    case Resize::Rounding::kPreferCeil:
      return static_cast<std::int64_t>(std::floor(real + 0.5));
    case Resize::Rounding::kFloor:
      return static_cast<std::int64_t>(std::floor(real));
    case Resize::Rounding::kCeil:
      return static_cast<std::int64_t>(std::ceil(real));
  }
  return 0;
}

}  // namespace

std::vector<std::int64_t> StridesOf(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

Tensor ApplyTranspose(const Transpose& transpose, const Tensor& x, const Shape& out) {
  const std::vector<std::int64_t> strides = StridesOf(x.shape());
  return Gathered(x, out, 0, [&](const std::vector<std::int64_t>& position) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < out.size(); ++axis) {
      from += position[axis] * strides[Index(transpose.permutation[axis])];
    }
    return from;
  });
}

Tensor ApplyConcat(const Concat& concat, const std::vector<const Tensor*>& inputs,
                   const Shape& out) {
  const std::size_t axis = Index(concat.axis);
  std::int64_t inner = 1;
  for (std::size_t i = axis + 1; i < out.size(); ++i) inner *= out[i];
  return std::visit(
      [&]<typename T>(const std::vector<T>& /*of the first input's type*/) {
        std::vector<T> result(Index(Elements(out)));
        std::int64_t first = 0;
        for (const Tensor* input : inputs) {
          const std::int64_t run = input->shape()[axis] * inner;
          const std::vector<T>& from = input->values<T>();
          for (std::int64_t outer = 0; run > 0 && outer < input->size() / run; ++outer) {
            std::copy_n(from.begin() + outer * run, run,
                        result.begin() + outer * out[axis] * inner + first);
          }
          first += run;
        }
        return Tensor(out, std::move(result));
      },
      inputs.front()->elements());
}

Tensor ApplyPad(const Pad& pad, const Tensor& x, double fill, const Shape& out) {
  const std::vector<std::int64_t> strides = StridesOf(x.shape());
  return Gathered(x, out, fill, [&](const std::vector<std::int64_t>& position) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < out.size(); ++axis) {
      const std::int64_t at = position[axis] - pad.before[axis];
      if (at < 0 || at >= x.shape()[axis]) return std::int64_t{-1};
      from += at * strides[axis];
    }
    return from;
  });
}

std::int64_t NearestInput(const Resize& resize, std::size_t axis, std::int64_t at, std::int64_t in,
                          std::int64_t out) {
  const std::int64_t nearest = Nearest(resize, at, resize.scales[axis], in, out);
  return std::clamp<std::int64_t>(nearest, 0, in - 1);
}

Tensor ApplyResize(const Resize& resize, const Tensor& x, const Shape& out) {
  const std::vector<std::int64_t> strides = StridesOf(x.shape());
  return Gathered(x, out, 0, [&](const std::vector<std::int64_t>& position) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < out.size(); ++axis) {
      from +=
          NearestInput(resize, axis, position[axis], x.shape()[axis], out[axis]) * strides[axis];
    }
    return from;
  });
}

}  // namespace foothold::network

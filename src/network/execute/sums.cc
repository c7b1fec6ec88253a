// Convolutions, dense layers and pools: what slides a window or multiplies matrices.
#include <algorithm>
#include <limits>

#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

/// The outputs along one axis whose input at this tap of the kernel exists: [first, last).
struct Range {
  std::int64_t first;
  std::int64_t last;
  std::int64_t offset;  ///< the input is at output * stride + offset
};

Range Reaching(std::int64_t in, std::int64_t out, std::int64_t stride, std::int64_t offset) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = in - 1 - offset < 0 ? 0 : (in - 1 - offset) / stride + 1;
  return {std::min(first, out), std::min(last, out), offset};
}

Range Rows(const Window& w, const Shape& x, const Shape& out, std::int64_t tap) {
  return Reaching(x[2], out[2], w.stride_h, tap * w.dilation_h - w.pad_top);
}
Range Columns(const Window& w, const Shape& x, const Shape& out, std::int64_t tap) {
  return Reaching(x[3], out[3], w.stride_w, tap * w.dilation_w - w.pad_left);
}

/// Calls visit(output index, input index) in one channel for each output that the tap reaches.
template <typename Visit>
void ForTap(const Window& window, const Shape& x, const Shape& out, std::int64_t ky,
            std::int64_t kx, Visit visit) {
  const Range rows = Rows(window, x, out, ky);
  const Range columns = Columns(window, x, out, kx);
  for (std::int64_t oy = rows.first; oy < rows.last; ++oy) {
    const std::int64_t in_row = (oy * window.stride_h + rows.offset) * x[3] + columns.offset;
    for (std::int64_t ox = columns.first; ox < columns.last; ++ox) {
      visit(oy * out[3] + ox, in_row + ox * window.stride_w);
    }
  }
}

template <typename Sum, typename Element>
std::vector<Sum> SumConv(const Conv& conv, const Shape& x_shape, std::span<const Element> x,
                         const Shape& w_shape, std::span<const Element> w, const Shape& out) {
  const std::int64_t in_plane = x_shape[2] * x_shape[3];
  const std::int64_t out_plane = out[2] * out[3];
  const std::int64_t per_group = out[1] / conv.group;
  std::vector<Sum> sums(Index(Elements(out)), Sum{});
  const Element* weight = w.data();
  for (std::int64_t n = 0; n < out[0]; ++n) {
    weight = w.data();
    for (std::int64_t oc = 0; oc < out[1]; ++oc) {
      Sum* const to = sums.data() + (n * out[1] + oc) * out_plane;
      const std::int64_t first_channel = n * x_shape[1] + oc / per_group * w_shape[1];
      for (std::int64_t ic = 0; ic < w_shape[1]; ++ic) {
        const Element* const from = x.data() + (first_channel + ic) * in_plane;
        for (std::int64_t ky = 0; ky < w_shape[2]; ++ky) {
          for (std::int64_t kx = 0; kx < w_shape[3]; ++kx) {
            const Sum factor = static_cast<Sum>(*weight++);
            ForTap(conv.window, x_shape, out, ky, kx, [&](std::int64_t o, std::int64_t i) {
              to[o] += factor * static_cast<Sum>(from[i]);
            });
          }
        }
      }
    }
  }
  return sums;
}

template <typename Sum, typename Element>
std::vector<Sum> SumDense(const Dense& dense, std::span<const Element> x, const Shape& w_shape,
                          std::span<const Element> w) {
  const std::int64_t inputs = w_shape[dense.weight_is_in_out ? 0 : 1];
  const std::int64_t outputs = w_shape[dense.weight_is_in_out ? 1 : 0];
  const std::int64_t in_step = dense.weight_is_in_out ? outputs : 1;
  const std::int64_t out_step = dense.weight_is_in_out ? 1 : inputs;
  const std::int64_t rows = inputs == 0 ? 0 : static_cast<std::int64_t>(x.size()) / inputs;
  std::vector<Sum> sums;
  sums.reserve(Index(rows * outputs));
  for (std::int64_t row = 0; row < rows; ++row) {
    const Element* const from = x.data() + row * inputs;
    for (std::int64_t o = 0; o < outputs; ++o) {
      const Element* const weight = w.data() + o * out_step;
      Sum sum{};
      for (std::int64_t i = 0; i < inputs; ++i) {
        sum += static_cast<Sum>(weight[i * in_step]) * static_cast<Sum>(from[i]);
      }
      sums.push_back(sum);
    }
  }
  return sums;
}

/// One channel after the other: fold(to, from) for each input of a window, where `to` begins as
/// `first`.
template <typename T, typename Fold>
std::vector<T> Pooled(const Window& window, const Shape& x_shape, const std::vector<T>& x,
                      const Shape& out, T first, Fold fold) {
  std::vector<T> result(Index(Elements(out)), first);
  const std::int64_t in_plane = x_shape[2] * x_shape[3];
  const std::int64_t out_plane = out[2] * out[3];
  for (std::int64_t plane = 0; plane < out[0] * out[1]; ++plane) {
    const T* const from = x.data() + plane * in_plane;
    T* const to = result.data() + plane * out_plane;
    for (std::int64_t ky = 0; ky < window.kernel_h; ++ky) {
      for (std::int64_t kx = 0; kx < window.kernel_w; ++kx) {
        ForTap(window, x_shape, out, ky, kx,
               [&](std::int64_t o, std::int64_t i) { fold(to[o], from[i]); });
      }
    }
  }
  return result;
}

/// The taps of an axis that lie between `begin` and `end` for an output that begins at `start`.
std::int64_t TapsWithin(std::int64_t start, std::int64_t kernel, std::int64_t dilation,
                        std::int64_t begin, std::int64_t end) {
  std::int64_t taps = 0;
  for (std::int64_t tap = 0; tap < kernel; ++tap) {
    const std::int64_t at = start + tap * dilation;
    if (at >= begin && at < end) ++taps;
  }
  return taps;
}

/// By how many elements a sum is divided, for each output of one channel. What the last window
/// reaches beyond the padding (ceil_mode) never counts.
std::vector<double> Divisors(const AveragePool& pool, const Shape& x, const Shape& out) {
  const Window& w = pool.window;
  const std::int64_t top = pool.counts_padding ? -w.pad_top : 0;
  const std::int64_t left = pool.counts_padding ? -w.pad_left : 0;
  const std::int64_t bottom = x[2] + (pool.counts_padding ? w.pad_bottom : 0);
  const std::int64_t right = x[3] + (pool.counts_padding ? w.pad_right : 0);
  std::vector<double> divisors;
  for (std::int64_t oy = 0; oy < out[2]; ++oy) {
    const std::int64_t rows =
        TapsWithin(oy * w.stride_h - w.pad_top, w.kernel_h, w.dilation_h, top, bottom);
    for (std::int64_t ox = 0; ox < out[3]; ++ox) {
      const std::int64_t columns =
          TapsWithin(ox * w.stride_w - w.pad_left, w.kernel_w, w.dilation_w, left, right);
      divisors.push_back(static_cast<double>(std::max<std::int64_t>(1, rows * columns)));
    }
  }
  return divisors;
}

}  // namespace

std::vector<double> ConvSums(const Conv& conv, const Shape& x_shape, std::span<const float> x,
                             const Shape& w_shape, std::span<const float> w, const Shape& out) {
  return SumConv<double, float>(conv, x_shape, x, w_shape, w, out);
}
std::vector<std::int64_t> ConvSums(const Conv& conv, const Shape& x_shape,
                                   std::span<const std::int32_t> x, const Shape& w_shape,
                                   std::span<const std::int32_t> w, const Shape& out) {
  return SumConv<std::int64_t, std::int32_t>(conv, x_shape, x, w_shape, w, out);
}
std::vector<double> DenseSums(const Dense& dense, std::span<const float> x, const Shape& w_shape,
                              std::span<const float> w) {
  return SumDense<double, float>(dense, x, w_shape, w);
}
std::vector<std::int64_t> DenseSums(const Dense& dense, std::span<const std::int32_t> x,
                                    const Shape& w_shape, std::span<const std::int32_t> w) {
  return SumDense<std::int64_t, std::int32_t>(dense, x, w_shape, w);
}

Tensor ApplyConv(const Conv& conv, const Tensor& x, const Tensor& w, const Tensor* bias,
                 const Tensor* residual, const Shape& out) {
  const auto sums = ConvSums(conv, x.shape(), x.floats(), w.shape(), w.floats(), out);
  const std::int64_t plane = out[2] * out[3];
  std::vector<float> result;
  result.reserve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t channel = i / Index(plane) % Index(out[1]);
    double value = sums[i] + (bias == nullptr ? 0.0 : bias->floats()[channel]);
    if (residual != nullptr) value += residual->floats()[i];
    result.push_back(Clamped(value, conv.clamp));
  }
  return Tensor(out, std::move(result));
}

Tensor ApplyDense(const Dense& dense, const Tensor& x, const Tensor& w, const Tensor* bias,
                  const Shape& out) {
  const auto sums = DenseSums(dense, x.floats(), w.shape(), w.floats());
  std::vector<float> result;
  result.reserve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t column = i % Index(out.back());
    const double added = bias == nullptr ? 0.0 : double{dense.beta} * bias->floats()[column];
    result.push_back(Clamped(double{dense.alpha} * sums[i] + added, dense.clamp));
  }
  return Tensor(out, std::move(result));
}

Tensor ApplyMaxPool(const MaxPool& pool, const Tensor& x, const Shape& out) {
  return std::visit(
      [&]<typename T>(const std::vector<T>& all) {
        return Tensor(out,
                      Pooled<T>(pool.window, x.shape(), all, out, std::numeric_limits<T>::lowest(),
                                [](T& to, T from) { to = std::max(to, from); }));
      },
      x.elements());
}

Tensor ApplyAveragePool(const AveragePool& pool, const Tensor& x, const Shape& out) {
  const std::vector<double> wide(x.floats().begin(), x.floats().end());
  const std::vector<double> sums = Pooled<double>(pool.window, x.shape(), wide, out, 0.0,
                                                  [](double& to, double from) { to += from; });
  const std::vector<double> divisors = Divisors(pool, x.shape(), out);
  std::vector<float> result;
  result.reserve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    result.push_back(static_cast<float>(sums[i] / divisors[i % divisors.size()]));
  }
  return Tensor(out, std::move(result));
}

}  // namespace foothold::network

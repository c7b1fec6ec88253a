// Operations that take elements one by one, or reduce some of them to one.
#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

template <typename Function>
Tensor Mapped(const Tensor& x, Function function) {
  std::vector<float> result;
  result.reserve(x.floats().size());
  for (const float value : x.floats()) result.push_back(function(value));
  return Tensor(x.shape(), std::move(result));
}

/// The strides with which `shape` is read when it is repeated to `out`: 0 where it is repeated.
std::vector<std::int64_t> RepeatingStrides(const Shape& shape, const Shape& out) {
  const std::vector<std::int64_t> strides = StridesOf(shape);
  std::vector<std::int64_t> repeating(out.size(), 0);
  const std::size_t missing = out.size() - shape.size();
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != 1) repeating[missing + axis] = strides[axis];
  }
  return repeating;
}

std::int64_t Dot(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

template <typename T>
T Combine(Binary::Kind kind, T a, T b) {
  switch (kind) {
    case Binary::Kind::kAdd:
      return static_cast<T>(a + b);
    case Binary::Kind::kSubtract:
      return static_cast<T>(a - b);
    case Binary::Kind::kMultiply:
      return static_cast<T>(a * b);
    case Binary::Kind::kDivide:
      return static_cast<T>(a / b);
  }
  FOOTHOLD_CHECK(false, "not a kind");
  return a;
}

}  // namespace

Tensor ApplyBatchNorm(const BatchNorm& norm, const std::vector<const Tensor*>& inputs) {
  const Tensor& x = *inputs[0];
  const auto of_channel = [&](std::size_t input, std::size_t channel) {
    return static_cast<double>(inputs[input]->floats()[channel]);
  };
  const std::size_t channels = Index(x.shape()[1]);
  const std::size_t plane = Index(Elements(x.shape()) / std::max<std::int64_t>(1, x.shape()[0])) /
                            std::max<std::size_t>(1, channels);
  std::vector<float> result;
  result.reserve(x.floats().size());
  for (std::size_t i = 0; i < x.floats().size(); ++i) {
    const std::size_t c = i / plane % channels;
    const double factor = of_channel(1, c) / std::sqrt(of_channel(4, c) + double{norm.epsilon});
    result.push_back(
        static_cast<float>((x.floats()[i] - of_channel(3, c)) * factor + of_channel(2, c)));
  }
  return Tensor(x.shape(), std::move(result));
}

Tensor ApplySoftmax(const Softmax& softmax, const Tensor& x) {
  const Shape& shape = x.shape();
  std::int64_t inner = 1;
  std::int64_t size = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (static_cast<std::int64_t>(axis) > softmax.last) inner *= shape[axis];
    if (static_cast<std::int64_t>(axis) >= softmax.first &&
        static_cast<std::int64_t>(axis) <= softmax.last) {
      size *= shape[axis];
    }
  }
  std::vector<float> result(x.floats().size());
  const std::int64_t groups = size == 0 ? 0 : x.size() / size;
  for (std::int64_t group = 0; group < groups; ++group) {
    const std::int64_t start = group / inner * inner * size + group % inner;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < size; ++i) {
      largest = std::max(largest, double{x.floats()[Index(start + i * inner)]});
    }
    double sum = 0;
    for (std::int64_t i = 0; i < size; ++i) {
      sum += std::exp(x.floats()[Index(start + i * inner)] - largest);
    }
    for (std::int64_t i = 0; i < size; ++i) {
      const std::size_t at = Index(start + i * inner);
      result[at] = static_cast<float>(std::exp(x.floats()[at] - largest) / sum);
    }
  }
  return Tensor(shape, std::move(result));
}

Tensor ApplyMean(const Mean& mean, const Tensor& x, const Shape& out) {
  const std::int64_t outputs = Elements(out);
  std::vector<double> sums(Index(outputs), 0.0);
  // The input's strides in the output: 0 along the axes that are averaged.
  std::vector<std::int64_t> strides(x.shape().size(), 0);
  std::int64_t stride = 1;
  for (std::size_t axis = x.shape().size(); axis-- > 0;) {
    if (std::binary_search(mean.axes.begin(), mean.axes.end(), static_cast<std::int64_t>(axis))) {
      continue;
    }
    strides[axis] = stride;
    stride *= x.shape()[axis];
  }
  ForEachPosition(x.shape(), [&](const std::vector<std::int64_t>& position, std::int64_t index) {
    sums[Index(Dot(position, strides))] += x.floats()[Index(index)];
  });
  std::vector<float> result;
  const auto reduced = outputs == 0 ? 1 : x.size() / outputs;  // a whole number
  const auto count = static_cast<double>(reduced);
  for (const double sum : sums) result.push_back(static_cast<float>(sum / count));
  return Tensor(out, std::move(result));
}

Tensor ApplyBinary(const Binary& binary, const Tensor& a, const Tensor& b, const Shape& out) {
  FOOTHOLD_CHECK(a.type() == b.type(), "operands of one type");
  const auto a_strides = RepeatingStrides(a.shape(), out);
  const auto b_strides = RepeatingStrides(b.shape(), out);
  return std::visit(
      [&]<typename T>(const std::vector<T>& left) {
        const std::vector<T>& right = b.values<T>();
        std::vector<T> result(Index(Elements(out)));
        ForEachPosition(out, [&](const std::vector<std::int64_t>& position, std::int64_t index) {
          T value = Combine<T>(binary.kind, left[Index(Dot(position, a_strides))],
                               right[Index(Dot(position, b_strides))]);
          if constexpr (std::is_floating_point_v<T>) value = Clamped(value, binary.clamp);
          result[Index(index)] = value;
        });
        return Tensor(out, std::move(result));
      },
      a.elements());
}

Tensor ApplyClip(const Clip& clip, const Tensor& x) {
  return Mapped(x, [&](float value) { return Clamped(value, clip.clamp); });
}

Tensor ApplyLeakyRelu(const LeakyRelu& relu, const Tensor& x) {
  return Mapped(x, [&](float value) { return value < 0 ? relu.slope * value : value; });
}

Tensor ApplySigmoid(const Tensor& x) {
  return Mapped(x,
                [](float value) { return static_cast<float>(1 / (1 + std::exp(-double{value}))); });
}

}  // namespace foothold::network

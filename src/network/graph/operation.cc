#include "network/graph/operation.h"

#include <fmt/core.h>

#include <array>

#include "base/text.h"

namespace foothold::network {
namespace {

std::string Pair(std::int64_t vertical, std::int64_t horizontal) {
  return vertical == horizontal ? fmt::format("{}", vertical)
                                : fmt::format("{}x{}", vertical, horizontal);
}

using Parts = std::vector<std::string>;

void Add(const Window& window, Parts& parts) {
  parts.push_back(fmt::format("{}x{}", window.kernel_h, window.kernel_w));
  if (window.stride_h != 1 || window.stride_w != 1) {
    parts.push_back("stride " + Pair(window.stride_h, window.stride_w));
  }
  const std::array<std::int64_t, 4> pads = {window.pad_top, window.pad_left, window.pad_bottom,
                                            window.pad_right};
  const bool is_even = pads == std::array<std::int64_t, 4>{pads[0], pads[0], pads[0], pads[0]};
  if (is_even && pads[0] != 0) parts.push_back(fmt::format("pad {}", pads[0]));
  if (!is_even) parts.push_back("pads " + base::Joined(pads, ","));
  if (window.dilation_h != 1 || window.dilation_w != 1) {
    parts.push_back("dilation " + Pair(window.dilation_h, window.dilation_w));
  }
}

void Add(const Clamp& clamp, Parts& parts) {
  const Clamp open;
  if (clamp.low != open.low) parts.push_back(fmt::format("at least {}", clamp.low));
  if (clamp.high != open.high) parts.push_back(fmt::format("at most {}", clamp.high));
}

struct Describer {
  Parts parts = {};

  void operator()(const Conv& conv) {
    Add(conv.window, parts);
    if (conv.group != 1) parts.push_back(fmt::format("group {}", conv.group));
    Add(conv.clamp, parts);
  }
  void operator()(const Dense& dense) { Add(dense.clamp, parts); }
  void operator()(const Clip& clip) { Add(clip.clamp, parts); }
  void operator()(const LeakyRelu& relu) { parts.push_back(fmt::format("slope {}", relu.slope)); }
  void operator()(const MaxPool& pool) { Add(pool.window, parts); }
  void operator()(const AveragePool& pool) { Add(pool.window, parts); }
  void operator()(const Mean& mean) { parts.push_back("axes " + base::Joined(mean.axes, ",")); }
  void operator()(const Binary& binary) { Add(binary.clamp, parts); }
  void operator()(const Transpose& t) {
    parts.push_back("axes " + base::Joined(t.permutation, ","));
  }
  void operator()(const Concat& concat) { parts.push_back(fmt::format("axis {}", concat.axis)); }
  template <typename Other>
  void operator()(const Other& /*nothing to say*/) {}
};

struct Namer {
  std::string_view operator()(const Conv&) { return "conv"; }
  std::string_view operator()(const Dense&) { return "dense"; }
  std::string_view operator()(const BatchNorm&) { return "batch-norm"; }
  std::string_view operator()(const Clip&) { return "clip"; }
  std::string_view operator()(const LeakyRelu&) { return "leaky-relu"; }
  std::string_view operator()(const Sigmoid&) { return "sigmoid"; }
  std::string_view operator()(const Softmax&) { return "softmax"; }
  std::string_view operator()(const MaxPool&) { return "max-pool"; }
  std::string_view operator()(const AveragePool&) { return "average-pool"; }
  std::string_view operator()(const Mean&) { return "mean"; }
  std::string_view operator()(const Binary& binary) {
    constexpr std::array<std::string_view, 4> kNames = {"add", "subtract", "multiply", "divide"};
    return kNames.at(static_cast<std::size_t>(binary.kind));
  }
  std::string_view operator()(const Reshape&) { return "reshape"; }
  std::string_view operator()(const Transpose&) { return "transpose"; }
  std::string_view operator()(const Concat&) { return "concat"; }
  std::string_view operator()(const Pad&) { return "pad"; }
  std::string_view operator()(const Resize&) { return "resize"; }
  std::string_view operator()(const Quantize&) { return "quantize"; }
  std::string_view operator()(const Dequantize&) { return "dequantize"; }
};

}  // namespace

std::string_view OperationName(const Operation& operation) {
  return std::visit(Namer(), operation);
}

std::string Describe(const Operation& operation) {
  Describer describer;
  std::visit([&](const auto& one) { describer(one); }, operation);
  return base::Joined(describer.parts, ", ");
}

}  // namespace foothold::network

// Convolutions and dense layers.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "network/compile/exponents.h"
#include "network/compile/lower.h"

namespace foothold::network {
namespace {

/// How many lines of an axis lie side by side, of which `most` have room: the whole kernel, or as
/// many as keep the distance of two positions.
std::int64_t FoldedLines(std::int64_t kernel, std::int64_t stride, std::int64_t most) {
  if (kernel <= most) return kernel;
  return std::max<std::int64_t>(most / stride * stride, 1);
}

AxisFold FoldAxis(std::int64_t lines, std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                  std::int64_t outputs) {
  const std::int64_t groups = CeilDivide(kernel, lines);
  const std::int64_t distance = groups > 1 ? lines / stride : 1;
  return {lines, stride, pad, outputs + (groups - 1) * distance};
}

/// The weights of one axis after folding.
struct FoldedKernel {
  std::int64_t kernel;
  std::int64_t stride;
  std::int64_t pad;
  std::int64_t dilation;
};
FoldedKernel Folded(const AxisFold& fold, std::int64_t kernel) {
  const std::int64_t groups = CeilDivide(kernel, fold.lines);
  return {groups, 1, 0, groups > 1 ? fold.lines / fold.stride : 1};
}

/// The weights [O][I][KH][KW] of a convolution.
struct Weights {
  const std::vector<std::int8_t>& all;
  std::int64_t out;
  std::int64_t in;
  std::int64_t kernel_h;
  std::int64_t kernel_w;

  std::int8_t At(std::int64_t o, std::int64_t i, std::int64_t y, std::int64_t x) const {
    const bool is_there = o < out && i >= 0 && i < in && y < kernel_h && x < kernel_w;
    return is_there ? all[Index(((o * in + i) * kernel_h + y) * kernel_w + x)] : std::int8_t{0};
  }
};

Weights WeightsOf(const Value& weight) {
  const Shape& shape = weight.shape;
  return {weight.constant->values<std::int8_t>(), shape[0], shape[1], shape[2], shape[3]};
}

/// Whether each channel has the same weights, and the same bias.
bool IsUniform(const Weights& weights, const std::vector<std::int32_t>& biases) {
  const std::int64_t size = weights.in * weights.kernel_h * weights.kernel_w;
  const auto first = weights.all.begin();
  for (std::int64_t o = 1; o < weights.out; ++o) {
    if (!std::equal(first, first + size, first + o * size)) return false;
  }
  return std::all_of(biases.begin(), biases.end(), [&](auto bias) { return bias == biases[0]; });
}

/// Each block of outputs with the blocks of inputs that its groups have; neighbours with the same
/// inputs are one.
std::vector<BlockGroup> GroupBlocks(const Weights& weights, std::int64_t groups,
                                    std::int64_t block) {
  const std::int64_t outputs_per_group = weights.out / groups;
  std::vector<BlockGroup> all;
  for (std::int64_t b = 0; b * block < weights.out; ++b) {
    const std::int64_t last_output = std::min((b + 1) * block, weights.out) - 1;
    const std::int64_t first_input = b * block / outputs_per_group * weights.in;
    const std::int64_t behind = (last_output / outputs_per_group + 1) * weights.in;
    const BlockGroup own = {b, b + 1, first_input / block, CeilDivide(behind, block)};
    if (!all.empty() && all.back().first == own.first && all.back().last == own.last) {
      all.back().end = own.end;
    } else {
      all.push_back(own);
    }
  }
  return all;
}

/// Whether they divide the blocks of inputs and of outputs evenly between them.
bool AreAlike(const std::vector<BlockGroup>& groups, std::int64_t in_blocks) {
  const std::int64_t in = groups[0].last;
  const std::int64_t out = groups[0].end;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    const BlockGroup& group = groups[i];
    if (group.first != at * in || group.last != (at + 1) * in) return false;
    if (group.begin != at * out || group.end != (at + 1) * out) return false;
  }
  return static_cast<std::int64_t>(groups.size()) * in == in_blocks;
}

/// The sums of |weight| that a dense layer or a convolution adds up for each output channel.
std::vector<std::int64_t> Magnitudes(const Value& weight, bool is_in_out) {
  const std::vector<std::int8_t>& all = weight.constant->values<std::int8_t>();
  const std::int64_t outputs = weight.shape[is_in_out ? 1 : 0];
  const std::int64_t inputs =
      static_cast<std::int64_t>(all.size()) / std::max<std::int64_t>(outputs, 1);
  std::vector<std::int64_t> magnitudes(Index(outputs), 0);
  for (std::int64_t o = 0; o < outputs; ++o) {
    for (std::int64_t i = 0; i < inputs; ++i) {
      magnitudes[Index(o)] +=
          std::abs(int{all[Index(is_in_out ? i * outputs + o : o * inputs + i)]});
    }
  }
  return magnitudes;
}

}  // namespace

void SetWindow(const Window& window, vta::BlockedShape& shape) {
  shape.kernel_h = window.kernel_h;
  shape.kernel_w = window.kernel_w;
  shape.stride_h = window.stride_h;
  shape.stride_w = window.stride_w;
  shape.dilation_h = window.dilation_h;
  shape.dilation_w = window.dilation_w;
  shape.pad_h = window.pad_top;
  shape.pad_w = window.pad_left;
}

Result<Lowering::Sums> Lowering::SumsOf(const Node& node, const Clamp& clamp) const {
  const Value& weight = *graph_.Input(node, 1);
  const Value* bias = graph_.Input(node, 2);
  const Value* residual = graph_.Input(node, 3);
  const Value& output = graph_.at(node.output);
  if (!weight.constant || (bias != nullptr && !bias->constant) || !ExponentOf(weight))
    return Status::InvalidArgument(
        "its weights or biases are no constants with a scale of a power of two");
  const int unit = *ExponentOf(graph_.at(node.inputs[0])) + *ExponentOf(weight);
  const int shift = *ExponentOf(output) - unit;
  if (shift < 0 || shift > kMostShift)
    return Status::InvalidArgument(
        fmt::format("it shifts by {} bits, must be 0 to {}", shift, kMostShift));
  Sums sums = {{}, ShiftAndClamp(shift, clamp, output)};
  if (residual != nullptr) sums.residual = *ExponentOf(*residual) - unit;
  if (sums.residual && (*sums.residual < 0 || *sums.residual > kMostShift - 8))
    return Status::InvalidArgument(
        fmt::format("it shifts the residual by {} bits", *sums.residual));
  const auto* dense = std::get_if<Dense>(&node.operation);
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  const std::int64_t residual_most = sums.residual ? std::int64_t{128} << *sums.residual : 0;
  const auto magnitudes = Magnitudes(weight, dense != nullptr && dense->weight_is_in_out);
  for (std::size_t o = 0; o < magnitudes.size(); ++o) {
    const std::int64_t own =
        bias == nullptr ? 0 : bias->constant->IntegerAt(static_cast<std::int64_t>(o));
    const std::int64_t most = 128 * magnitudes[o] + std::abs(own) + half + residual_most;
    if (most > std::numeric_limits<std::int32_t>::max())
      return Status::InvalidArgument("its sums may need more than 32 bits");
    sums.biases.push_back(static_cast<std::int32_t>(own + half));
  }
  const bool has_bias = bias != nullptr || half != 0;
  if (has_bias) sums.epilogue.bias = vta::Epilogue::Bias::kBeforeShift;
  return sums;
}

Status Lowering::SetResidual(const Node& node, const Sums& sums, Piece& piece) {
  if (!sums.residual) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId residual, InputStorage(node, 3));
  const int in_identity = std::min(*sums.residual, Constants::kMostIdentity);
  piece.residual = Operand{residual, piece.output.element};
  piece.identity = constants_.Identity(in_identity);
  piece.layer.residual = vta::Residual{0, 0, *sums.residual - in_identity};
  return {};
}

std::optional<Fold> Lowering::FoldOf(const Node& node, const Conv& conv) const {
  const ValueId x = node.inputs[0];
  const std::optional<StorageId>& stored = storages_.of_value[Index(x)];
  const bool is_from_host = !stored || storage(*stored).is_from_host;
  const std::optional<View> view = ViewOf(graph_.at(x).shape);
  const Window& window = conv.window;
  if (!is_from_host || sole_users_[Index(x)] < 0 || conv.group != 1 || !view) return std::nullopt;
  if (window.dilation_h != 1 || window.dilation_w != 1) return std::nullopt;
  const Shape& out = graph_.at(node.output).shape;
  const std::int64_t room = geometry_.block() / view->channels;
  if (room < 2) return std::nullopt;
  const std::int64_t columns = FoldedLines(window.kernel_w, window.stride_w, room);
  const std::int64_t rows = FoldedLines(window.kernel_h, window.stride_h, room / columns);
  Fold fold;
  fold.columns = FoldAxis(columns, window.kernel_w, window.stride_w, window.pad_left, out[3]);
  fold.rows = FoldAxis(rows, window.kernel_h, window.stride_h, window.pad_top, out[2]);
  // What is not folded stays as it is, and the VTA strides over it.
  if (columns == 1) fold.columns = {1, 1, 0, view->width};
  if (rows == 1) fold.rows = {1, 1, 0, view->height};
  return columns == 1 && rows == 1 ? std::nullopt : std::optional(fold);
}

Result<std::vector<Piece>> Lowering::LowerConv(const Node& node, const Conv& conv) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Sums sums, SumsOf(node, conv.clamp));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId input, InputStorage(node, 0));
  if (conv.group != 1) return LowerGroups(node, conv, sums);
  Piece piece;
  FOOTHOLD_RETURN_IF_ERROR(SetResidual(node, sums, piece));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId output, AddOutput(node));
  const std::optional<Fold> fold = FoldOf(node, conv);
  storages_.all[input].fold = fold;
  const Window& window = conv.window;
  const bool folds_rows = fold && fold->rows.lines > 1;
  const bool folds_columns = fold && fold->columns.lines > 1;
  const FoldedKernel rows = folds_rows ? Folded(fold->rows, window.kernel_h)
                                       : FoldedKernel{window.kernel_h, window.stride_h,
                                                      window.pad_top, window.dilation_h};
  const FoldedKernel columns = folds_columns ? Folded(fold->columns, window.kernel_w)
                                             : FoldedKernel{window.kernel_w, window.stride_w,
                                                            window.pad_left, window.dilation_w};
  const Storage& in = storage(input);
  const Storage& out = storage(output);
  piece.layer.shape = {.batch = in.batch_blocks(geometry_),
                       .in_channels = in.channel_blocks(geometry_),
                       .out_channels = out.channel_blocks(geometry_),
                       .height = in.height(),
                       .width = in.width(),
                       .out_height = out.view.height,
                       .out_width = out.view.width,
                       .kernel_h = rows.kernel,
                       .kernel_w = columns.kernel,
                       .pad_h = rows.pad,
                       .pad_w = columns.pad,
                       .stride_h = rows.stride,
                       .stride_w = columns.stride,
                       .dilation_h = rows.dilation,
                       .dilation_w = columns.dilation};
  piece.input = {input};
  piece.output = {output};
  piece.layer.epilogue = sums.epilogue;
  piece.bias = constants_.AddBiases(sums.biases);
  const Weights weights = WeightsOf(graph_.at(node.inputs[1]));
  const Fold lanes = fold.value_or(Fold{});
  piece.weight = constants_.AddWeights(
      {piece.layer.shape.out_channels, piece.layer.shape.in_channels, rows.kernel, columns.kernel},
      [&](std::int64_t o, std::int64_t lane, std::int64_t y, std::int64_t x) {
        const std::int64_t tap = lane / weights.in;
        if (tap >= lanes.rows.lines * lanes.columns.lines) return std::int8_t{0};
        return weights.At(o, lane % weights.in, y * lanes.rows.lines + tap / lanes.columns.lines,
                          x * lanes.columns.lines + tap % lanes.columns.lines);
      });
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::LowerDense(const Node& node, const Dense& dense) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Sums sums, SumsOf(node, dense.clamp));
  const ValueId x = node.inputs[0];
  if (!storages_.of_value[Index(x)]) FOOTHOLD_RETURN_IF_ERROR(InputStorage(node, 0).status());
  const StorageId input = *storages_.of_value[Index(x)];
  const Storage& in = storage(input);
  const Shape& out_shape = graph_.at(node.output).shape;
  const std::int64_t features = graph_.at(x).shape.back();
  const std::int64_t plane = in.view.height * in.view.width;
  const std::int64_t rows = Elements(out_shape) / std::max<std::int64_t>(out_shape.back(), 1);
  const std::optional<View> out_view = ViewOf(out_shape);
  if (in.fold || in.view.batch != rows || in.view.channels * plane != features || !out_view ||
      !(*out_view == View{rows, out_shape.back(), 1, 1}))
    return Status::InvalidArgument("its rows do not lie in memory one behind the other");
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId output, AddOutput(node));
  // Positions are further blocks of channels: that is how they lie in memory.
  Piece piece;
  piece.layer.shape.batch = in.batch_blocks(geometry_);
  piece.layer.shape.in_channels = in.channel_blocks(geometry_) * plane;
  piece.layer.shape.out_channels = storage(output).channel_blocks(geometry_);
  piece.input = {input};
  piece.output = {output};
  piece.layer.epilogue = sums.epilogue;
  piece.bias = constants_.AddBiases(sums.biases);
  const std::vector<std::int8_t>& all = graph_.at(node.inputs[1]).constant->values<std::int8_t>();
  const std::int64_t outputs = out_shape.back();
  const std::int64_t block = geometry_.block();
  piece.weight = constants_.AddWeights(
      {piece.layer.shape.out_channels, piece.layer.shape.in_channels},
      [&](std::int64_t o, std::int64_t lane, auto, auto) {
        const std::int64_t position = lane / block % plane;
        const std::int64_t channel = lane / block / plane * block + lane % block;
        if (o >= outputs || channel >= in.view.channels) return std::int8_t{0};
        const std::int64_t i = channel * plane + position;
        return all[Index(dense.weight_is_in_out ? i * outputs + o : o * features + i)];
      });
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::LowerGroups(const Node& node, const Conv& conv,
                                                 const Sums& sums) {
  const Weights weights = WeightsOf(graph_.at(node.inputs[1]));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId input, InputStorage(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId output, AddOutput(node));
  Piece whole = PlanePiece(input, output);
  SetWindow(conv.window, whole.layer.shape);
  whole.layer.epilogue = sums.epilogue;
  whole.bias = constants_.AddBiases(sums.biases);
  const bool is_depthwise = conv.group == weights.out && weights.in == 1;
  if (is_depthwise && IsUniform(weights, sums.biases)) {
    FOOTHOLD_RETURN_IF_ERROR(SetResidual(node, sums, whole));
    whole.weight =
        constants_.AddWeights({1, 1, weights.kernel_h, weights.kernel_w},
                              [&](std::int64_t o, std::int64_t i, std::int64_t y, std::int64_t x) {
                                return o == i ? weights.At(0, 0, y, x) : std::int8_t{0};
                              });
    return std::vector<Piece>{whole};
  }
  const std::vector<BlockGroup> groups = GroupBlocks(weights, conv.group, geometry_.block());
  if (AreAlike(groups, storage(input).channel_blocks(geometry_))) {
    return OnePieceOfGroups(node, conv, sums, groups, whole);
  }
  return PieceForEachGroup(node, conv, sums, groups, whole);
}

WeightAt Lowering::GroupWeights(const Node& node, const Conv& conv, const BlockGroup& group) const {
  const Weights weights = WeightsOf(graph_.at(node.inputs[1]));
  const std::int64_t block = geometry_.block();
  const std::int64_t outputs_per_group = weights.out / conv.group;
  return [=](std::int64_t o, std::int64_t i, std::int64_t y, std::int64_t x) {
    const std::int64_t channel = group.begin * block + o;
    if (channel >= weights.out) return std::int8_t{0};
    const std::int64_t first = channel / outputs_per_group * weights.in;
    return weights.At(channel, group.first * block + i - first, y, x);
  };
}

Result<std::vector<Piece>> Lowering::OnePieceOfGroups(const Node& node, const Conv& conv,
                                                      const Sums& sums,
                                                      const std::vector<BlockGroup>& groups,
                                                      Piece piece) {
  const Storage& in = storage(piece.input.storage);
  vta::BlockedShape& shape = piece.layer.shape;
  shape.batch = in.batch_blocks(geometry_);
  shape.in_channels = in.channel_blocks(geometry_);
  shape.out_channels = storage(piece.output.storage).channel_blocks(geometry_);
  shape.groups = static_cast<std::int64_t>(groups.size());
  FOOTHOLD_RETURN_IF_ERROR(SetResidual(node, sums, piece));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint64_t weight =
        constants_.AddWeights({shape.group_out(), shape.group_in(), shape.kernel_h, shape.kernel_w},
                              GroupWeights(node, conv, groups[i]));
    if (i == 0) piece.weight = weight;
  }
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::PieceForEachGroup(const Node& node, const Conv& conv,
                                                       const Sums& sums,
                                                       const std::vector<BlockGroup>& groups,
                                                       const Piece& whole) {
  const Storage& in = storage(whole.input.storage);
  const Storage& out = storage(whole.output.storage);
  std::vector<Piece> pieces;
  for (const BlockGroup& group : groups) {
    Piece piece = whole;
    vta::BlockedShape& shape = piece.layer.shape;
    shape.batch = 1;
    shape.in_channels = group.last - group.first;
    shape.out_channels = group.end - group.begin;
    piece.bias += static_cast<std::uint64_t>(group.begin * geometry_.acc_elem_bytes());
    piece.weight = constants_.AddWeights(
        {shape.out_channels, shape.in_channels, shape.kernel_h, shape.kernel_w},
        GroupWeights(node, conv, group));
    for (std::int64_t n = 0; n < in.batch_blocks(geometry_); ++n) {
      piece.input.element =
          (n * in.channel_blocks(geometry_) + group.first) * in.view.height * in.view.width;
      piece.output.element =
          (n * out.channel_blocks(geometry_) + group.begin) * out.view.height * out.view.width;
      FOOTHOLD_RETURN_IF_ERROR(SetResidual(node, sums, piece));
      pieces.push_back(piece);
    }
  }
  return pieces;
}

}  // namespace foothold::network

#include "network/compile/lower.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "network/compile/exponents.h"

namespace foothold::network {
namespace {

bool RoundsHalfUp(const Value& value) {
  return value.quantisation && value.quantisation->rounding == Rounding::kHalfUp;
}

/// The half that makes a shift round, and whether there is one.
std::int32_t Half(std::int64_t shift) { return shift > 0 ? std::int32_t{1} << (shift - 1) : 0; }

}  // namespace

Lowering::Lowering(const Graph& graph, const vta::Geometry& geometry)
    : graph_(graph), geometry_(geometry), sole_users_(SoleUsers(graph)), constants_(geometry) {
  storages_.of_value.resize(graph.values.size());
}

Result<std::vector<Piece>> Lowering::Lower(const Node& node) {
  const Value& output = graph_.at(node.output);
  if (!ExponentOf(output) || !RoundsHalfUp(output))
    return Status::InvalidArgument("computes real numbers");
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Value* input = graph_.Input(node, i);
    if (input != nullptr && !input->constant && !ExponentOf(*input))
      return Status::InvalidArgument(
          fmt::format("'{}' has no scale that is a power of two", input->name));
  }
  if (const auto* conv = std::get_if<Conv>(&node.operation)) return LowerConv(node, *conv);
  if (const auto* dense = std::get_if<Dense>(&node.operation)) return LowerDense(node, *dense);
  if (const auto* pool = std::get_if<MaxPool>(&node.operation)) return LowerMaxPool(node, *pool);
  if (const auto* add = std::get_if<Binary>(&node.operation)) return LowerAdd(node, *add);
  if (const auto* clip = std::get_if<Clip>(&node.operation)) return LowerClip(node, *clip);
  if (std::holds_alternative<Reshape>(node.operation)) return LowerReshape(node);
  if (const auto* concat = std::get_if<Concat>(&node.operation)) return LowerConcat(node, *concat);
  return Status::InvalidArgument(fmt::format("the VTA has no {}", OperationName(node.operation)));
}

Result<StorageId> Lowering::InputStorage(const Node& node, std::size_t input) {
  const ValueId id = node.inputs[input];
  const Value& value = graph_.at(id);
  const std::optional<View> view = ViewOf(value.shape);
  if (!view || value.constant) {
    return Status::InvalidArgument(
        fmt::format("'{}' is a constant, or has more than four axes", value.name));
  }
  std::optional<StorageId>& found = storages_.of_value[Index(id)];
  if (!found) {
    found = storages_.all.size();
    storages_.all.push_back({id, *view, {}, true});
  }
  if (!(storage(*found).view == *view) || storage(*found).fold) {
    return Status::InvalidArgument(fmt::format("'{}' lies in memory in another shape", value.name));
  }
  return *found;
}

Result<StorageId> Lowering::AddOutput(const Node& node) {
  const std::optional<View> view = ViewOf(graph_.at(node.output).shape);
  if (!view) return Status::InvalidArgument("its output has more than four axes");
  storages_.of_value[Index(node.output)] = storages_.all.size();
  storages_.all.push_back({node.output, *view});
  return storages_.all.size() - 1;
}

Piece Lowering::PlanePiece(StorageId input, StorageId output) const {
  const Storage& in = storage(input);
  const Storage& out = storage(output);
  Piece piece;
  piece.input = {input};
  piece.output = {output};
  vta::BlockedShape& shape = piece.layer.shape;
  shape.batch = in.batch_blocks(geometry_) * in.channel_blocks(geometry_);
  shape.height = in.view.height;
  shape.width = in.view.width;
  shape.out_height = out.view.height;
  shape.out_width = out.view.width;
  return piece;
}

Result<std::vector<Piece>> Lowering::LowerMaxPool(const Node& node, const MaxPool& pool) {
  if (ExponentOf(graph_.at(node.inputs[0])) != ExponentOf(graph_.at(node.output)))
    return Status::InvalidArgument("its input and output have different scales");
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId input, InputStorage(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId output, AddOutput(node));
  Piece piece = PlanePiece(input, output);
  piece.is_max_pool = true;
  SetWindow(pool.window, piece.layer.shape);
  piece.weight = constants_.Identity(0);
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::LowerAdd(const Node& node, const Binary& binary) {
  if (binary.kind != Binary::Kind::kAdd)
    return Status::InvalidArgument(fmt::format("the VTA has no {}", OperationName(node.operation)));
  const Value& output = graph_.at(node.output);
  if (graph_.at(node.inputs[0]).shape != output.shape ||
      graph_.at(node.inputs[1]).shape != output.shape)
    return Status::InvalidArgument("it repeats one of its inputs");
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId first, InputStorage(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId second, InputStorage(node, 1));
  const int a = *ExponentOf(graph_.at(node.inputs[0]));
  const int b = *ExponentOf(graph_.at(node.inputs[1]));
  const int unit = std::min({a, b, *ExponentOf(output)});
  // The coarser one is the residual, which can be shifted further.
  const int factor = std::min(a, b) - unit;
  const int residual_factor = std::max(a, b) - unit;
  const int shift = *ExponentOf(output) - unit;
  if (factor > Constants::kMostIdentity || residual_factor > kMostShift - 8 || shift > kMostShift)
    return Status::InvalidArgument("its scales are too far apart");
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId out, AddOutput(node));
  Piece piece = PlanePiece(a <= b ? first : second, out);
  piece.weight = constants_.Identity(factor);
  const int in_identity = std::min(residual_factor, Constants::kMostIdentity);
  piece.residual = Operand{a <= b ? second : first};
  piece.identity = constants_.Identity(in_identity);
  piece.layer.residual = vta::Residual{0, 0, residual_factor - in_identity};
  piece.layer.epilogue = ShiftAndClamp(shift, binary.clamp, output);
  if (shift > 0) {
    piece.layer.epilogue.bias = vta::Epilogue::Bias::kBeforeShift;
    piece.bias = constants_.AddBiases(std::vector<std::int32_t>{Half(shift)});
  }
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::LowerClip(const Node& node, const Clip& clip) {
  const Value& output = graph_.at(node.output);
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId input, InputStorage(node, 0));
  const int x = *ExponentOf(graph_.at(node.inputs[0]));
  const int unit = std::min(x, *ExponentOf(output));
  const int shift = *ExponentOf(output) - unit;
  if (x - unit > Constants::kMostIdentity || shift > kMostShift)
    return Status::InvalidArgument("its scales are too far apart");
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId out, AddOutput(node));
  Piece piece = PlanePiece(input, out);
  piece.weight = constants_.Identity(x - unit);
  piece.layer.epilogue = ShiftAndClamp(shift, clip.clamp, output);
  if (shift > 0) {
    piece.layer.epilogue.bias = vta::Epilogue::Bias::kBeforeShift;
    piece.bias = constants_.AddBiases(std::vector<std::int32_t>{Half(shift)});
  }
  return std::vector<Piece>{piece};
}

Result<std::vector<Piece>> Lowering::LowerReshape(const Node& node) {
  const std::optional<StorageId>& input = storages_.of_value[Index(node.inputs[0])];
  const std::optional<View> view = ViewOf(graph_.at(node.output).shape);
  if (!input || storage(*input).is_from_host)
    return Status::InvalidArgument("its input is on the host");
  if (ExponentOf(graph_.at(node.inputs[0])) != ExponentOf(graph_.at(node.output)))
    return Status::InvalidArgument("its input and output have different scales");
  if (!view || view->batch != storage(*input).view.batch)
    return Status::InvalidArgument("it moves elements from one sample to another");
  storages_.of_value[Index(node.output)] = input;
  return std::vector<Piece>{};
}

Result<std::vector<Piece>> Lowering::LowerConcat(const Node& node, const Concat& concat) {
  const Value& output = graph_.at(node.output);
  if (concat.axis != 1 || output.shape.size() < 2 || output.shape.size() == 3)
    return Status::InvalidArgument("it concatenates other axes than the channels");
  std::vector<StorageId> inputs;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Value& value = graph_.at(node.inputs[i]);
    if (ExponentOf(value) != ExponentOf(output))
      return Status::InvalidArgument("its inputs have different scales");
    if (i + 1 < node.inputs.size() && value.shape[1] % geometry_.block() != 0) {
      return Status::InvalidArgument(fmt::format("'{}' has {} channels, no multiple of {}",
                                                 value.name, value.shape[1], geometry_.block()));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const StorageId input, InputStorage(node, i));
    inputs.push_back(input);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const StorageId out, AddOutput(node));
  const Storage& to = storage(out);
  const std::int64_t plane = to.height() * to.width();
  std::vector<Piece> pieces;
  std::int64_t first_block = 0;
  for (const StorageId input : inputs) {
    const std::int64_t blocks = storage(input).channel_blocks(geometry_);
    for (std::int64_t n = 0; n < to.batch_blocks(geometry_); ++n) {
      Piece piece = PlanePiece(input, out);
      piece.layer.shape.batch = blocks;
      piece.input.element = n * blocks * plane;
      piece.output.element = (n * to.channel_blocks(geometry_) + first_block) * plane;
      piece.weight = constants_.Identity(0);
      pieces.push_back(piece);
    }
    first_block += blocks;
  }
  return pieces;
}

}  // namespace foothold::network

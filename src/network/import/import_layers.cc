// Convolutions, dense layers, normalisation and pools.
#include <fmt/core.h>

#include <algorithm>

#include "network/import/node_importer.h"
#include "network/import/window.h"

namespace foothold::network {
namespace {

Status ImportConv(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0, 4));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId w, node.FloatInput(1, 4));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId bias, node.OptionalInput(2));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t group, node.Int("group", 1));
  const Shape in = node.at(x).shape;
  const Shape weight = node.at(w).shape;
  if (group < 1 || in[1] % group != 0 || weight[0] % group != 0) {
    return node.AttributeError(
        "group", fmt::format("is {}, must divide the {} input and {} output channels", group, in[1],
                             weight[0]));
  }
  if (weight[1] != in[1] / group) {
    return node.InputError(1, fmt::format("has the shape {}, must have {} input channels ({} of "
                                          "the input, group {})",
                                          ToString(weight), in[1] / group, in[1], group));
  }
  if (bias != kNone && node.at(bias).shape != Shape{weight[0]}) {
    return node.InputError(2, fmt::format("has the shape {}, must be {}, one for each output "
                                          "channel",
                                          ToString(node.at(bias).shape), weight[0]));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(
      const SlidingWindow sliding,
      ReadWindow(node, in[2], in[3], {weight[2], weight[3]}, /*is_pool=*/false));
  return node.Emit(Conv{.window = sliding.window, .group = group}, {x, w, bias}, DataType::kFloat,
                   {in[0], weight[0], sliding.out_height, sliding.out_width});
}

/// Whether C of a Gemm is one number for each column.
bool IsPerColumn(const Shape& shape, std::int64_t columns) {
  return !shape.empty() && shape.back() == columns && Elements(shape) == columns;
}

Status ImportGemm(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, node.FloatInput(0, 2));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, node.FloatInput(1, 2));
  FOOTHOLD_ASSIGN_OR_RETURN(ValueId c, node.OptionalInput(2));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("transA", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t is_out_in, node.Int("transB", 0));
  Dense dense{.weight_is_in_out = is_out_in == 0};
  FOOTHOLD_ASSIGN_OR_RETURN(dense.alpha, node.Float("alpha", 1));
  FOOTHOLD_ASSIGN_OR_RETURN(dense.beta, node.Float("beta", 1));
  const Shape in = node.at(a).shape;
  const Shape weight = node.at(b).shape;
  const std::int64_t inputs = weight[dense.weight_is_in_out ? 0 : 1];
  const Shape out = {in[0], weight[dense.weight_is_in_out ? 1 : 0]};
  if (inputs != in[1]) {
    return node.InputError(1, fmt::format("has the shape {}, must take the {} features of the "
                                          "input",
                                          ToString(weight), in[1]));
  }
  if (dense.beta == 0) {  // older exporters: what is added does not matter then
    c = kNone;
    dense.beta = 1;
  }
  if (c == kNone) return node.Emit(dense, {a, b, kNone}, DataType::kFloat, out);
  const Shape added = node.at(c).shape;
  if (IsPerColumn(added, out[1])) {
    if (added.size() > 1) {
      FOOTHOLD_ASSIGN_OR_RETURN(c, node.Make(":bias", Reshape{}, {c}, DataType::kFloat, {out[1]}));
    }
    return node.Emit(dense, {a, b, c}, DataType::kFloat, out);
  }
  // One number, one a row, or a whole matrix: an addition of its own.
  const bool repeats = added.size() <= 2 &&
                       std::equal(added.rbegin(), added.rend(), out.rbegin(),
                                  [](std::int64_t x, std::int64_t y) { return x == 1 || x == y; });
  if (!repeats || dense.beta != 1) {
    return node.InputError(2, fmt::format("has the shape {}, must be {}, one for each column",
                                          ToString(added), out[1]));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId product,
                            node.Make(":product", dense, {a, b, kNone}, DataType::kFloat, out));
  return node.Emit(Binary{}, {product, c}, DataType::kFloat, out);
}

Status ImportMatMul(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, node.FloatInput(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, node.FloatInput(1, 2));
  Shape out = node.at(a).shape;
  const Shape weight = node.at(b).shape;
  if (out.empty() || weight[0] != out.back()) {
    return node.InputError(1, fmt::format("has the shape {}, must take the last dimension of {}",
                                          ToString(weight), ToString(out)));
  }
  out.back() = weight[1];
  return node.Emit(Dense{.weight_is_in_out = true}, {a, b, kNone}, DataType::kFloat, out);
}

Status ImportBatchNorm(NodeImporter& node) {
  BatchNorm norm;
  std::vector<ValueId> inputs;
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0));
  inputs.push_back(x);
  const Shape shape = node.at(x).shape;
  if (shape.size() < 2) {
    return node.InputError(0, fmt::format("has the shape {}, must have channels as its second "
                                          "dimension",
                                          ToString(shape)));
  }
  for (std::size_t i = 1; i < 5; ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(const ValueId one, node.FloatInput(i));
    if (node.at(one).shape != Shape{shape[1]}) {
      return node.InputError(i, fmt::format("has the shape {}, must be {}, one for each channel",
                                            ToString(node.at(one).shape), shape[1]));
    }
    inputs.push_back(one);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(norm.epsilon, node.Float("epsilon", norm.epsilon));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("training_mode", 0));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("spatial", 1));
  node.Ignore("momentum");
  return node.Emit(norm, inputs, DataType::kFloat, shape);
}

Result<ValueId> PoolInput(NodeImporter& node, bool takes_integers) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  if (!takes_integers || !IsQuantised(node.at(x).type)) return node.FloatInput(0, 4);
  if (node.at(x).shape.size() == 4) return x;
  return node.InputError(
      0, fmt::format("has the shape {}, must have 4 dimensions", ToString(node.at(x).shape)));
}

Status ImportMaxPool(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, PoolInput(node, /*takes_integers=*/true));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const SlidingWindow sliding,
                            ReadWindow(node, in[2], in[3], {}, /*is_pool=*/true));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("storage_order", 0));
  return node.Emit(MaxPool{sliding.window}, {x}, node.at(x).type,
                   {in[0], in[1], sliding.out_height, sliding.out_width});
}

Status ImportAveragePool(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0, 4));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const SlidingWindow sliding,
                            ReadWindow(node, in[2], in[3], {}, /*is_pool=*/true));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t counts, node.Int("count_include_pad", 0));
  return node.Emit(AveragePool{sliding.window, counts != 0}, {x}, DataType::kFloat,
                   {in[0], in[1], sliding.out_height, sliding.out_width});
}

Status ImportGlobalAveragePool(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0, 4));
  const Shape in = node.at(x).shape;
  return node.Emit(Mean{{2, 3}}, {x}, DataType::kFloat, {in[0], in[1], 1, 1});
}

Status ImportGlobalMaxPool(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, PoolInput(node, /*takes_integers=*/true));
  const Shape in = node.at(x).shape;
  return node.Emit(MaxPool{Window{.kernel_h = in[2], .kernel_w = in[3]}}, {x}, node.at(x).type,
                   {in[0], in[1], 1, 1});
}

}  // namespace

void AddLayers(ImportTable& table) {
  table["Conv"] = ImportConv;
  table["Gemm"] = ImportGemm;
  table["MatMul"] = ImportMatMul;
  table["BatchNormalization"] = ImportBatchNorm;
  table["MaxPool"] = ImportMaxPool;
  table["AveragePool"] = ImportAveragePool;
  table["GlobalAveragePool"] = ImportGlobalAveragePool;
  table["GlobalMaxPool"] = ImportGlobalMaxPool;
}

}  // namespace foothold::network

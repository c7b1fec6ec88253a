#include "core/workload/operators/operator_kind.h"
#include "core/workload/operators/sums.h"

namespace foothold::workload {
namespace {

Status CheckDense(const Operator& op) {
  const auto& dense = std::get<Dense>(op);
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("input", "batch x in_features", {dense.batch, dense.in_features}));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("weight", "out_features x in_features", {dense.out_features, dense.in_features}));
  return CheckTensor("output", "batch x out_features", {dense.batch, dense.out_features});
}

TensorSizes SizesOfDense(const Operator& op) {
  const auto& dense = std::get<Dense>(op);
  TensorSizes sizes;
  sizes.input = dense.batch * dense.in_features;
  sizes.weight = dense.out_features * dense.in_features;
  sizes.batch = dense.batch;
  sizes.channels = dense.out_features;
  sizes.positions = 1;
  sizes.products = dense.in_features;
  return sizes;
}

/// Row by row of the transposed weights, because compilers do not reorder a sum of floats.
template <typename Sum, typename AnyTensors>
std::vector<Sum> SumsOfDense(const Operator& op, const AnyTensors& tensors) {
  const auto& dense = std::get<Dense>(op);
  auto transposed = tensors.weight;
  for (std::int64_t o = 0; o < dense.out_features; ++o) {
    for (std::int64_t i = 0; i < dense.in_features; ++i) {
      transposed[static_cast<std::size_t>(i * dense.out_features + o)] =
          tensors.weight[static_cast<std::size_t>(o * dense.in_features + i)];
    }
  }
  std::vector<Sum> sums(static_cast<std::size_t>(dense.batch * dense.out_features));
  for (std::int64_t n = 0; n < dense.batch; ++n) {
    for (std::int64_t i = 0; i < dense.in_features; ++i) {
      AddScaledRow(
          dense.out_features, tensors.input[static_cast<std::size_t>(n * dense.in_features + i)],
          transposed.data() + i * dense.out_features, 1, sums.data() + n * dense.out_features);
    }
  }
  return sums;
}

}  // namespace

const OperatorKind& DenseKind() {
  static const OperatorKind kKind = {
      .name = "dense",
      .usual = Dense(),
      .shape = {{"the input shape, BATCHxFEATURES",
                 {Optional<&Dense::batch>("batch"), Required<&Dense::in_features>("in_features")}},
                {"the number of output features",
                 {Required<&Dense::out_features>("out_features")}}},
      .check = CheckDense,
      .sizes = SizesOfDense,
      .int8_sums = SumsOfDense<Accumulator, Tensors>,
      .float32_sums = SumsOfDense<float, FloatTensors>};
  return kKind;
}

}  // namespace foothold::workload

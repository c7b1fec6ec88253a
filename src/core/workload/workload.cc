#include "foothold/workload.h"

#include <fmt/core.h>

#include "base/text.h"
#include "core/workload/operators/operator_kind.h"

namespace foothold {
namespace {

Status ValidateShape(const workload::OperatorKind& kind, const Operator& op) {
  for (const workload::ShapeGroup& group : kind.shape) {
    for (const workload::ShapeField& field : group.fields) {
      FOOTHOLD_RETURN_IF_ERROR(
          workload::CheckRange(field.name, field.at.get(op), field.min, workload::kMaxDimension));
    }
  }
  if (kind.check != nullptr) FOOTHOLD_RETURN_IF_ERROR(kind.check(op));
  if (!kind.text) return {};
  const std::string problem = workload::ProblemOfName(kind.text->get(op));
  if (problem.empty()) return {};
  return Status::InvalidArgument(fmt::format("{}: {}", kind.name, problem));
}

Status ValidateRequantize(const Requantize& requantize) {
  FOOTHOLD_RETURN_IF_ERROR(workload::CheckRange("shift", requantize.shift, 0, 31));
  FOOTHOLD_RETURN_IF_ERROR(workload::CheckRange("clip_max", requantize.clip_max, -128, 127));
  return workload::CheckRange("clip_min", requantize.clip_min, -128, requantize.clip_max);
}

/// A float32 workload has sums and nothing behind them.
Status ValidateNoRequantize(const Requantize& requantize) {
  const Requantize none;
  const auto complaint = [](std::string_view field) {
    return Status::InvalidArgument(
        fmt::format("{}: is for int8 workloads; a float32 one has none", field));
  };
  if (requantize.bias) return complaint("bias");
  for (const workload::RequantizeField& field : workload::kRequantizeFields) {
    if (requantize.*field.member != none.*field.member) return complaint(field.name);
  }
  return {};
}

/// All 0 where there are no tensors.
workload::TensorSizes SizesOf(const Operator& op) {
  const workload::OperatorKind& kind = workload::KindOf(op);
  return kind.has_tensors() ? kind.sizes(op) : workload::TensorSizes();
}

/// "1x256x14x14"; an option whose sizes are equal has one: "1".
std::string SizesText(const workload::ShapeGroup& group, const Operator& op) {
  std::vector<std::int64_t> sizes;
  for (const workload::ShapeField& field : group.fields) sizes.push_back(field.at.get(op));
  if (group.is_option() && sizes.front() == sizes.back()) sizes.resize(1);
  return base::Joined(sizes, "x");
}

/// "conv2d 1x256x14x14 -> 256, 3x3, pad 1, stride 1", or "conv2d:1x256x14x14,256,3x3,pad=1".
std::string OperatorText(const Operator& op, bool is_inline) {
  const workload::OperatorKind& kind = workload::KindOf(op);
  std::string text = kind.name + (is_inline ? ":" : " ");
  if (kind.text) text += kind.text->get(op);
  for (std::size_t i = 0; i < kind.shape.size(); ++i) {
    const workload::ShapeGroup& group = kind.shape[i];
    const std::string sizes = SizesText(group, op);
    if (workload::IsLeftOut(group, kind, op)) continue;
    if (is_inline && group.is_option() && sizes == SizesText(group, kind.usual)) continue;
    if (i > 0) text += is_inline ? "," : i == 1 ? " -> " : ", ";
    if (group.is_option()) text += group.what + (is_inline ? "=" : " ");
    text += sizes;
  }
  return text;
}

}  // namespace

std::string_view ToString(ElementType type) {
  return type == ElementType::kInt8 ? "int8" : "float32";
}

bool ComputeTheSame(const Workload& a, const Workload& b) {
  return a.op == b.op && a.requantize == b.requantize && a.type == b.type;
}

std::string_view OperatorName(const Operator& op) { return workload::KindOf(op).name; }

Status Validate(const Workload& workload) {
  const workload::OperatorKind& kind = workload::KindOf(workload.op);
  FOOTHOLD_RETURN_IF_ERROR(ValidateShape(kind, workload.op));
  if (!kind.has_tensors()) {
    if (workload.requantize == Requantize() && workload.type == ElementType::kInt8) return {};
    return Status::InvalidArgument(
        fmt::format("{}: has no requantisation and no type of its own", kind.name));
  }
  return workload.type == ElementType::kInt8 ? ValidateRequantize(workload.requantize)
                                             : ValidateNoRequantize(workload.requantize);
}

}  // namespace foothold

namespace foothold::workload {

std::map<std::string, double> ShapeNumbers(const Operator& op) {
  std::map<std::string, double> numbers;
  for (const ShapeGroup& group : KindOf(op).shape) {
    for (const ShapeField& field : group.fields) {
      numbers[field.name] = static_cast<double>(field.at.get(op));
    }
  }
  return numbers;
}

}  // namespace foothold::workload

namespace foothold {

std::int64_t InputSize(const Workload& workload) { return SizesOf(workload.op).input; }

std::int64_t WeightSize(const Workload& workload) { return SizesOf(workload.op).weight; }

std::int64_t BiasSize(const Workload& workload) {
  return workload.requantize.bias ? SizesOf(workload.op).channels : 0;
}

std::int64_t OutputSize(const Workload& workload) { return SizesOf(workload.op).output(); }

std::int64_t MacCount(const Workload& workload) {
  const workload::TensorSizes sizes = SizesOf(workload.op);
  return sizes.output() * sizes.products;
}

std::int64_t OperationCount(const Workload& workload) { return 2 * MacCount(workload); }

std::string ToString(const Workload& workload) {
  std::string text = OperatorText(workload.op, false);
  const Requantize usual;
  const Requantize& requantize = workload.requantize;
  if (workload.type != ElementType::kInt8) text += fmt::format(", {}", ToString(workload.type));
  if (requantize.bias) text += ", bias";
  if (requantize.shift != usual.shift) text += fmt::format(", shift {}", requantize.shift);
  if (requantize.clip_min != usual.clip_min || requantize.clip_max != usual.clip_max) {
    text += fmt::format(", clip {}..{}", requantize.clip_min, requantize.clip_max);
  }
  return text;
}

std::string ToInline(const Workload& workload) {
  std::string text = OperatorText(workload.op, true);
  const Requantize usual;
  const Requantize& requantize = workload.requantize;
  if (workload.type != ElementType::kInt8) text += fmt::format(",{}", ToString(workload.type));
  if (requantize.bias) text += ",bias";
  for (const workload::RequantizeField& field : workload::kRequantizeFields) {
    const std::int64_t value = requantize.*field.member;
    if (value != usual.*field.member) text += fmt::format(",{}={}", field.name, value);
  }
  return text;
}

}  // namespace foothold

#include "core/workload/operators/operator_kind.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace foothold::workload {
namespace {

constexpr std::int64_t kMaxTensorSize = (std::int64_t{1} << 31) - 1;
constexpr std::size_t kMaxNameBytes = 200;

}  // namespace

std::span<const OperatorKind* const> OperatorKinds() {
  static const std::array<const OperatorKind*, std::variant_size_v<Operator>> kKinds = {
      &Conv2dKind(), &DenseKind(), &Conv2dTransposeKind(), &KernelKind()};
  return kKinds;
}

bool IsLeftOut(const ShapeGroup& group, const OperatorKind& kind, const Operator& op) {
  return group.presence == Presence::kRareOption &&
         std::all_of(group.fields.begin(), group.fields.end(), [&](const ShapeField& field) {
           return field.at.get(op) == field.at.get(kind.usual);
         });
}

const OperatorKind& KindOf(const Operator& op) { return *OperatorKinds()[op.index()]; }

const OperatorKind* FindOperatorKind(std::string_view name) {
  for (const OperatorKind* kind : OperatorKinds()) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

std::string OperatorNames(std::string_view suffix) {
  std::vector<std::string> names;
  for (const OperatorKind* kind : OperatorKinds()) {
    names.push_back(fmt::format("\"{}{}\"", kind->name, suffix));
  }
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} or {}", base::Joined(names, ", "), last);
}

Status CheckRange(std::string_view field, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value >= min && value <= max) return {};
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be from {} to {}", field, value, min, max));
}

Status CheckTensor(std::string_view tensor, std::string_view formula,
                   std::initializer_list<std::int64_t> sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    product *= size;  // at most 2^31 x 2^22: no overflow
    if (product > kMaxTensorSize) {
      return Status::InvalidArgument(fmt::format("{}: {} = {} scalars, must be at most {}", tensor,
                                                 formula, base::Joined(sizes, " x "),
                                                 kMaxTensorSize));
    }
  }
  return {};
}

std::string ProblemOfName(std::string_view name) {
  if (name.empty()) return "is empty, must be a name";
  if (name.size() > kMaxNameBytes) {
    return fmt::format("has {} bytes, must have at most {}", name.size(), kMaxNameBytes);
  }
  const bool is_one_line = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
  return is_one_line ? "" : "holds a control character, must be one line of text";
}

}  // namespace foothold::workload

#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "foothold/workload.h"

// The table of operators. What differs between operators stands in one file each, beside this one:
// its names and ranges, its sizes and its reference implementation. Everything else that the module
// does with a workload (its textual forms, validation, counts, data, comparison) is said once, for
// any of them.
//
// A new operator is a struct in foothold/workload.h, which joins the variant `Operator`, a file
// here and its line in the table. A target that takes only some operators asks for their structs.
namespace foothold::workload {

/// int32 that wraps: signed overflow would be undefined.
using Accumulator = std::uint32_t;

/// A part of an operator, wherever its struct keeps it. REQUIRES: an operator of that struct.
template <typename Value>
struct Access {
  const Value& (*get)(const Operator& op);
  Value& (*ref)(Operator& op);
};

template <typename Op, typename Value>
std::pair<Op, Value> TypesOf(Value Op::*);  // for its type alone

/// To a member of an operator's struct: AccessTo<&Conv2d::height>().
template <auto kMember>
constexpr auto AccessTo() {
  using Op = typename decltype(TypesOf(kMember))::first_type;
  using Value = typename decltype(TypesOf(kMember))::second_type;
  return Access<Value>{[](const Operator& op) -> const Value& { return std::get<Op>(op).*kMember; },
                       [](Operator& op) -> Value& { return std::get<Op>(op).*kMember; }};
}

/// One size of an operator.
struct ShapeField {
  std::string name;  ///< "in_channels": in the file form and in complaints
  Access<std::int64_t> at;
  std::int64_t min = 1;   ///< the largest is the same for all
  bool required = false;  ///< in the file form; otherwise it has the default of its struct
};

template <auto kMember>
ShapeField Required(std::string name) {
  return {std::move(name), AccessTo<kMember>(), 1, true};
}
template <auto kMember>
ShapeField Optional(std::string name, std::int64_t min = 1) {
  return {std::move(name), AccessTo<kMember>(), min, false};
}

/// Where a group of sizes stands in the textual forms.
enum class Presence {
  kAlways,  ///< in all of them, by its position in the inline form
  /// By its name in the inline form, which leaves it out where all its sizes have their defaults.
  kOption,
  kRareOption,  ///< an option that every form leaves out then
};

/// Sizes that stand together in the inline form: "1x256x14x14", or the option "pad=1x2".
struct ShapeGroup {
  std::string what;  ///< for complaints: "the kernel, HEIGHTxWIDTH"; "pad" if it is an option
  /// Of an option: one size, or one for rows and one for columns.
  std::vector<ShapeField> fields;
  Presence presence = Presence::kAlways;  ///< options come last

  bool is_option() const { return presence != Presence::kAlways; }
};

/// How much there is to compute. All in scalars, at most 2^31.
struct TensorSizes {
  std::int64_t input = 0;
  std::int64_t weight = 0;
  std::int64_t batch = 0;
  std::int64_t channels = 0;   ///< of the output; each has a bias of its own
  std::int64_t positions = 0;  ///< outputs of one channel
  std::int64_t products = 0;   ///< whose sum is one output, those with padding included

  std::int64_t output() const { return batch * channels * positions; }
};

/// A number of Requantize, by its name in the textual forms.
struct RequantizeField {
  const char* name;
  std::int64_t Requantize::*member;
};
inline constexpr RequantizeField kRequantizeFields[] = {{"shift", &Requantize::shift},
                                                        {"clip_max", &Requantize::clip_max},
                                                        {"clip_min", &Requantize::clip_min}};

/// All that is known of one operator. What it is known by is either its shape or its text.
struct OperatorKind {
  std::string name;               ///< "conv2d"
  Operator usual;                 ///< with every part at its default
  std::vector<ShapeGroup> shape;  ///< in the order of all textual forms
  /// In the place of a shape; the file form's field has the operator's name.
  std::optional<Access<std::string>> text = {};

  // Of operators with a shape; null for the others. REQUIRES: an operator of this kind; `sizes` and
  // what follows: one that is valid.

  /// Complaints about sizes that are in range each, and do not go together.
  Status (*check)(const Operator& op) = nullptr;
  TensorSizes (*sizes)(const Operator& op) = nullptr;
  /// The sums of products, in the layout of the output: loops as in the definition.
  std::vector<Accumulator> (*int8_sums)(const Operator& op, const Tensors& tensors) = nullptr;
  std::vector<float> (*float32_sums)(const Operator& op, const FloatTensors& tensors) = nullptr;

  /// Whether there is something to compute, of a type and with a requantisation.
  bool has_tensors() const { return sizes != nullptr; }
};

// One function in each operator's file.
const OperatorKind& Conv2dKind();
const OperatorKind& DenseKind();
const OperatorKind& Conv2dTransposeKind();
const OperatorKind& KernelKind();

/// Whether every form leaves this group out: a rare option with its default sizes.
bool IsLeftOut(const ShapeGroup& group, const OperatorKind& kind, const Operator& op);

/// That of the operator at hand.
const OperatorKind& KindOf(const Operator& op);
/// All of them, in the order of the variant.
std::span<const OperatorKind* const> OperatorKinds();
/// nullptr when there is none of that name.
const OperatorKind* FindOperatorKind(std::string_view name);
/// "\"conv2d\", \"dense\" or \"kernel\"", with `suffix` behind each name.
std::string OperatorNames(std::string_view suffix);

/// The sizes by their names: by these numbers shapes compare. Empty for a Kernel.
std::map<std::string, double> ShapeNumbers(const Operator& op);

// For `check`, and for what all operators have in common.

/// A size up to which every product below stays far from overflow, and beyond any real operator.
inline constexpr std::int64_t kMaxDimension = std::int64_t{1} << 20;

Status CheckRange(std::string_view field, std::int64_t value, std::int64_t min, std::int64_t max);
/// Below 2^31 scalars, so that MacCount < 2^62 and OperationCount < 2^63. REQUIRES: every size in
/// [1, 2^22].
Status CheckTensor(std::string_view tensor, std::string_view formula,
                   std::initializer_list<std::int64_t> sizes);
/// Names are printed in tables and messages, so they are kept to one short line. What is wrong with
/// this one; empty when nothing is.
std::string ProblemOfName(std::string_view name);

}  // namespace foothold::workload

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "foothold/status.h"
#include "formats/t1/value.h"

// What the operators and functions of T1's expressions compute: Python's results, or
// InvalidArgument with the reason alone ("divides by zero"); who calls knows the column.
namespace foothold::t1 {

enum class UnaryOperator : std::uint8_t { kNegate, kPlus, kInvert };
enum class BinaryOperator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kAnd,
  kOr,
  kXor,
  kShiftLeft,
  kShiftRight,
};
enum class Comparison : std::uint8_t {
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kIn,
  kNotIn,
};

Result<Value> Apply(UnaryOperator op, const Value& operand);
Result<Value> Apply(BinaryOperator op, const Value& left, const Value& right);
Result<bool> Compare(Comparison comparison, const Value& left, const Value& right);

/// A function that expressions may call.
struct Function {
  std::string_view name;  ///< "max"; "math.ceil" is another name of "ceil"
  std::size_t min_arguments = 1;
  std::size_t max_arguments = 1;
  Result<Value> (*call)(std::span<const Value> arguments);
};
/// Null when there is none.
const Function* FindFunction(std::string_view name);
/// "abs, all, any, ...".
std::string FunctionNames();

}  // namespace foothold::t1

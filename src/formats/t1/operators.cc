#include "formats/t1/operators.h"

#include <fmt/core.h>

#include <cmath>
#include <compare>
#include <optional>

#include "formats/t1/numbers.h"

namespace foothold::t1 {
namespace {

Status TypeError(const char* symbol, const Value& left, const Value& right) {
  return Status::InvalidArgument(
      fmt::format("{} takes no {} and {}", symbol, KindOf(left), KindOf(right)));
}

const char* SymbolOf(BinaryOperator op) {
  static constexpr const char* kSymbols[] = {"+",  "-", "*", "/", "//", "%",
                                             "**", "&", "|", "^", "<<", ">>"};
  return kSymbols[static_cast<std::size_t>(op)];
}

const char* SymbolOf(Comparison comparison) {
  static constexpr const char* kSymbols[] = {"<", "<=", ">", ">=", "==", "!=", "in", "not in"};
  return kSymbols[static_cast<std::size_t>(comparison)];
}

Result<Value> Finite(double number) {
  if (!std::isfinite(number)) return Status::InvalidArgument("is no finite number");
  return Value{number};
}

/// Towards minus infinity, as Python divides. REQUIRES: divisor is neither 0 nor does it overflow.
std::int64_t FloorDivide(std::int64_t dividend, std::int64_t divisor) {
  const std::int64_t quotient = dividend / divisor;
  return dividend % divisor != 0 && (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient;
}

Result<Value> WholePower(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) return DividesByZero();
    return Finite(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  std::int64_t power = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(power, base, &power)) return Overflows();
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) return Overflows();
  }
  return Value{power};
}

Result<Value> Shift(BinaryOperator op, std::int64_t value, std::int64_t distance) {
  if (distance < 0) return Status::InvalidArgument("shifts by a negative number");
  if (op == BinaryOperator::kShiftRight) {
    return Value{distance > 63 ? (value < 0 ? std::int64_t{-1} : std::int64_t{0})
                               : value >> distance};
  }
  if (value == 0) return Value{std::int64_t{0}};
  if (distance > 62) return Overflows();
  std::int64_t shifted = 0;
  if (__builtin_mul_overflow(value, std::int64_t{1} << distance, &shifted)) return Overflows();
  return Value{shifted};
}

Result<Value> ApplyWhole(BinaryOperator op, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  switch (op) {
    case BinaryOperator::kAdd:
      if (__builtin_add_overflow(left, right, &result)) return Overflows();
      return Value{result};
    case BinaryOperator::kSubtract:
      if (__builtin_sub_overflow(left, right, &result)) return Overflows();
      return Value{result};
    case BinaryOperator::kMultiply:
      if (__builtin_mul_overflow(left, right, &result)) return Overflows();
      return Value{result};
    case BinaryOperator::kDivide:
      if (right == 0) return DividesByZero();
      return Value{static_cast<double>(left) / static_cast<double>(right)};
    case BinaryOperator::kFloorDivide:
    case BinaryOperator::kModulo:
      if (right == 0) return DividesByZero();
      if (right == -1) {  // the one quotient that overflows
        if (op == BinaryOperator::kModulo) return Value{std::int64_t{0}};
        if (__builtin_sub_overflow(std::int64_t{0}, left, &result)) return Overflows();
        return Value{result};
      }
      result = FloorDivide(left, right);
      return Value{op == BinaryOperator::kModulo ? left - result * right : result};
    case BinaryOperator::kPower:
      return WholePower(left, right);
    case BinaryOperator::kAnd:
      return Value{left & right};
    case BinaryOperator::kOr:
      return Value{left | right};
    case BinaryOperator::kXor:
      return Value{left ^ right};
    case BinaryOperator::kShiftLeft:
    case BinaryOperator::kShiftRight:
      return Shift(op, left, right);
  }
  return Status::InvalidArgument("is no operator");
}

/// The remainder has the sign of the divisor, and of two zeros the divisor's too.
double FloorModulo(double left, double right) {
  const double remainder = std::fmod(left, right);
  if (remainder == 0) return std::copysign(0.0, right);
  return (remainder < 0) != (right < 0) ? remainder + right : remainder;
}

Result<Value> ApplyNumber(BinaryOperator op, double left, double right) {
  const bool divides = op == BinaryOperator::kDivide || op == BinaryOperator::kFloorDivide ||
                       op == BinaryOperator::kModulo;
  if (divides && right == 0) return DividesByZero();
  switch (op) {
    case BinaryOperator::kAdd:
      return Finite(left + right);
    case BinaryOperator::kSubtract:
      return Finite(left - right);
    case BinaryOperator::kMultiply:
      return Finite(left * right);
    case BinaryOperator::kDivide:
      return Finite(left / right);
    case BinaryOperator::kFloorDivide:
      // As Python: from the remainder, because the rounded quotient may be one too large.
      return Finite(std::round((left - FloorModulo(left, right)) / right));
    case BinaryOperator::kModulo:
      return Finite(FloorModulo(left, right));
    case BinaryOperator::kPower:
      if (left == 0 && right < 0) return DividesByZero();
      return Finite(std::pow(left, right));
    default:
      return Status::InvalidArgument(fmt::format("{} takes whole numbers only", SymbolOf(op)));
  }
}

Result<std::partial_ordering> Order(Comparison comparison, const Value& left, const Value& right) {
  const auto* left_text = std::get_if<std::string>(&left.held);
  const auto* right_text = std::get_if<std::string>(&right.held);
  if (left_text != nullptr && right_text != nullptr) {
    return std::partial_ordering(left_text->compare(*right_text) <=> 0);
  }
  const auto a = ExactNumber(left);
  const auto b = ExactNumber(right);
  if (!a || !b) return TypeError(SymbolOf(comparison), left, right);
  return *a <=> *b;
}

}  // namespace

Result<Value> Apply(UnaryOperator op, const Value& operand) {
  if (const auto whole = WholeNumber(operand)) {
    std::int64_t negated = 0;
    if (op == UnaryOperator::kPlus) return Value{*whole};
    if (op == UnaryOperator::kInvert) return Value{~*whole};
    if (__builtin_sub_overflow(std::int64_t{0}, *whole, &negated)) return Overflows();
    return Value{negated};
  }
  if (const auto* number = std::get_if<double>(&operand.held)) {
    if (op == UnaryOperator::kPlus) return operand;
    if (op == UnaryOperator::kNegate) return Value{-*number};
  }
  static constexpr const char* kSymbols[] = {"-", "+", "~"};
  return Status::InvalidArgument(
      fmt::format("{} takes no {}", kSymbols[static_cast<std::size_t>(op)], KindOf(operand)));
}

Result<Value> Apply(BinaryOperator op, const Value& left, const Value& right) {
  const auto whole_left = WholeNumber(left);
  const auto whole_right = WholeNumber(right);
  if (whole_left && whole_right) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Value value, ApplyWhole(op, *whole_left, *whole_right));
    const bool is_logic =
        op == BinaryOperator::kAnd || op == BinaryOperator::kOr || op == BinaryOperator::kXor;
    const bool of_truths =
        std::holds_alternative<bool>(left.held) && std::holds_alternative<bool>(right.held);
    return is_logic && of_truths ? Value{WholeNumber(value) == 1} : value;
  }
  const auto number_left = Number(left);
  const auto number_right = Number(right);
  if (number_left && number_right) return ApplyNumber(op, *number_left, *number_right);
  const auto* list_left = std::get_if<Value::List>(&left.held);
  const auto* list_right = std::get_if<Value::List>(&right.held);
  if (op == BinaryOperator::kAdd && list_left != nullptr && list_right != nullptr) {
    Value::List joined = *list_left;
    joined.insert(joined.end(), list_right->begin(), list_right->end());
    return Value{std::move(joined)};
  }
  return TypeError(SymbolOf(op), left, right);
}

bool AreEqual(const Value& left, const Value& right) {
  const auto a = ExactNumber(left);
  const auto b = ExactNumber(right);
  if (a && b) return *a == *b;
  const auto* list_left = std::get_if<Value::List>(&left.held);
  const auto* list_right = std::get_if<Value::List>(&right.held);
  if (list_left == nullptr || list_right == nullptr) return left == right;
  if (list_left->size() != list_right->size()) return false;
  for (std::size_t i = 0; i < list_left->size(); ++i) {
    if (!AreEqual((*list_left)[i], (*list_right)[i])) return false;
  }
  return true;
}

Result<bool> Compare(Comparison comparison, const Value& left, const Value& right) {
  if (comparison == Comparison::kEqual) return AreEqual(left, right);
  if (comparison == Comparison::kNotEqual) return !AreEqual(left, right);
  if (comparison == Comparison::kIn || comparison == Comparison::kNotIn) {
    const auto* list = std::get_if<Value::List>(&right.held);
    if (list == nullptr) {
      return Status::InvalidArgument(
          fmt::format("{} takes a list, not a {}", SymbolOf(comparison), KindOf(right)));
    }
    bool found = false;
    for (const Value& element : *list) found = found || AreEqual(left, element);
    return found == (comparison == Comparison::kIn);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::partial_ordering order, Order(comparison, left, right));
  if (comparison == Comparison::kLess) return std::is_lt(order);
  if (comparison == Comparison::kLessEqual) return std::is_lteq(order);
  if (comparison == Comparison::kGreater) return std::is_gt(order);
  return std::is_gteq(order);
}

}  // namespace foothold::t1

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "formats/t1/expression.h"
#include "formats/t1/numbers.h"
#include "formats/t1/operators.h"

namespace foothold::t1 {
namespace {

/// The longest list that range makes; what a whole expression may make is bounded besides.
constexpr std::int64_t kMaxRange = 100'000;

using Arguments = std::span<const Value>;

Status Takes(std::string_view function, std::string_view wanted, const Value& given) {
  return Status::InvalidArgument(
      fmt::format("{} takes {}, not a {}", function, wanted, KindOf(given)));
}

Result<const Value::List*> ListOf(std::string_view function, const Value& value) {
  if (const auto* list = std::get_if<Value::List>(&value.held)) return list;
  return Takes(function, "a list", value);
}

Result<double> NumberOf(std::string_view function, const Value& value) {
  if (const auto number = Number(value)) return *number;
  return Takes(function, "a number", value);
}

/// 2^63, the first number that is too large.
constexpr double kWholeLimit = 9223372036854775808.0;

Result<Value> ToWhole(double number) {
  if (!(number >= -kWholeLimit && number < kWholeLimit)) return Overflows();
  return Value{static_cast<std::int64_t>(number)};
}

template <double (*kRound)(double)>
Result<Value> Rounded(std::string_view function, const Value& value) {
  if (const auto whole = WholeNumber(value)) return Value{*whole};
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, NumberOf(function, value));
  return ToWhole(kRound(number));
}

double Ceiling(double number) { return std::ceil(number); }
double Floor(double number) { return std::floor(number); }
double Truncated(double number) { return std::trunc(number); }
/// Halves to even, whatever the rounding mode of the process.
double Nearest(double number) {
  const double below = std::floor(number);
  const double rest = number - below;
  if (rest != 0.5) return rest < 0.5 ? below : below + 1;
  return std::fmod(below, 2) == 0 ? below : below + 1;
}

Result<Value> Abs(Arguments arguments) {
  if (const auto* number = std::get_if<double>(&arguments[0].held))
    return Value{std::fabs(*number)};
  const auto whole = WholeNumber(arguments[0]);
  if (!whole) return Takes("abs", "a number", arguments[0]);
  return *whole < 0 ? Apply(UnaryOperator::kNegate, Value{*whole}) : Value{*whole};
}

Result<Value> All(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("all", arguments[0]));
  return Value{std::all_of(list->begin(), list->end(), IsTrue)};
}

Result<Value> Any(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("any", arguments[0]));
  return Value{std::any_of(list->begin(), list->end(), IsTrue)};
}

Result<Value> Ceil(Arguments arguments) { return Rounded<Ceiling>("ceil", arguments[0]); }
Result<Value> FloorOf(Arguments arguments) { return Rounded<Floor>("floor", arguments[0]); }
Result<Value> Int(Arguments arguments) { return Rounded<Truncated>("int", arguments[0]); }
Result<Value> Round(Arguments arguments) { return Rounded<Nearest>("round", arguments[0]); }

Result<Value> Float(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, NumberOf("float", arguments[0]));
  return Value{number};
}

Result<Value> Len(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("len", arguments[0]));
  return Value{static_cast<std::int64_t>(list->size())};
}

Result<Value> List(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("list", arguments[0]));
  return Value{*list};
}

Result<Value> Log2(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, NumberOf("log2", arguments[0]));
  if (!(number > 0)) return Status::InvalidArgument("log2 takes numbers above 0 only");
  return Value{std::log2(number)};
}

Result<Value> Sqrt(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, NumberOf("sqrt", arguments[0]));
  if (!(number >= 0)) return Status::InvalidArgument("sqrt takes no negative numbers");
  return Value{std::sqrt(number)};
}

/// The first of the extreme ones, among several arguments or in the one list.
Result<Value> Extreme(std::string_view function, Comparison beats, Arguments arguments) {
  if (arguments.size() == 1) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf(function, arguments[0]));
    if (list->empty()) return Status::InvalidArgument(fmt::format("{} of nothing", function));
    arguments = *list;
  }
  const Value* best = &arguments[0];
  for (const Value& value : arguments.subspan(1)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const bool better, Compare(beats, value, *best));
    if (better) best = &value;
  }
  return *best;
}

Result<Value> Max(Arguments arguments) { return Extreme("max", Comparison::kGreater, arguments); }
Result<Value> Min(Arguments arguments) { return Extreme("min", Comparison::kLess, arguments); }

Result<Value> Range(Arguments arguments) {
  std::int64_t bounds[3] = {0, 0, 1};  // start, stop, step
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto whole = WholeNumber(arguments[i]);
    if (!whole) return Takes("range", "whole numbers", arguments[i]);
    bounds[arguments.size() == 1 ? 1 : i] = *whole;
  }
  const auto [start, stop, step] = bounds;
  if (step == 0) return Status::InvalidArgument("range has a step of 0");
  Value::List list;
  for (std::int64_t at = start; step > 0 ? at < stop : at > stop;) {
    if (static_cast<std::int64_t>(list.size()) == kMaxRange) {
      return Status::InvalidArgument(fmt::format("range has more than {} elements", kMaxRange));
    }
    list.push_back({at});
    if (__builtin_add_overflow(at, step, &at)) break;  // past any `stop`
  }
  return Value{std::move(list)};
}

Result<Value> Sorted(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("sorted", arguments[0]));
  for (std::size_t i = 1; i < list->size(); ++i) {  // whether all can be compared
    FOOTHOLD_RETURN_IF_ERROR(Compare(Comparison::kLess, (*list)[i - 1], (*list)[i]).status());
  }
  Value::List sorted = *list;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Value& a, const Value& b) {
    return Compare(Comparison::kLess, a, b).value();
  });
  return Value{std::move(sorted)};
}

Result<Value> Sum(Arguments arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* list, ListOf("sum", arguments[0]));
  Value sum{std::int64_t{0}};
  for (const Value& value : *list) {
    FOOTHOLD_ASSIGN_OR_RETURN(sum, Apply(BinaryOperator::kAdd, sum, value));
  }
  return sum;
}

constexpr std::size_t kMany = 100;

constexpr Function kFunctions[] = {
    {"abs", 1, 1, Abs},     {"all", 1, 1, All},     {"any", 1, 1, Any},
    {"ceil", 1, 1, Ceil},   {"float", 1, 1, Float}, {"floor", 1, 1, FloorOf},
    {"int", 1, 1, Int},     {"len", 1, 1, Len},     {"list", 1, 1, List},
    {"log2", 1, 1, Log2},   {"max", 1, kMany, Max}, {"min", 1, kMany, Min},
    {"range", 1, 3, Range}, {"round", 1, 1, Round}, {"sorted", 1, 1, Sorted},
    {"sqrt", 1, 1, Sqrt},   {"sum", 1, 1, Sum},
};

}  // namespace

const Function* FindFunction(std::string_view name) {
  constexpr std::string_view kMath = "math.";
  if (name.starts_with(kMath)) name.remove_prefix(kMath.size());
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [&](const Function& function) { return function.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::string FunctionNames() {
  std::string names;
  for (const Function& function : kFunctions) {
    if (!names.empty()) names += ", ";
    names += function.name;
  }
  return names;
}

}  // namespace foothold::t1

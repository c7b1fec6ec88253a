#include "formats/t1/expression_constraint.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "formats/t1/expression.h"

namespace foothold::t1 {
namespace {

/// A parameter that an expression names: from the space's values to what the expression sees.
struct Bound {
  std::string name;
  std::vector<std::pair<std::int64_t, Value>> values;  // ascending

  explicit Bound(const Parameter& parameter) : name(parameter.name) {
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
      const ParameterValue seen = parameter.ValueAt(i);
      std::visit([&](const auto& held) { values.emplace_back(parameter.values[i], Value{held}); },
                 seen);
    }
    std::sort(values.begin(), values.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  const Value& Seen(std::int64_t value) const {
    return std::lower_bound(
               values.begin(), values.end(), value,
               [](const auto& entry, std::int64_t wanted) { return entry.first < wanted; })
        ->second;
  }
};

Result<Value> EvaluateWith(const Expression& expression, const std::vector<Bound>& bounds,
                           std::span<const std::int64_t> values) {
  return expression.Evaluate([&](std::string_view name) -> const Value* {
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      if (bounds[i].name == name) return &bounds[i].Seen(values[i]);
    }
    return nullptr;
  });
}

Result<std::vector<Bound>> BindNames(const Expression& expression,
                                     std::span<const Parameter> parameters) {
  std::vector<Bound> bounds;
  for (const Expression::Name& used : expression.Names()) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&](const Parameter& known) { return known.name == used.name; });
    if (found == parameters.end()) {
      return Status::InvalidArgument(
          fmt::format("column {}: \"{}\" is no parameter", used.column, used.name));
    }
    bounds.emplace_back(*found);
  }
  if (bounds.empty()) {
    return Status::InvalidArgument("names no parameter, must name at least one");
  }
  return bounds;
}

}  // namespace

Result<Constraint> ExpressionConstraint(std::string_view text,
                                        std::span<const Parameter> parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Expression expression, Expression::Parse(text));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Bound> bounds, BindNames(expression, parameters));
  std::vector<std::string> names;
  std::vector<std::int64_t> largest;
  for (const Bound& bound : bounds) {
    names.push_back(bound.name);
    largest.push_back(bound.values.back().first);
  }
  // Tried once, so that what is wrong for every config is told here and not config by config.
  const Result<Value> tried = EvaluateWith(expression, bounds, largest);
  if (!tried.ok()) return tried.status();
  return Constraint::Where(expression.text(), std::move(names),
                           [expression, bounds](std::span<const std::int64_t> values) {
                             const Result<Value> value = EvaluateWith(expression, bounds, values);
                             return value.ok() && IsTrue(*value);
                           });
}

}  // namespace foothold::t1

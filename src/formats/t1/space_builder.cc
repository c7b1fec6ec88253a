#include "foothold/space_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "formats/t1/expression_constraint.h"

namespace foothold {
namespace {

/// Of a conditional parameter: where it is inactive.
constexpr std::int64_t kInactiveCode = 0;

bool IsConditional(const Parameter& parameter) {
  return !parameter.labels.empty() && parameter.labels[0] == ParameterValue(kInactive);
}

bool AllWhole(const std::vector<ParameterValue>& values) {
  return std::all_of(values.begin(), values.end(), [](const ParameterValue& value) {
    return std::holds_alternative<std::int64_t>(value);
  });
}

const Parameter* Find(std::span<const Parameter> parameters, const std::string& name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& known) { return known.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

/// What a predicate sees of the space's values.
std::vector<ParameterValue> Seen(const std::vector<Parameter>& parameters,
                                 std::span<const std::int64_t> values) {
  std::vector<ParameterValue> seen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<std::int64_t>& all = parameters[i].values;
    const auto choice = std::find(all.begin(), all.end(), values[i]) - all.begin();
    seen.push_back(parameters[i].ValueAt(static_cast<std::size_t>(choice)));
  }
  return seen;
}

/// Whether each of a rule's parameters can be inactive.
std::vector<bool> Conditional(const Constraint& rule, std::span<const Parameter> parameters) {
  std::vector<bool> conditional;
  for (const std::string& name : rule.parameters()) {
    const Parameter* parameter = Find(parameters, name);
    conditional.push_back(parameter != nullptr && IsConditional(*parameter));
  }
  return conditional;
}

bool AnyInactive(const std::vector<bool>& conditional, std::span<const std::int64_t> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (conditional[i] && values[i] == kInactiveCode) return true;
  }
  return false;
}

/// Met where one of its parameters is inactive.
Constraint UnlessInactive(const Constraint& rule, std::span<const Parameter> parameters) {
  const std::vector<bool> conditional = Conditional(rule, parameters);
  if (std::find(conditional.begin(), conditional.end(), true) == conditional.end()) return rule;
  return Constraint::Where(
      rule.description(), rule.parameters(),
      [conditional, holds = rule.predicate()](std::span<const std::int64_t> values) {
        return AnyInactive(conditional, values) || holds(values);
      });
}

/// `parameter` is active exactly where `condition` holds over active parameters.
Constraint ActiveExactlyIf(const Parameter& parameter, const Constraint& condition,
                           std::span<const Parameter> parameters) {
  std::vector<std::string> names = {parameter.name};
  names.insert(names.end(), condition.parameters().begin(), condition.parameters().end());
  return Constraint::Where(
      fmt::format("{} is active where {}", parameter.name, condition.description()),
      std::move(names),
      [conditional = Conditional(condition, parameters),
       holds = condition.predicate()](std::span<const std::int64_t> values) {
        const std::span<const std::int64_t> others = values.subspan(1);
        const bool is_met = !AnyInactive(conditional, others) && holds(others);
        return is_met == (values[0] != kInactiveCode);
      });
}

}  // namespace

Parameter MakeParameter(std::string name, std::vector<ParameterValue> values, bool is_ordered) {
  Parameter parameter{std::move(name), {}, {}, is_ordered};
  if (AllWhole(values)) {
    for (const ParameterValue& value : values) {
      parameter.values.push_back(std::get<std::int64_t>(value));
    }
    return parameter;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameter.values.push_back(static_cast<std::int64_t>(i));
  }
  parameter.labels = std::move(values);
  return parameter;
}

Result<Constraint> ToConstraint(const SpaceRule& rule, std::span<const Parameter> parameters) {
  const auto wrong = [&](const std::string& problem) {
    return Status::InvalidArgument(fmt::format("space: '{}': {}", rule.text, problem));
  };
  if (!rule.holds) {
    Result<Constraint> constraint = t1::ExpressionConstraint(rule.text, parameters);
    if (!constraint.ok()) return wrong(constraint.status().message());
    return constraint;
  }
  if (rule.parameters.empty()) return wrong("names no parameter, must name at least one");
  std::vector<Parameter> own;
  for (const std::string& name : rule.parameters) {
    const Parameter* parameter = Find(parameters, name);
    if (parameter == nullptr) return wrong(fmt::format("\"{}\" is no parameter", name));
    own.push_back(*parameter);
  }
  return Constraint::Where(rule.text, rule.parameters,
                           [own, holds = rule.holds](std::span<const std::int64_t> values) {
                             return holds(Seen(own, values));
                           });
}

void SpaceBuilder::Add(std::string name, std::vector<ParameterValue> values, bool is_ordered) {
  parameters_.push_back(MakeParameter(std::move(name), std::move(values), is_ordered));
}

void SpaceBuilder::AddIf(SpaceRule condition, std::string name, std::vector<ParameterValue> values,
                         bool is_ordered) {
  conditions_.push_back({parameters_.size(), std::move(condition)});
  if (!values.empty()) values.insert(values.begin(), ParameterValue(kInactive));
  Add(std::move(name), std::move(values), is_ordered);
}

void SpaceBuilder::Require(SpaceRule rule) { rules_.push_back(std::move(rule)); }

void SpaceBuilder::Require(Constraint constraint) { constraints_.push_back(std::move(constraint)); }

Result<Space> SpaceBuilder::Build() const {
  const std::span<const Parameter> all(parameters_);
  std::vector<Constraint> constraints = constraints_;
  for (const Condition& condition : conditions_) {
    const std::span<const Parameter> before = all.first(condition.parameter);
    FOOTHOLD_ASSIGN_OR_RETURN(const Constraint resolved, ToConstraint(condition.rule, before));
    constraints.push_back(ActiveExactlyIf(all[condition.parameter], resolved, before));
  }
  for (const SpaceRule& rule : rules_) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Constraint resolved, ToConstraint(rule, all));
    constraints.push_back(UnlessInactive(resolved, all));
  }
  return Space::Create(parameters_, std::move(constraints));
}

}  // namespace foothold

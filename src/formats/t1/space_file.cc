#include "formats/t1/space_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "formats/t1/expression.h"
#include "formats/t1/expression_constraint.h"
#include "formats/t1/numbers.h"

namespace foothold::t1 {
namespace {

constexpr std::size_t kMaxValues = 100'000;

constexpr std::string_view kTypes[] = {"int", "uint", "float", "bool", "string"};

bool IsName(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

/// The value as the parameter's type has it; nullopt when it is of another.
std::optional<Value> OfType(const std::string& type, const Value& value) {
  if (type == "bool") {
    const auto whole = WholeNumber(value);
    return whole && (*whole == 0 || *whole == 1) ? std::optional(Value{*whole == 1}) : std::nullopt;
  }
  if (type == "string") {
    return std::holds_alternative<std::string>(value.held) ? std::optional(value) : std::nullopt;
  }
  if (type == "float") {
    const auto number = Number(value);
    return number ? std::optional(Value{*number}) : std::nullopt;
  }
  const auto* whole = std::get_if<std::int64_t>(&value.held);
  if (whole == nullptr || (type == "uint" && *whole < 0)) return std::nullopt;
  return value;
}

Result<Expression> ParseExpression(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  Result<Expression> expression = Expression::Parse(text);
  if (!expression.ok()) return node.Error(expression.status().message());
  return expression;
}

Result<std::string> ParseType(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string type, node.String());
  if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) {
    return node.Error(
        fmt::format("is \"{}\", must be one of {}", type, base::Joined(kTypes, ", ")));
  }
  return type;
}

Result<std::vector<Value>> ParseValues(const base::JsonNode& node, const std::string& type) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Expression expression, ParseExpression(node));
  const Result<Value> evaluated = expression.Evaluate([](std::string_view) { return nullptr; });
  if (!evaluated.ok()) return node.Error(evaluated.status().message());
  const auto* list = std::get_if<Value::List>(&evaluated->held);
  if (list == nullptr)
    return node.Error(fmt::format("is a {}, must be a list", KindOf(*evaluated)));
  if (list->empty() || list->size() > kMaxValues) {
    return node.Error(fmt::format("has {} values, must have 1 to {}", list->size(), kMaxValues));
  }
  std::vector<Value> values;
  std::set<std::string> seen;
  for (const Value& element : *list) {
    auto value = OfType(type, element);
    if (!value) return node.Error(fmt::format("{} is no {}", ToText(element), type));
    if (!seen.insert(ToText(*value)).second) {
      return node.Error(fmt::format("has the value {} twice", ToText(element)));
    }
    values.push_back(*std::move(value));
  }
  return values;
}

Result<TuningParameter> ParseParameter(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  TuningParameter parameter;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("Name"));
  FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
  if (!IsName(parameter.name)) {
    return name.Error("must be a name: letters, digits and \"_\", no digit first");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode type, object.Require("Type"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string type_name, ParseType(type));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, object.Require("Values"));
  FOOTHOLD_ASSIGN_OR_RETURN(parameter.values, ParseValues(values, type_name));
  return parameter;
}

Result<std::vector<TuningParameter>> ParseParameters(const base::JsonNode& list) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  if (nodes.empty()) return list.Error("is empty, must hold at least one parameter");
  std::vector<TuningParameter> parameters;
  std::set<std::string> names;
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(TuningParameter parameter, ParseParameter(node));
    if (!names.insert(parameter.name).second) {
      return node.Error(fmt::format("Name: \"{}\" is there twice", parameter.name));
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

/// Whole numbers and truth values are the space's own; of other values it has the indices.
Parameter ToSpaceParameter(const TuningParameter& parameter) {
  Parameter plain{parameter.name, {}};
  for (std::size_t i = 0; i < parameter.values.size(); ++i) {
    plain.values.push_back(WholeNumber(parameter.values[i]).value_or(static_cast<std::int64_t>(i)));
  }
  return plain;
}

/// The parameters as conditions see them: by the file's values.
std::vector<Parameter> WithLabels(const std::vector<TuningParameter>& parameters) {
  std::vector<Parameter> labelled;
  for (const TuningParameter& parameter : parameters) {
    labelled.push_back(ToSpaceParameter(parameter));
    for (const Value& value : parameter.values) {
      std::visit(
          [&](const auto& held) {
            if constexpr (std::is_constructible_v<ParameterValue, decltype(held)>) {
              labelled.back().labels.emplace_back(held);
            }
          },
          value.held);
    }
  }
  return labelled;
}

Status CheckListedParameters(const base::JsonNode& list,
                             const std::vector<TuningParameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
    const bool known =
        std::any_of(parameters.begin(), parameters.end(),
                    [&](const TuningParameter& parameter) { return parameter.name == name; });
    if (!known) return node.Error(fmt::format("\"{}\" is no parameter", name));
  }
  return {};
}

Result<Constraint> ParseCondition(const base::JsonNode& node,
                                  const std::vector<TuningParameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode text, object.Require("Expression"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string expression, text.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode listed, object.Require("Parameters"));
  FOOTHOLD_RETURN_IF_ERROR(CheckListedParameters(listed, parameters));
  // What the file lists as the condition's parameters is not enough: files in the wild leave some
  // out.
  Result<Constraint> constraint = ExpressionConstraint(expression, WithLabels(parameters));
  if (!constraint.ok()) return text.Error(constraint.status().message());
  return constraint;
}

}  // namespace

std::string TuningSpace::ToString(const Config& config) const {
  std::string text;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    text +=
        fmt::format("{}{}={}", i == 0 ? "" : " ", parameters[i].name, ToText(ValueOf(config, i)));
  }
  return text;
}

Result<TuningSpace> ParseTuningSpace(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject file, root.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, file.Require("ConfigurationSpace"));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, object.Require("TuningParameters"));
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<TuningParameter> parameters, ParseParameters(list));
  std::vector<Constraint> constraints;
  if (const auto conditions = object.Find("Conditions")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, conditions->Array());
    for (const base::JsonNode& condition : nodes) {
      FOOTHOLD_ASSIGN_OR_RETURN(Constraint constraint, ParseCondition(condition, parameters));
      constraints.push_back(std::move(constraint));
    }
  }
  std::vector<Parameter> plain;
  for (const TuningParameter& parameter : parameters) plain.push_back(ToSpaceParameter(parameter));
  Result<Space> space = Space::Create(std::move(plain), std::move(constraints));
  if (!space.ok()) return node.Error(space.status().message());
  return TuningSpace{std::move(parameters), *std::move(space)};
}

}  // namespace foothold::t1

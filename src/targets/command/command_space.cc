#include "targets/command/command_space.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "base/text.h"
#include "core/space/parameters_json.h"
#include "formats/t1/expression_constraint.h"
#include "targets/command/command_file.h"

namespace foothold::command {
namespace {

constexpr std::size_t kMaxValues = 100'000;
constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

bool IsParameterName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Status CheckName(const base::JsonNode& node, const std::string& name) {
  if (!IsParameterName(name)) return node.Error("must be a name of letters, digits and \"_\"");
  if (name == kWorkdir || name == kHere || name == kIndex) {
    return node.Error("is taken: {workdir}, {here} and {index} have a meaning of their own");
  }
  return {};
}

template <typename T>
bool AreAll(const std::vector<ParameterValue>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const ParameterValue& v) { return std::holds_alternative<T>(v); });
}

Status ReadValues(const base::JsonNode& node, Parameter& parameter) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  if (elements.empty() || elements.size() > kMaxValues) {
    return node.Error(fmt::format("has {} values, must have 1 to {}", elements.size(), kMaxValues));
  }
  std::vector<ParameterValue> values;
  std::set<ParameterValue> seen;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue value, space::ParseValue(element));
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && text->find('\0') != std::string::npos) {
      return element.Error("holds a NUL character");
    }
    if (!seen.insert(value).second) {
      return element.Error(fmt::format("is {} again, values must differ", ValueText(value)));
    }
    values.push_back(std::move(value));
  }
  if (AreAll<std::int64_t>(values)) {
    for (const ParameterValue& v : values) parameter.values.push_back(std::get<std::int64_t>(v));
    return {};
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameter.values.push_back(static_cast<std::int64_t>(i));
  }
  const auto is_number = [](const ParameterValue& v) {
    return std::holds_alternative<std::int64_t>(v) || std::holds_alternative<double>(v);
  };
  parameter.is_ordered = std::all_of(values.begin(), values.end(), is_number);
  parameter.labels = std::move(values);
  return {};
}

Result<Constraint> ReadExpression(const base::JsonNode& node,
                                  const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  Result<Constraint> constraint = t1::ExpressionConstraint(text, parameters);
  if (constraint.ok()) return constraint;
  return node.Error(constraint.status().message());
}

Result<std::string> ReadFactor(const base::JsonNode& element,
                               const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::string name, element.String());
  const auto parameter = std::find_if(parameters.begin(), parameters.end(),
                                      [&](const Parameter& known) { return known.name == name; });
  if (parameter == parameters.end()) return element.Error("is no parameter");
  if (!parameter->labels.empty()) {
    return element.Error("has values that are no whole numbers; use an expression");
  }
  if (*std::min_element(parameter->values.begin(), parameter->values.end()) < 0) {
    return element.Error("has negative values; a product is bounded only without");
  }
  return name;
}

Result<Constraint> ReadProduct(base::JsonObject& object, const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode of, object.Require("product_of"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, of.Array());
  std::vector<std::string> names;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string name, ReadFactor(element, parameters));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return element.Error("is named twice");
    }
    names.push_back(std::move(name));
  }
  if (names.empty()) return of.Error("is empty, must name at least one parameter");
  std::int64_t factor = 1;
  if (const auto times = object.Find("times")) {
    FOOTHOLD_ASSIGN_OR_RETURN(factor, times->Int64(1, kMaxInt64));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode at_most, object.Require("at_most"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t limit, at_most.Int64(0, kMaxInt64));
  std::string description =
      fmt::format("{}{} is at most {}", factor == 1 ? "" : fmt::format("{} * ", factor),
                  base::Joined(names, " * "), limit);
  if (const auto given = object.Find("description")) {
    FOOTHOLD_ASSIGN_OR_RETURN(description, given->String());
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return Constraint::ProductAtMost(std::move(description), std::move(names), factor, limit);
}

}  // namespace

Result<std::vector<Parameter>> ReadParameters(const base::JsonNode& list) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  if (nodes.empty()) return list.Error("is empty, must hold at least one parameter");
  std::vector<Parameter> parameters;
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("name"));
    Parameter parameter;
    FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
    FOOTHOLD_RETURN_IF_ERROR(CheckName(name, parameter.name));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, object.Require("values"));
    FOOTHOLD_RETURN_IF_ERROR(ReadValues(values, parameter));
    if (const auto ordered = object.Find("ordered")) {
      FOOTHOLD_ASSIGN_OR_RETURN(parameter.is_ordered, ordered->Bool());
    }
    FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

Result<std::vector<Constraint>> ReadConstraints(const base::JsonNode& list,
                                                const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  std::vector<Constraint> constraints;
  for (const base::JsonNode& node : nodes) {
    if (node.value().is_string()) {
      FOOTHOLD_ASSIGN_OR_RETURN(Constraint constraint, ReadExpression(node, parameters));
      constraints.push_back(std::move(constraint));
      continue;
    }
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(Constraint constraint, ReadProduct(object, parameters));
    constraints.push_back(std::move(constraint));
  }
  return constraints;
}

}  // namespace foothold::command

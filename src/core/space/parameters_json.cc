#include "core/space/parameters_json.h"

#include <fmt/core.h>

#include <limits>
#include <set>
#include <string>
#include <utility>

namespace foothold::space {
namespace {

Result<std::vector<ParameterValue>> ParseLabels(const base::JsonNode& node, std::size_t count) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  if (elements.size() != count) {
    return node.Error(
        fmt::format("has {} labels, must have {}: one for each value", elements.size(), count));
  }
  std::vector<ParameterValue> labels;
  std::set<ParameterValue> seen;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue label, ParseValue(element));
    if (!seen.insert(label).second) {
      return element.Error(fmt::format("is {} again, labels must differ", ValueText(label)));
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

Result<Parameter> ParseParameter(const base::JsonNode& node) {
  using Limits = std::numeric_limits<std::int64_t>;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Parameter parameter;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, object.Require("values"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, values.Array());
  const auto labels = object.Find("labels");
  const auto ordered = object.Find("ordered");
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (elements.empty()) return values.Error("is empty, must hold at least one value");
  std::set<std::int64_t> seen;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value,
                              element.Int64(Limits::min(), Limits::max()));
    if (!seen.insert(value).second) {
      return element.Error(fmt::format("is {} again, values must differ", value));
    }
    parameter.values.push_back(value);
  }
  if (labels) {
    FOOTHOLD_ASSIGN_OR_RETURN(parameter.labels, ParseLabels(*labels, elements.size()));
  }
  if (ordered) {
    FOOTHOLD_ASSIGN_OR_RETURN(parameter.is_ordered, ordered->Bool());
  }
  return parameter;
}

}  // namespace

Result<ParameterValue> ParseValue(const base::JsonNode& node) {
  using Limits = std::numeric_limits<std::int64_t>;
  const base::Json& value = node.value();
  if (value.is_bool()) return ParameterValue(value.truth());
  if (value.is_string()) return ParameterValue(value.string());
  if (value.is_double()) return ParameterValue(value.number());
  if (!value.is_number()) {
    return node.Error(
        fmt::format("is {}, must be a number, a truth value or a text",
                    value.is_null() ? "null" : (value.is_array() ? "an array" : "an object")));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, node.Int64(Limits::min(), Limits::max()));
  return ParameterValue(number);
}

base::Json ToJson(const ParameterValue& value) {
  return std::visit([](const auto& held) { return base::Json(held); }, value);
}

base::Json ToJson(const std::vector<Parameter>& parameters) {
  base::Json json = base::Json::Array();
  for (const Parameter& parameter : parameters) {
    base::Json line = {{"name", parameter.name}, {"values", parameter.values}};
    if (!parameter.labels.empty()) {
      base::Json labels = base::Json::Array();
      for (const ParameterValue& label : parameter.labels) labels.push_back(ToJson(label));
      line["labels"] = std::move(labels);
    }
    if (!parameter.is_ordered) line["ordered"] = false;
    json.push_back(std::move(line));
  }
  return json;
}

Result<std::vector<Parameter>> ParseParameters(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  std::vector<Parameter> parameters;
  std::set<std::string> names;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(Parameter parameter, ParseParameter(element));
    if (!names.insert(parameter.name).second) {
      return element.Error(fmt::format("name: is \"{}\" again, names must differ", parameter.name));
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

}  // namespace foothold::space

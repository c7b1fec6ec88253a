#include "core/space/parameters_json.h"

#include <fmt/core.h>

#include <limits>
#include <set>
#include <string>
#include <utility>

namespace foothold {
namespace {

Result<Parameter> ParseParameter(const JsonNode& node) {
  using Limits = std::numeric_limits<std::int64_t>;
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, node.Object());
  Parameter parameter;
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode name, object.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode values, object.Require("values"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, values.Array());
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (elements.empty()) return values.Error("is empty, must hold at least one value");
  std::set<std::int64_t> seen;
  for (const JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value,
                              element.Int64(Limits::min(), Limits::max()));
    if (!seen.insert(value).second) {
      return element.Error(fmt::format("is {} again, values must differ", value));
    }
    parameter.values.push_back(value);
  }
  return parameter;
}

}  // namespace

Json ToJson(const std::vector<Parameter>& parameters) {
  Json json = Json::Array();
  for (const Parameter& parameter : parameters) {
    json.push_back({{"name", parameter.name}, {"values", parameter.values}});
  }
  return json;
}

Result<std::vector<Parameter>> ParseParameters(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, node.Array());
  std::vector<Parameter> parameters;
  std::set<std::string> names;
  for (const JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(Parameter parameter, ParseParameter(element));
    if (!names.insert(parameter.name).second) {
      return element.Error(fmt::format("name: is \"{}\" again, names must differ", parameter.name));
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

}  // namespace foothold

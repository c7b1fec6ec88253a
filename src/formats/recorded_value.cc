#include "formats/recorded_value.h"

#include <fmt/core.h>

#include <limits>

namespace foothold::formats {
namespace {

Result<double> Milliseconds(const base::JsonNode& node, double milliseconds) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, node.Number());
  if (number < 0) {
    return node.Error(fmt::format("is {}, must be a time of at least 0", node.value().Dump()));
  }
  const double time = number * milliseconds;
  if (time > std::numeric_limits<double>::max()) {
    return node.Error(fmt::format("is {}, must be a time", node.value().Dump()));
  }
  return time;
}

}  // namespace

Result<double> ParseMilliseconds(base::JsonObject& object, const std::string& field,
                                 double milliseconds) {
  const auto node = object.Find(field);
  return node ? Milliseconds(*node, milliseconds) : 0.0;
}

Result<double> ParseObjective(const base::JsonNode& node, const std::string& objective,
                              double milliseconds) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, node.Number());
  if (objective != "time") return number;
  if (number <= 0) {
    return node.Error(fmt::format("is {}, must be a time above 0", node.value().Dump()));
  }
  return Milliseconds(node, milliseconds);
}

Result<std::vector<double>> ParseTimes(const base::JsonNode& node, double milliseconds) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  std::vector<double> times;
  times.reserve(elements.size());
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double time, Milliseconds(element, milliseconds));
    times.push_back(time);
  }
  return times;
}

Result<std::string> ParseText(base::JsonObject& object, const std::string& field) {
  const auto node = object.Find(field);
  return node ? node->String() : std::string();
}

}  // namespace foothold::formats

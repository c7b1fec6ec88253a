#include "formats/recorded_value.h"

#include <fmt/core.h>

#include <limits>

namespace foothold {
namespace {

Result<double> Milliseconds(const JsonNode& node, double milliseconds) {
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

Result<RecordedValue> ParseRecordedValue(const JsonNode& node) {
  using Limits = std::numeric_limits<std::int64_t>;
  const Json& value = node.value();
  if (value.is_bool()) return RecordedValue(value.truth());
  if (value.is_string()) return RecordedValue(value.string());
  if (value.is_double()) return RecordedValue(value.number());
  if (!value.is_number()) {
    return node.Error(
        fmt::format("is {}, must be a number, a truth value or a text",
                    value.is_null() ? "null" : (value.is_array() ? "an array" : "an object")));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, node.Int64(Limits::min(), Limits::max()));
  return RecordedValue(number);
}

Json ToJson(const RecordedValue& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

std::string ToPythonText(const RecordedValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "True" : "False";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  return Json(std::get<double>(value)).Dump({.numbers = JsonStyle::Numbers::kPython});
}

Result<double> ParseMilliseconds(JsonObject& object, const std::string& field,
                                 double milliseconds) {
  const auto node = object.Find(field);
  return node ? Milliseconds(*node, milliseconds) : 0.0;
}

Result<double> ParseObjective(const JsonNode& node, const std::string& objective,
                              double milliseconds) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, node.Number());
  if (objective != "time") return number;
  if (number <= 0) {
    return node.Error(fmt::format("is {}, must be a time above 0", node.value().Dump()));
  }
  return Milliseconds(node, milliseconds);
}

Result<std::vector<double>> ParseTimes(const JsonNode& node, double milliseconds) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, node.Array());
  std::vector<double> times;
  times.reserve(elements.size());
  for (const JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double time, Milliseconds(element, milliseconds));
    times.push_back(time);
  }
  return times;
}

Result<std::string> ParseText(JsonObject& object, const std::string& field) {
  const auto node = object.Find(field);
  return node ? node->String() : std::string();
}

}  // namespace foothold

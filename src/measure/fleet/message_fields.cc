#include "measure/fleet/message_fields.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace foothold::measure {

constexpr std::size_t kMostTextBytes = 4096;
// Less, as a character that is cut in two becomes a longer one.
constexpr std::size_t kKeptTextBytes = 4000;

bool IsName(std::string_view text) {
  constexpr std::string_view kAlso = "-._:/@+=,#";
  return !text.empty() && text.size() <= kMostNameBytes &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kAlso.find(c) != std::string_view::npos;
         });
}

Result<std::string> ReadText(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string text, node.String());
  if (text.size() <= kMostTextBytes) return text;
  return node.Error(fmt::format("has {} bytes, must have at most {}", text.size(), kMostTextBytes));
}

Result<std::string> ReadName(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string text, node.String());
  if (IsName(text)) return text;
  return node.Error("must be 1 to 200 letters, digits and -._:/@+=,#");
}

Result<double> ReadNumber(base::JsonObject& object, const std::string& field, double min,
                          double max) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const double value, node.Number());
  if (value >= min && value <= max) return value;
  return node.Error(fmt::format("is {}, must be from {} to {}", value, min, max));
}

Result<std::vector<double>> ReadTimes(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, node.Array());
  std::vector<double> times;
  for (const base::JsonNode& one : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, one.Number());
    if (!(seconds > 0)) return one.Error("must be a number above 0");
    times.push_back(seconds);
  }
  return times;
}

Result<Metrics> ReadMetrics(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("metrics"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto members, node.Members());
  Metrics metrics;
  for (const auto& [name, value] : members) {
    FOOTHOLD_ASSIGN_OR_RETURN(metrics[name], value.Number());
  }
  return metrics;
}

Result<Config> ReadConfig(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> choices, node.Array());
  Config config;
  for (const base::JsonNode& choice : choices) {
    using Choice = decltype(config.choices)::value_type;
    FOOTHOLD_ASSIGN_OR_RETURN(
        const std::int64_t value,
        choice.Int64(0, std::min<std::int64_t>(std::numeric_limits<std::int32_t>::max(),
                                               std::numeric_limits<Choice>::max())));
    config.choices.push_back(static_cast<Choice>(value));
  }
  return config;
}

Result<std::optional<Failure>> ReadFailure(base::JsonObject& object) {
  const auto node = object.Find("failure");
  if (!node) return std::optional<Failure>();
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject fields, node->Object());
  Failure failure;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode outcome, fields.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, outcome.String());
  const Result<Outcome> parsed = ParseOutcome(name);
  if (!parsed.ok() || !IsFailure(*parsed)) {
    return outcome.Error("must be constraints, compile, runtime, timeout or correctness");
  }
  failure.outcome = *parsed;
  FOOTHOLD_ASSIGN_OR_RETURN(failure.stage, ReadText(fields, "stage"));
  FOOTHOLD_ASSIGN_OR_RETURN(failure.reason, ReadText(fields, "reason"));
  FOOTHOLD_RETURN_IF_ERROR(fields.RejectUnknown());
  return std::optional(std::move(failure));
}

base::Json FailureJson(const Failure& failure) {
  return {{"outcome", ToString(failure.outcome)},
          {"stage", failure.stage.substr(0, kKeptTextBytes)},
          {"reason", failure.reason.substr(0, kKeptTextBytes)}};
}

}  // namespace foothold::measure

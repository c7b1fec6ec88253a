// Reads the fields of the record log's lines (docs/formats/record-log.md).
#include "records/log/line_fields.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/text.h"
#include "core/space/parameters_json.h"
#include "core/workload/workload_json.h"
#include "records/log/objective_json.h"

namespace foothold::records {
namespace {

Result<std::string> ReadString(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return node.String();
}

/// Int64 ends at 2^63 - 1; seeds do not.
Result<std::uint64_t> ReadUint64(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  if (const auto value = node.value().Uint64()) return *value;
  return node.Int64(0, kMaxInt64).status();
}

Result<double> ReadSeconds(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (seconds < 0) return node.Error(fmt::format("is {}, must not be negative", seconds));
  return seconds;
}

/// An object whose field names are free.
template <typename Value, typename Read>
Result<std::map<std::string, Value>> ReadMap(base::JsonObject& object, const std::string& field,
                                             Read read) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto members, node.Members());
  std::map<std::string, Value> map;
  for (const auto& [name, value] : members) {
    FOOTHOLD_ASSIGN_OR_RETURN(map[name], read(value));
  }
  return map;
}

Result<std::map<std::string, std::string>> ReadStrings(base::JsonObject& object,
                                                       const std::string& field) {
  return ReadMap<std::string>(object, field,
                              [](const base::JsonNode& node) { return node.String(); });
}

Result<std::vector<Parameter>> ReadParameters(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("parameters"));
  return space::ParseParameters(node);
}

/// Above 0, as any time that a candidate took.
Result<double> ReadTime(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (seconds > 0) return seconds;
  return node.Error(fmt::format("is {}, must be above 0", seconds));
}

/// Optional: logs of before it was, and trials that ran once, do without.
Status ReadTimesPerRun(base::JsonObject& object, Measurement& measurement) {
  const std::optional<base::JsonNode> field = object.Find("times_per_run");
  if (!field) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> counts, field->Array());
  std::size_t left = measurement.seconds.size();
  for (const base::JsonNode& count : counts) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t times, count.Int64(1, kMaxInt64));
    if (static_cast<std::uint64_t>(times) > left) {
      return field->Error(
          fmt::format("counts more times than the {} of seconds", measurement.seconds.size()));
    }
    left -= static_cast<std::size_t>(times);
    measurement.times_per_run.push_back(static_cast<std::size_t>(times));
  }
  if (left == 0) return {};
  return field->Error(fmt::format("counts {} times, must count the {} of seconds",
                                  measurement.seconds.size() - left, measurement.seconds.size()));
}

}  // namespace

Result<double> ReadNumber(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return node.Number();
}

Result<double> ReadSeconds(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return ReadSeconds(node);
}

Result<Metrics> ReadNumbers(base::JsonObject& object, const std::string& field) {
  return ReadMap<double>(object, field, [](const base::JsonNode& node) { return node.Number(); });
}

Result<Config> ReadConfig(base::JsonObject& object, const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("config"));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject values, node.Object());
  Config config;
  for (const Parameter& parameter : parameters) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode choice, values.Require(parameter.name));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value,
                              choice.Int64(std::numeric_limits<std::int64_t>::min(), kMaxInt64));
    const auto found = std::find(parameter.values.begin(), parameter.values.end(), value);
    if (found == parameter.values.end()) {
      return choice.Error(fmt::format("is {}, must be one of the parameter's values {}", value,
                                      base::Joined(parameter.values, ", ")));
    }
    config.choices.push_back(static_cast<std::uint32_t>(found - parameter.values.begin()));
  }
  FOOTHOLD_RETURN_IF_ERROR(values.RejectUnknown());
  return config;
}

Result<Outcome> ReadOutcome(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  if (name == ToString(Outcome::kSlow)) return Outcome::kSlow;
  const Result<Outcome> outcome = ParseOutcome(name);
  if (!outcome.ok()) return node.Error(outcome.status().message());
  return outcome;
}

Result<Failure> ReadFailure(base::JsonObject& object, Outcome outcome) {
  Failure failure{outcome, "", ""};
  FOOTHOLD_ASSIGN_OR_RETURN(failure.stage, ReadString(object, "stage"));
  FOOTHOLD_ASSIGN_OR_RETURN(failure.reason, ReadString(object, "reason"));
  object.Find("autotvm_error");  // in logs of before it was derived from the rest
  return failure;
}

Result<std::vector<double>> ReadTimes(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode seconds, object.Require("seconds"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> times, seconds.Array());
  if (times.empty()) return seconds.Error("is empty, must hold a time, as the outcome is correct");
  std::vector<double> values;
  for (const base::JsonNode& time : times) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double value, ReadTime(time));
    values.push_back(value);
  }
  return values;
}

Status ReadOutcomeFields(base::JsonObject& object, Measurement& measurement) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Outcome outcome, ReadOutcome(object));
  if (outcome == Outcome::kSlow) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode bound, object.Require("slower_than_s"));
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.slower_than_s, ReadTime(bound));
    return {};
  }
  if (IsFailure(outcome)) {
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.failure, ReadFailure(object, outcome));
    return {};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.seconds, ReadTimes(object));
  return ReadTimesPerRun(object, measurement);
}

Result<WithdrawalCause> ReadCause(base::JsonObject& object) {
  const std::optional<base::JsonNode> field = object.Find("cause");
  if (!field) return WithdrawalCause::kOther;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, field->String());
  if (name == "infrastructure") return WithdrawalCause::kInfrastructure;
  if (name == "signal") return WithdrawalCause::kSignal;
  return field->Error(
      fmt::format(R"(is {}, must be "infrastructure" or "signal")", field->value().Dump()));
}

Result<RunHeader> ReadHeader(base::JsonObject& object) {
  RunHeader header;
  FOOTHOLD_ASSIGN_OR_RETURN(header.foothold_version, ReadString(object, "foothold"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.target, ReadString(object, "target"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode workload, object.Require("workload"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.workload, workload::ParseWorkload(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(header.searcher, ReadString(object, "searcher"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.seed, ReadUint64(object, "seed"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.options, ReadStrings(object, "options"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.machine, ReadStrings(object, "machine"));
  if (object.Find("device")) {
    FOOTHOLD_ASSIGN_OR_RETURN(header.device_numbers, ReadNumbers(object, "device"));
  }
  if (object.Find("dependencies")) {
    FOOTHOLD_ASSIGN_OR_RETURN(header.dependencies, ReadStrings(object, "dependencies"));
  }
  if (const auto objective = object.Find("objective")) {
    FOOTHOLD_ASSIGN_OR_RETURN(header.objective, ParseObjective(*objective));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(header.parameters, ReadParameters(object));
  FOOTHOLD_ASSIGN_OR_RETURN(header.wall_clock, ReadNumber(object, "time"));
  return header;
}

Result<std::uint64_t> ReadIndex(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, node.Int64(0, kMaxInt64));
  return static_cast<std::uint64_t>(value);
}

}  // namespace foothold::records

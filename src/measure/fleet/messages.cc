#include "measure/fleet/messages.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/content_hash.h"
#include "base/json.h"
#include "base/options.h"
#include "core/space/parameters_json.h"
#include "core/workload/workload_json.h"
#include "measure/fleet/broker.h"
#include "measure/fleet/message_fields.h"
#include "measure/measuring_options.h"

namespace foothold::measure {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"measure", "build", "compare"};

Result<std::string> Checked(const base::Json& json) {
  std::string text = json.Dump();
  if (text.size() <= kMostMessageBytes) return text;
  return Status::InvalidArgument(fmt::format("a message to the fleet has {} bytes, {} may be sent",
                                             text.size(), kMostMessageBytes));
}

Result<base::JsonObject> ParseMessage(std::string_view message, std::string_view what) {
  if (message.size() > kMostMessageBytes) {
    return Status::InvalidArgument(fmt::format("{}: has {} bytes, must have at most {}", what,
                                               message.size(), kMostMessageBytes));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, base::JsonNode::Parse(message, what));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("v"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(kFleetProtocol, kFleetProtocol).status());
  return object;
}

Result<JobKind> ReadKind(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("kind"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (name == kKinds[i]) return static_cast<JobKind>(i);
  }
  return node.Error("must be measure, build or compare");
}

/// The table's options as an object.
template <typename Struct>
base::Json OptionsJson(const base::OptionsTable<Struct>& table, const Struct& values) {
  base::Json json = base::Json::Object();
  for (const base::Option& option : table.options()) json[option.name()] = option.ToJson(&values);
  return json;
}

/// All of the table's options, in the object of this name.
template <typename Struct>
Status ReadOptions(base::JsonObject& object, const std::string& field,
                   const base::OptionsTable<Struct>& table, Struct& values) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject options, node.Object());
  for (const base::Option& option : table.options()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode value, options.Require(option.name()));
    const Status set = option.SetValue(&values, value.value());
    if (!set.ok()) return value.Error(set.message());
  }
  return options.RejectUnknown();
}

Result<JobSetting> ReadSetting(base::JsonObject& object) {
  JobSetting setting;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode workload, object.Require("workload"));
  FOOTHOLD_ASSIGN_OR_RETURN(setting.workload, workload::ParseWorkload(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(setting.space, ReadText(object, "space"));
  FOOTHOLD_ASSIGN_OR_RETURN(setting.run.timeout_s, ReadNumber(object, "timeout_s", 1e-6, 1e7));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode verify, object.Require("verify"));
  FOOTHOLD_ASSIGN_OR_RETURN(setting.run.verify, verify.Bool());
  FOOTHOLD_RETURN_IF_ERROR(ReadOptions(object, "device", DeviceOptionsTable(), setting.device));
  FOOTHOLD_RETURN_IF_ERROR(ReadOptions(object, "repeats", RepeatOptionsTable(), setting.repeats));
  return setting;
}

Result<std::vector<Config>> ReadConfigs(base::JsonObject& object, JobKind kind) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("configs"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, node.Array());
  const bool is_comparison = kind == JobKind::kCompare;
  if (nodes.empty() || nodes.size() > kMostConfigs || (!is_comparison && nodes.size() != 1)) {
    return node.Error(is_comparison ? "must have 1 to 64 configs" : "must have one config");
  }
  std::vector<Config> configs;
  for (const base::JsonNode& one : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(Config config, ReadConfig(one));
    configs.push_back(std::move(config));
  }
  return configs;
}

/// What was measured, by what the fields of a result say.
Result<Measurement> ReadMeasurement(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Measurement measurement;
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.failure, ReadFailure(object));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.seconds, ReadTimes(object, "seconds"));
  if (const auto counts = object.Find("times_per_run")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, counts->Array());
    std::size_t sum = 0;
    for (const base::JsonNode& count : nodes) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, count.Int64(1, kMostMessageBytes));
      measurement.times_per_run.push_back(static_cast<std::size_t>(value));
      sum += measurement.times_per_run.back();
    }
    if (!nodes.empty() && sum != measurement.seconds.size()) {
      return counts->Error("must add up to the number of seconds");
    }
  }
  if (object.Find("slower_than_s")) {
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.slower_than_s,
                              ReadNumber(object, "slower_than_s", 1e-300, 1e300));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.build_seconds, ReadNumber(object, "build_s", 0, 1e300));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.run_seconds, ReadNumber(object, "run_s", 0, 1e300));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.metrics, ReadMetrics(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  const int ends = static_cast<int>(measurement.failure.has_value()) +
                   static_cast<int>(measurement.slower_than_s.has_value()) +
                   static_cast<int>(!measurement.seconds.empty());
  if (ends != 1) return node.Error("must have one of failure, seconds and slower_than_s");
  return measurement;
}

base::Json ToJson(const Measurement& measurement) {
  base::Json json = base::Json::Object();
  if (measurement.failure) json["failure"] = FailureJson(*measurement.failure);
  json["seconds"] = measurement.seconds;
  if (!measurement.times_per_run.empty()) json["times_per_run"] = measurement.times_per_run;
  if (measurement.slower_than_s) json["slower_than_s"] = *measurement.slower_than_s;
  json["build_s"] = measurement.build_seconds;
  json["run_s"] = measurement.run_seconds;
  json["metrics"] = measurement.metrics;
  return json;
}

base::Json ToJson(const BuildReport& report) {
  base::Json json = {{"build_s", report.seconds}, {"metrics", report.metrics}};
  if (report.failure) json["failure"] = FailureJson(*report.failure);
  return json;
}

Result<BuildReport> ReadBuild(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  BuildReport report;
  FOOTHOLD_ASSIGN_OR_RETURN(report.failure, ReadFailure(object));
  FOOTHOLD_ASSIGN_OR_RETURN(report.seconds, ReadNumber(object, "build_s", 0, 1e300));
  FOOTHOLD_ASSIGN_OR_RETURN(report.metrics, ReadMetrics(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return report;
}

base::Json ToJson(const Comparison& comparison) {
  base::Json json = {{"candidates", base::Json::Array()}};
  for (const Comparison::Candidate& candidate : comparison.candidates) {
    base::Json one = {{"seconds", candidate.seconds}, {"tied", candidate.tied}};
    if (candidate.failure) one["failure"] = FailureJson(*candidate.failure);
    json["candidates"].push_back(std::move(one));
  }
  if (comparison.best) json["best"] = *comparison.best;
  return json;
}

Result<Comparison::Candidate> ReadCandidate(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Comparison::Candidate candidate;
  FOOTHOLD_ASSIGN_OR_RETURN(candidate.seconds, ReadTimes(object, "seconds"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode tied, object.Require("tied"));
  FOOTHOLD_ASSIGN_OR_RETURN(candidate.tied, tied.Bool());
  FOOTHOLD_ASSIGN_OR_RETURN(candidate.failure, ReadFailure(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return candidate;
}

Result<Comparison> ReadComparison(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, object.Require("candidates"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  Comparison comparison;
  for (const base::JsonNode& one : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(Comparison::Candidate candidate, ReadCandidate(one));
    comparison.candidates.push_back(std::move(candidate));
  }
  if (const auto best = object.Find("best")) {
    if (nodes.empty()) return best->Error("must be left out where there are no candidates");
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t place,
                              best->Int64(0, static_cast<std::int64_t>(nodes.size()) - 1));
    comparison.best = static_cast<std::size_t>(place);
    if (comparison.candidates[*comparison.best].seconds.empty()) {
      return best->Error("must be one that has seconds");
    }
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return comparison;
}

Result<std::vector<Demotion>> ReadDemotions(base::JsonObject& object) {
  std::vector<Demotion> demotions;
  const auto list = object.Find("demotions");
  if (!list) return demotions;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list->Array());
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject one, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode config_node, one.Require("config"));
    FOOTHOLD_ASSIGN_OR_RETURN(Config config, ReadConfig(config_node));
    FOOTHOLD_ASSIGN_OR_RETURN(std::optional<Failure> failure, ReadFailure(one));
    if (!failure) return node.Error("must have a failure");
    FOOTHOLD_RETURN_IF_ERROR(one.RejectUnknown());
    demotions.push_back({std::move(config), *std::move(failure)});
  }
  return demotions;
}

Result<std::optional<Steadiness>> ReadSteadiness(base::JsonObject& object) {
  const auto node = object.Find("steadiness");
  if (!node) return std::optional<Steadiness>();
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject one, node->Object());
  Steadiness steadiness;
  FOOTHOLD_ASSIGN_OR_RETURN(const double runs, ReadNumber(one, "runs", 0, 1e15));
  steadiness.runs = static_cast<std::size_t>(runs);
  FOOTHOLD_ASSIGN_OR_RETURN(steadiness.spread, ReadNumber(one, "spread", 0, 1e300));
  FOOTHOLD_ASSIGN_OR_RETURN(steadiness.slowest, ReadNumber(one, "slowest", 0, 1e300));
  FOOTHOLD_RETURN_IF_ERROR(one.RejectUnknown());
  return std::optional(steadiness);
}

/// The status of a result that has none of its own, and whether it is a diagnosis.
Status ReadStatus(base::JsonObject& object, JobResult& result) {
  const auto node = object.Find("status");
  if (!node) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject one, node->Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode code_node, one.Require("code"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t code,
                            code_node.Int64(1, static_cast<std::int64_t>(StatusCode::kCancelled)));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode message_node, one.Require("message"));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string message, message_node.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode diagnosis, one.Require("diagnosis"));
  FOOTHOLD_ASSIGN_OR_RETURN(result.is_diagnosis, diagnosis.Bool());
  FOOTHOLD_RETURN_IF_ERROR(one.RejectUnknown());
  result.status = Status(static_cast<StatusCode>(code), std::move(message));
  return {};
}

Status ReadFindings(base::JsonObject& object, JobResult& result) {
  if (const auto node = object.Find("measurement")) {
    FOOTHOLD_ASSIGN_OR_RETURN(result.measurement, ReadMeasurement(*node));
  }
  if (const auto node = object.Find("build")) {
    FOOTHOLD_ASSIGN_OR_RETURN(result.build, ReadBuild(*node));
  }
  if (const auto node = object.Find("comparison")) {
    FOOTHOLD_ASSIGN_OR_RETURN(result.comparison, ReadComparison(*node));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(result.demotions, ReadDemotions(object));
  FOOTHOLD_ASSIGN_OR_RETURN(result.steadiness, ReadSteadiness(object));
  return {};
}

void AddFindings(const JobResult& result, base::Json& json) {
  if (result.measurement) json["measurement"] = ToJson(*result.measurement);
  if (result.build) json["build"] = ToJson(*result.build);
  if (result.comparison) json["comparison"] = ToJson(*result.comparison);
  for (const Demotion& demotion : result.demotions) {
    json["demotions"].push_back(
        {{"config", demotion.config.choices}, {"failure", FailureJson(demotion.failure)}});
  }
  if (result.steadiness) {
    json["steadiness"] = {{"runs", result.steadiness->runs},
                          {"spread", result.steadiness->spread},
                          {"slowest", result.steadiness->slowest}};
  }
}

}  // namespace

bool operator==(const JobSetting& a, const JobSetting& b) {
  return a.space == b.space && a.run.timeout_s == b.run.timeout_s && a.run.verify == b.run.verify &&
         foothold::ToJson(a.workload) == foothold::ToJson(b.workload) &&
         OptionsJson(DeviceOptionsTable(), a.device) ==
             OptionsJson(DeviceOptionsTable(), b.device) &&
         OptionsJson(RepeatOptionsTable(), a.repeats) ==
             OptionsJson(RepeatOptionsTable(), b.repeats);
}

std::string SpaceDigest(const std::vector<Parameter>& parameters) {
  return base::ContentHash(space::ToJson(parameters).Dump()).substr(std::size("sha256 ") - 1, 16);
}

Result<std::string> ToMessage(const Job& job) {
  const JobSetting& setting = job.setting;
  base::Json json = {{"v", kFleetProtocol},
                     {"run", job.run},
                     {"job", job.job},
                     {"kind", kKinds[static_cast<std::size_t>(job.kind)]},
                     {"configs", base::Json::Array()},
                     {"harmless", job.harmless},
                     {"avoid", job.avoid},
                     {"workload", workload::WorkloadJson(setting.workload)},
                     {"space", setting.space},
                     {"timeout_s", setting.run.timeout_s},
                     {"verify", setting.run.verify},
                     {"device", OptionsJson(DeviceOptionsTable(), setting.device)},
                     {"repeats", OptionsJson(RepeatOptionsTable(), setting.repeats)}};
  for (const Config& config : job.configs) json["configs"].push_back(config.choices);
  if (job.kind == JobKind::kCompare) {
    json["seconds"] = job.seconds;
    json["seed"] = job.seed;
  }
  return Checked(json);
}

Result<Job> ParseJob(std::string_view message) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, ParseMessage(message, "job"));
  Job job;
  FOOTHOLD_ASSIGN_OR_RETURN(job.run, ReadName(object, "run"));
  FOOTHOLD_ASSIGN_OR_RETURN(job.job, ReadName(object, "job"));
  FOOTHOLD_ASSIGN_OR_RETURN(job.kind, ReadKind(object));
  FOOTHOLD_ASSIGN_OR_RETURN(job.configs, ReadConfigs(object, job.kind));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode harmless, object.Require("harmless"));
  FOOTHOLD_ASSIGN_OR_RETURN(job.harmless, harmless.Bool());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode avoid, object.Require("avoid"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> avoided, avoid.Array());
  for (const base::JsonNode& node : avoided) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string device, node.String());
    job.avoid.push_back(std::move(device));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(job.setting, ReadSetting(object));
  if (job.kind == JobKind::kCompare) {
    FOOTHOLD_ASSIGN_OR_RETURN(job.seconds, ReadNumber(object, "seconds", 0, 1e7));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode seed, object.Require("seed"));
    const std::optional<std::uint64_t> value = seed.value().Uint64();
    if (!value) return seed.Error("must be a whole number from 0 on");
    job.seed = *value;
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return job;
}

Result<std::string> ToMessage(const JobResult& result) {
  base::Json json = {{"v", kFleetProtocol},     {"run", result.run},
                     {"job", result.job},       {"attempt", result.attempt},
                     {"device", result.device}, {"worker", result.worker}};
  if (!result.status.ok()) {
    json["status"] = {{"code", static_cast<int>(result.status.code())},
                      {"message", result.status.message()},
                      {"diagnosis", result.is_diagnosis}};
  }
  AddFindings(result, json);
  return Checked(json);
}

Result<JobResult> ParseResult(std::string_view message) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, ParseMessage(message, "result"));
  JobResult result;
  FOOTHOLD_ASSIGN_OR_RETURN(result.run, ReadName(object, "run"));
  FOOTHOLD_ASSIGN_OR_RETURN(result.job, ReadName(object, "job"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode attempt, object.Require("attempt"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number,
                            attempt.Int64(1, std::numeric_limits<std::int64_t>::max()));
  result.attempt = static_cast<std::uint64_t>(number);
  FOOTHOLD_ASSIGN_OR_RETURN(result.device, ReadText(object, "device"));
  FOOTHOLD_ASSIGN_OR_RETURN(result.worker, ReadText(object, "worker"));
  FOOTHOLD_RETURN_IF_ERROR(ReadStatus(object, result));
  FOOTHOLD_RETURN_IF_ERROR(ReadFindings(object, result));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return result;
}

}  // namespace foothold::measure

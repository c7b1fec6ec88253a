// Reads the record log (docs/formats/record-log.md). log_lines.cc writes its lines.

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "core/space/parameters_json.h"
#include "core/workload/workload_json.h"
#include "foothold/record.h"

namespace foothold {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMinInt64 = std::numeric_limits<std::int64_t>::min();

// Reading of one field: `Read...(object, "field")`.

Result<std::string> ReadString(JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  return node.String();
}

/// Int64 ends at 2^63 - 1; seeds do not.
Result<std::uint64_t> ReadUint64(JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  if (const auto value = node.value().Uint64()) return *value;
  return node.Int64(0, kMaxInt64).status();
}

Result<double> ReadNumber(JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  return node.Number();
}

Result<double> ReadSeconds(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (seconds < 0) return node.Error(fmt::format("is {}, must not be negative", seconds));
  return seconds;
}

Result<double> ReadSeconds(JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  return ReadSeconds(node);
}

/// The integer `field`, of which only one value is right here.
Result<std::uint64_t> ReadExpected(JsonObject& object, const std::string& field,
                                   std::uint64_t expected, std::string_view what) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, node.Int64(0, kMaxInt64));
  if (static_cast<std::uint64_t>(value) == expected) return expected;
  return node.Error(fmt::format("is {}, must be {}, {}", value, expected, what));
}

/// An object whose field names are free.
template <typename Value, typename Read>
Result<std::map<std::string, Value>> ReadMap(JsonObject& object, const std::string& field,
                                             Read read) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto members, node.Members());
  std::map<std::string, Value> map;
  for (const auto& [name, value] : members) {
    FOOTHOLD_ASSIGN_OR_RETURN(map[name], read(value));
  }
  return map;
}

Result<std::map<std::string, std::string>> ReadStrings(JsonObject& object,
                                                       const std::string& field) {
  return ReadMap<std::string>(object, field, [](const JsonNode& node) { return node.String(); });
}

Result<Metrics> ReadNumbers(JsonObject& object, const std::string& field) {
  return ReadMap<double>(object, field, [](const JsonNode& node) { return node.Number(); });
}

Result<std::vector<Parameter>> ReadParameters(JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("parameters"));
  return ParseParameters(node);
}

Result<Config> ReadConfig(JsonObject& object, const std::vector<Parameter>& parameters) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("config"));
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject values, node.Object());
  Config config;
  for (const Parameter& parameter : parameters) {
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode choice, values.Require(parameter.name));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, choice.Int64(kMinInt64, kMaxInt64));
    const auto found = std::find(parameter.values.begin(), parameter.values.end(), value);
    if (found == parameter.values.end()) {
      return choice.Error(fmt::format("is {}, must be one of the parameter's values {}", value,
                                      Joined(parameter.values, ", ")));
    }
    config.choices.push_back(static_cast<std::uint32_t>(found - parameter.values.begin()));
  }
  FOOTHOLD_RETURN_IF_ERROR(values.RejectUnknown());
  return config;
}

/// Above 0, as any time that a candidate took.
Result<double> ReadTime(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (seconds > 0) return seconds;
  return node.Error(fmt::format("is {}, must be above 0", seconds));
}

Result<Outcome> ReadOutcome(JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  if (name == ToString(Outcome::kSlow)) return Outcome::kSlow;
  const Result<Outcome> outcome = ParseOutcome(name);
  if (!outcome.ok()) return node.Error(outcome.status().message());
  return outcome;
}

/// The fields beside `outcome` of what failed.
Result<Failure> ReadFailure(JsonObject& object, Outcome outcome) {
  Failure failure;
  failure.outcome = outcome;
  FOOTHOLD_ASSIGN_OR_RETURN(failure.stage, ReadString(object, "stage"));
  FOOTHOLD_ASSIGN_OR_RETURN(failure.reason, ReadString(object, "reason"));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode error, object.Require("autotvm_error"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, error.Int64(0, 8));
  failure.autotvm_error = static_cast<int>(number);
  return failure;
}

/// The times of something correct.
Result<std::vector<double>> ReadTimes(JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode seconds, object.Require("seconds"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> times, seconds.Array());
  if (times.empty()) return seconds.Error("is empty, must hold a time, as the outcome is correct");
  std::vector<double> values;
  for (const JsonNode& time : times) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double value, ReadTime(time));
    values.push_back(value);
  }
  return values;
}

/// Optional: logs of before it was, and trials that ran once, do without.
Status ReadTimesPerRun(JsonObject& object, Measurement& measurement) {
  const std::optional<JsonNode> field = object.Find("times_per_run");
  if (!field) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> counts, field->Array());
  std::size_t left = measurement.seconds.size();
  for (const JsonNode& count : counts) {
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

/// Fields that depend on how the trial ended.
Status ReadOutcomeFields(JsonObject& object, Measurement& measurement) {
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.outcome, ReadOutcome(object));
  if (measurement.outcome == Outcome::kSlow) {
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode bound, object.Require("slower_than_s"));
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.slower_than_s, ReadTime(bound));
    return {};
  }
  if (IsFailure(measurement.outcome)) {
    FOOTHOLD_ASSIGN_OR_RETURN(Failure failure, ReadFailure(object, measurement.outcome));
    measurement.stage = std::move(failure.stage);
    measurement.reason = std::move(failure.reason);
    measurement.autotvm_error = failure.autotvm_error;
    return {};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.seconds, ReadTimes(object));
  return ReadTimesPerRun(object, measurement);
}

/// Optional: where it says nothing about the config, and in logs of before it was.
Result<WithdrawalCause> ReadCause(JsonObject& object) {
  const std::optional<JsonNode> field = object.Find("cause");
  if (!field) return WithdrawalCause::kOther;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, field->String());
  if (name == "infrastructure") return WithdrawalCause::kInfrastructure;
  if (name == "signal") return WithdrawalCause::kSignal;
  return field->Error(
      fmt::format(R"(is {}, must be "infrastructure" or "signal")", field->value().Dump()));
}

/// A run on its way through the file.
struct OpenRun {
  RunLog log;
  std::map<std::uint64_t, Config> started;    ///< and neither finished nor withdrawn, by trial
  std::map<std::uint64_t, Config> withdrawn;  ///< and not started again, by trial
};

/// Reads the lines of one log in order.
class LineReader {
 public:
  Status Read(const JsonNode& line) {
    FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, line.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode type, object.Require("type"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, type.String());
    if (name == "run") {
      FOOTHOLD_RETURN_IF_ERROR(ReadRun(object));
    } else if (name == "started") {
      FOOTHOLD_RETURN_IF_ERROR(ReadStarted(line, object));
    } else if (name == "withdrawn") {
      FOOTHOLD_RETURN_IF_ERROR(ReadWithdrawn(object));
    } else if (name == "trial") {
      FOOTHOLD_RETURN_IF_ERROR(ReadTrial(line, object));
    } else if (name == "build") {
      FOOTHOLD_RETURN_IF_ERROR(ReadBuild(object));
    } else if (name == "final") {
      FOOTHOLD_RETURN_IF_ERROR(ReadFinal(object));
    } else {
      return type.Error(fmt::format(
          R"(is {}, must be "run", "started", "withdrawn", "trial", "build" or "final")",
          type.value().Dump()));
    }
    return object.RejectUnknown();
  }

  std::vector<RunLog> TakeRuns() {
    std::vector<RunLog> runs;
    for (OpenRun& run : runs_) {
      for (auto& [trial, config] : run.started) {
        run.log.unfinished.push_back({trial, std::move(config)});
      }
      for (auto& [trial, config] : run.withdrawn) {
        run.log.withdrawn.push_back({trial, std::move(config)});
      }
      runs.push_back(std::move(run.log));
    }
    return runs;
  }

 private:
  Status ReadRun(JsonObject& object) {
    FOOTHOLD_RETURN_IF_ERROR(
        ReadExpected(object, "version", kVersion, "the only version this Foothold reads").status());
    OpenRun run;
    FOOTHOLD_ASSIGN_OR_RETURN(run.log.run,
                              ReadExpected(object, "run", runs_.size() + 1, "the file's next run"));
    RunHeader& header = run.log.header;
    FOOTHOLD_ASSIGN_OR_RETURN(header.foothold_version, ReadString(object, "foothold"));
    FOOTHOLD_ASSIGN_OR_RETURN(header.target, ReadString(object, "target"));
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode workload, object.Require("workload"));
    FOOTHOLD_ASSIGN_OR_RETURN(header.workload, ParseWorkload(workload));
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
    FOOTHOLD_ASSIGN_OR_RETURN(header.parameters, ReadParameters(object));
    FOOTHOLD_ASSIGN_OR_RETURN(header.wall_clock, ReadNumber(object, "time"));
    runs_.push_back(std::move(run));
    return {};
  }

  /// The run that a line of another type belongs to.
  Result<OpenRun*> FindRun(JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("run"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, node.Int64(1, kMaxInt64));
    if (static_cast<std::uint64_t>(number) <= runs_.size()) {
      return &runs_[static_cast<std::size_t>(number - 1)];
    }
    return node.Error(
        fmt::format("is {}, must be that of an earlier line of type \"run\"", number));
  }

  Status ReadStarted(const JsonNode& line, JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("trial"));
    FOOTHOLD_ASSIGN_OR_RETURN(
        const std::int64_t trial,
        node.Int64(static_cast<std::int64_t>(run->log.trials.size()), kMaxInt64));
    FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ReadConfig(object, run->log.header.parameters));
    return MatchStarted(line, *run, static_cast<std::uint64_t>(trial), config);
  }

  Status ReadWithdrawn(JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("trial"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t trial, node.Int64(0, kMaxInt64));
    auto started = run->started.extract(static_cast<std::uint64_t>(trial));
    if (started.empty()) {
      return node.Error(
          fmt::format("is {}, must be a trial that was started and has not finished", trial));
    }
    run->withdrawn.insert(std::move(started));
    FOOTHOLD_ASSIGN_OR_RETURN(const WithdrawalCause cause, ReadCause(object));
    if (cause == WithdrawalCause::kOther) return {};
    run->log.withdrawal_causes[static_cast<std::uint64_t>(trial)].push_back(cause);
    return {};
  }

  Status ReadTrial(const JsonNode& line, JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
    TrialRecord record;
    FOOTHOLD_ASSIGN_OR_RETURN(record.trial, ReadExpected(object, "trial", run->log.trials.size(),
                                                         "the run's next trial"));
    Measurement& measurement = record.measurement;
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.config, ReadConfig(object, run->log.header.parameters));
    FOOTHOLD_RETURN_IF_ERROR(MatchStarted(line, *run, record.trial, measurement.config));
    FOOTHOLD_RETURN_IF_ERROR(ReadOutcomeFields(object, measurement));
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.build_seconds, ReadSeconds(object, "build_s"));
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.run_seconds, ReadSeconds(object, "run_s"));
    FOOTHOLD_ASSIGN_OR_RETURN(measurement.metrics, ReadNumbers(object, "metrics"));
    FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
    run->started.erase(record.trial);
    run->log.withdrawal_causes.erase(record.trial);
    run->log.trials.push_back(std::move(record));
    return {};
  }

  Status ReadBuild(JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
    BuildRecord record;
    FOOTHOLD_ASSIGN_OR_RETURN(record.build, ReadExpected(object, "build", run->log.builds.size(),
                                                         "the run's next build"));
    BuildReport& report = record.report;
    FOOTHOLD_ASSIGN_OR_RETURN(report.config, ReadConfig(object, run->log.header.parameters));
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode ok, object.Require("ok"));
    FOOTHOLD_ASSIGN_OR_RETURN(const bool built, ok.Bool());
    if (!built) {
      FOOTHOLD_ASSIGN_OR_RETURN(const Outcome outcome, ReadOutcome(object));
      if (!IsFailure(outcome)) {
        return ok.Error(
            fmt::format("is false, which no build with the outcome {} is", ToString(outcome)));
      }
      FOOTHOLD_ASSIGN_OR_RETURN(report.failure, ReadFailure(object, outcome));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(report.seconds, ReadSeconds(object, "build_s"));
    FOOTHOLD_ASSIGN_OR_RETURN(report.metrics, ReadNumbers(object, "metrics"));
    FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
    run->log.builds.push_back(std::move(record));
    return {};
  }

  Status ReadFinal(JsonObject& object) {
    FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
    FinalRecord record;
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode trials, object.Require("trials"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count,
                              trials.Int64(1, static_cast<std::int64_t>(run->log.trials.size())));
    record.trials = static_cast<std::uint64_t>(count);
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode list, object.Require("finalists"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> finalists, list.Array());
    for (const JsonNode& node : finalists) {
      FOOTHOLD_ASSIGN_OR_RETURN(auto finalist, ReadFinalist(node, *run, count));
      record.finalists.push_back(std::move(finalist));
    }
    if (record.finalists.empty() || !record.finalists.front().tied) {
      return list.Error("must begin with the best, which is tied");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
    run->log.finals.push_back(std::move(record));
    return {};
  }

  static Result<FinalRecord::Finalist> ReadFinalist(const JsonNode& node, const OpenRun& run,
                                                    std::int64_t trials) {
    FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, node.Object());
    FinalRecord::Finalist finalist;
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode number, object.Require("trial"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t trial, number.Int64(0, trials - 1));
    finalist.trial = static_cast<std::uint64_t>(trial);
    if (run.log.trials[finalist.trial].measurement.outcome != Outcome::kCorrect) {
      return number.Error(fmt::format("is {}, must be a trial that was correct", trial));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode tied, object.Require("tied"));
    FOOTHOLD_ASSIGN_OR_RETURN(finalist.tied, tied.Bool());
    FOOTHOLD_ASSIGN_OR_RETURN(finalist.seconds, ReadTimes(object));
    FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
    return finalist;
  }

  /// A trial that was started may be started again after a crash, or finished: always with the same
  /// config.
  static Status MatchStarted(const JsonNode& where, OpenRun& run, std::uint64_t trial,
                             const Config& config) {
    run.withdrawn.erase(trial);
    const auto [started, inserted] = run.started.try_emplace(trial, config);
    if (inserted || started->second == config) return {};
    return where.Error(
        fmt::format("trial {} was started with another config, must be the same", trial));
  }

  std::vector<OpenRun> runs_;
};

/// Whether a torn first line may be the start of a log. Anything else is a file of another kind,
/// and must not be taken for a log that lost everything.
bool MayBeginALog(std::string_view torn) {
  constexpr std::string_view kStart = R"({"type":"run",)";
  const std::size_t common = std::min(torn.size(), kStart.size());
  return torn.substr(0, common) == kStart.substr(0, common);
}

}  // namespace

Result<LogContents> ParseLog(std::string_view text, std::string_view path) {
  LogContents contents;
  LineReader reader;
  for (int number = 1; contents.intact_bytes < text.size(); ++number) {
    const std::string_view rest = text.substr(contents.intact_bytes);
    const std::size_t end = rest.find('\n');
    const bool is_last = end == std::string_view::npos || end + 1 == rest.size();
    if (end != std::string_view::npos) {
      const Result<JsonNode> line = JsonNode::Parse(rest.substr(0, end), path, number);
      if (line.ok()) {
        FOOTHOLD_RETURN_IF_ERROR(reader.Read(*line));
        contents.intact_bytes += end + 1;
        continue;
      }
      if (!is_last) return line.status();
    }
    if (contents.intact_bytes == 0 && !MayBeginALog(rest)) {
      return Status::InvalidArgument(fmt::format(
          R"({}:1: is not a record log; the first line must be a JSON object of type "run")",
          path));
    }
    contents.repaired =
        fmt::format("{}:{}: torn last line ({} bytes) ignored", path, number, rest.size());
    break;
  }
  contents.runs = reader.TakeRuns();
  return contents;
}

Result<LogContents> ReadLog(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, env.ReadFile(path));
  return ParseLog(text, path);
}

}  // namespace foothold

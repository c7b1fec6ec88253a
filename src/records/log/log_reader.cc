// Reads the lines of the record log (docs/formats/record-log.md). log_lines.cc writes them.

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/json.h"
#include "records/log/demotion.h"
#include "records/log/line_checksum.h"
#include "records/log/line_fields.h"
#include "records/log/line_reader.h"

namespace foothold::records {
namespace {

constexpr std::int64_t kVersion = 2;
/// From this version on each line has a checksum.
constexpr std::int64_t kChecksumVersion = 2;

/// Whether both begin the same work, if not at the same time.
bool BeginTheSame(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.searcher == b.searcher &&
         a.seed == b.seed && a.options == b.options && a.parameters == b.parameters &&
         a.dependencies == b.dependencies && a.objective == b.objective;
}

/// A trial that was started may be started again after a crash, or finished: always with the same
/// config.
bool IsAsStarted(const std::map<std::uint64_t, Config>& started, std::uint64_t trial,
                 const Config& config) {
  const auto found = started.find(trial);
  return found == started.end() || found->second == config;
}

std::string OtherConfig(const base::JsonNode& line, std::uint64_t trial) {
  return line
      .Error(fmt::format("trial {} was started with another config, must be the same", trial))
      .message();
}

/// "tune.jsonl:17: trial: is 6, must be 5, the run's next trial".
std::string OutOfOrder(const base::JsonNode& node, std::uint64_t number, std::uint64_t expected,
                       std::string_view what) {
  return node.Error(fmt::format("is {}, must be {}, {}", number, expected, what)).message();
}

std::vector<StartedRecord> ToRecords(const std::map<std::uint64_t, Config>& configs) {
  std::vector<StartedRecord> records;
  for (const auto& [trial, config] : configs) records.push_back({trial, config});
  return records;
}

Result<FinalRecord::Finalist> ReadFinalist(const base::JsonNode& node, const RunLog& run,
                                           std::int64_t trials) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FinalRecord::Finalist finalist;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode number, object.Require("trial"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t trial, number.Int64(0, trials - 1));
  finalist.trial = static_cast<std::uint64_t>(trial);
  if (run.trials[finalist.trial].measurement.outcome() != Outcome::kCorrect) {
    return number.Error(fmt::format("is {}, must be a trial that was correct", trial));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode tied, object.Require("tied"));
  FOOTHOLD_ASSIGN_OR_RETURN(finalist.tied, tied.Bool());
  FOOTHOLD_ASSIGN_OR_RETURN(finalist.seconds, ReadTimes(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return finalist;
}

}  // namespace

Status LineReader::Read(const base::JsonNode& line, bool has_checksum) {
  misfit_.clear();
  has_checksum_ = has_checksum;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, line.Object());
  const auto checksum = object.Find(kChecksumField);
  if (checksum && !has_checksum) {
    return checksum->Error("must be the line's last field, and eight hexadecimal digits");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode type, object.Require("type"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, type.String());
  if (name == "run") return ReadRun(object);
  if (name == "started") return ReadStarted(line, object);
  if (name == "withdrawn") return ReadWithdrawn(object);
  if (name == "trial") return ReadTrial(line, object);
  if (name == "build") return ReadBuild(object);
  if (name == "demoted") return ReadDemoted(object);
  if (name == "final") return ReadFinal(object);
  return type.Error(fmt::format(
      R"(is {}, must be "run", "started", "withdrawn", "trial", "build", "demoted" or "final")",
      type.value().Dump()));
}

void LineReader::Finish(bool is_damaged) {
  for (const OpenRun& run : open_) {
    RunLog& log = LogOf(run);
    log.withdrawn = ToRecords(run.withdrawn);
    log.unfinished = ToRecords(run.started);
    if (!is_damaged) continue;
    // What became of them may have been said by a line that is lost.
    log.withdrawn.insert(log.withdrawn.end(), log.unfinished.begin(), log.unfinished.end());
    log.unfinished.clear();
    std::sort(log.withdrawn.begin(), log.withdrawn.end(),
              [](const auto& a, const auto& b) { return a.trial < b.trial; });
  }
  if (!is_damaged) return;
  for (std::size_t i = 0; i < runs_.size(); ++i) runs_[i].run = i + 1;
}

Status LineReader::ReadRun(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("version"));
  OpenRun run;
  FOOTHOLD_ASSIGN_OR_RETURN(run.version, version.Int64(1, kMaxInt64));
  if (run.version > kVersion) {
    saw_unknown_version_ = true;
    return version.Error(fmt::format(
        "is {}, must be 1 or {}, the versions this Foothold reads; a newer one wrote it",
        run.version, kVersion));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("run"));
  if (run.version >= kChecksumVersion && !has_checksum_) {
    FOOTHOLD_RETURN_IF_ERROR(object.Require(kChecksumField).status());
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::uint64_t number, ReadIndex(node));
  RunLog log;
  log.run = number;
  FOOTHOLD_ASSIGN_OR_RETURN(log.header, ReadHeader(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());

  const std::uint64_t expected = by_number_.empty() ? 1 : by_number_.rbegin()->first + 1;
  if (number != expected) misfit_ = OutOfOrder(node, number, expected, "the file's next run");
  const auto known = by_number_.find(number);
  const bool is_known =
      known != by_number_.end() && BeginTheSame(LogOf(open_[known->second]).header, log.header);
  if (is_known) return {};
  run.index = runs_.size();
  by_number_[number] = open_.size();
  runs_.push_back(std::move(log));
  open_.push_back(std::move(run));
  return {};
}

Result<LineReader::OpenRun*> LineReader::FindRun(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("run"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, node.Int64(1, kMaxInt64));
  const auto found = by_number_.find(static_cast<std::uint64_t>(number));
  if (found == by_number_.end()) {
    return node.Error(
        fmt::format("is {}, must be that of an earlier line of type \"run\"", number));
  }
  OpenRun& run = open_[found->second];
  if (run.version >= kChecksumVersion && !has_checksum_) {
    FOOTHOLD_RETURN_IF_ERROR(object.Require(kChecksumField).status());
  }
  return &run;
}

/// Where things of `run` go that cannot follow what it has.
RunLog& LineReader::Apart(OpenRun& run) {
  if (!run.apart) {
    run.apart = runs_.size();
    RunLog apart;
    apart.run = runs_.size() + 1;
    apart.header = LogOf(run).header;
    apart.header.options["salvaged"] =
        fmt::format("what does not follow the other lines of run {}", LogOf(run).run);
    runs_.push_back(std::move(apart));
  }
  return runs_[*run.apart];
}

Status LineReader::ReadStarted(const base::JsonNode& line, base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  const RunLog& log = LogOf(*run);
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("trial"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number,
                            node.Int64(static_cast<std::int64_t>(log.trials.size()), kMaxInt64));
  const auto trial = static_cast<std::uint64_t>(number);
  FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ReadConfig(object, log.header.parameters));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (!IsAsStarted(run->started, trial, config)) {
    return Status::InvalidArgument(OtherConfig(line, trial));
  }
  run->withdrawn.erase(trial);
  run->started.emplace(trial, config);
  return {};
}

Status LineReader::ReadWithdrawn(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("trial"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::uint64_t trial, ReadIndex(node));
  FOOTHOLD_ASSIGN_OR_RETURN(const WithdrawalCause cause, ReadCause(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  auto started = run->started.extract(trial);
  if (started.empty()) {
    return node.Error(
        fmt::format("is {}, must be a trial that was started and has not finished", trial));
  }
  run->withdrawn.insert(std::move(started));
  if (cause != WithdrawalCause::kOther) LogOf(*run).withdrawal_causes[trial].push_back(cause);
  return {};
}

Status LineReader::ReadTrial(const base::JsonNode& line, base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  TrialRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode number, object.Require("trial"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.trial, ReadIndex(number));
  Measurement& measurement = record.measurement;
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.config, ReadConfig(object, LogOf(*run).header.parameters));
  FOOTHOLD_RETURN_IF_ERROR(ReadOutcomeFields(object, measurement));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.build_seconds, ReadSeconds(object, "build_s"));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.run_seconds, ReadSeconds(object, "run_s"));
  FOOTHOLD_ASSIGN_OR_RETURN(measurement.metrics, ReadNumbers(object, "metrics"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());

  const std::uint64_t next = LogOf(*run).trials.size();
  if (record.trial != next) {
    misfit_ = OutOfOrder(number, record.trial, next, "the run's next trial");
  } else if (!IsAsStarted(run->started, record.trial, measurement.config)) {
    misfit_ = OtherConfig(line, record.trial);
  }
  if (misfit_.empty()) {
    run->started.erase(record.trial);
    run->withdrawn.erase(record.trial);
    LogOf(*run).withdrawal_causes.erase(record.trial);
    LogOf(*run).trials.push_back(std::move(record));
  } else {
    RunLog& apart = Apart(*run);
    record.trial = apart.trials.size();
    apart.trials.push_back(std::move(record));
  }
  return {};
}

Status LineReader::ReadBuild(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  BuildRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode number, object.Require("build"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.build, ReadIndex(number));
  BuildReport& report = record.report;
  FOOTHOLD_ASSIGN_OR_RETURN(report.config, ReadConfig(object, LogOf(*run).header.parameters));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode ok, object.Require("ok"));
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
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());

  const std::uint64_t next = LogOf(*run).builds.size();
  if (record.build != next) {
    misfit_ = OutOfOrder(number, record.build, next, "the run's next build");
  }
  RunLog& log = misfit_.empty() ? LogOf(*run) : Apart(*run);
  record.build = log.builds.size();
  log.builds.push_back(std::move(record));
  return {};
}

Status LineReader::ReadDemoted(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  RunLog& log = LogOf(*run);
  DemotedRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode number, object.Require("trial"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.trial, ReadIndex(number));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode found_at, object.Require("found_at"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.found_at, ReadIndex(found_at));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode how, object.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const Outcome outcome, ReadOutcome(object));
  if (!IsFailure(outcome)) {
    return how.Error(fmt::format("is {}, must be a failure", how.value().Dump()));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(record.failure, ReadFailure(object, outcome));
  FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (record.trial >= log.trials.size() ||
      log.trials[record.trial].measurement.outcome() != Outcome::kCorrect) {
    return number.Error(fmt::format("is {}, must be a trial that was correct", record.trial));
  }
  Demote(std::move(record), log);
  return {};
}

Status LineReader::ReadFinal(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(OpenRun * run, FindRun(object));
  RunLog& log = LogOf(*run);
  FinalRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode trials, object.Require("trials"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count,
                            trials.Int64(1, static_cast<std::int64_t>(log.trials.size())));
  record.trials = static_cast<std::uint64_t>(count);
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, object.Require("finalists"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> finalists, list.Array());
  for (const base::JsonNode& node : finalists) {
    FOOTHOLD_ASSIGN_OR_RETURN(auto finalist, ReadFinalist(node, log, count));
    record.finalists.push_back(std::move(finalist));
  }
  if (record.finalists.empty() || !record.finalists.front().tied) {
    return list.Error("must begin with the best, which is tied");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(record.wall_clock, ReadNumber(object, "time"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  log.finals.push_back(std::move(record));
  return {};
}

}  // namespace foothold::records

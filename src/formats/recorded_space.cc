#include "foothold/recorded_space.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "foothold/version.h"
#include "foothold/workload.h"
#include "formats/gzip.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

Result<RecordedFormat> FormatOf(std::string_view text, std::string_view path) {
  // An open cache is not JSON yet, and no other format can be open.
  const auto root = base::JsonNode::Parse(text, path);
  if (!root.ok()) return RecordedFormat::kKernelTuner;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject file, root->Object());
  if (file.Find("cache")) return RecordedFormat::kKernelTuner;
  if (file.Find("results")) return RecordedFormat::kT4;
  if (file.Find("Results")) return RecordedFormat::kKtt;
  return root->Error("has no cache (Kernel Tuner), results (T4) or Results (KTT)");
}

/// Seconds since 1970 are what a record log has, and are what T4 gets.
RecordedTrial ToRecordedTrial(const TrialRecord& record) {
  constexpr double kMillisecondsPerSecond = 1e3;
  const Measurement& measurement = record.measurement;
  RecordedTrial trial;
  trial.config = measurement.config;
  trial.outcome = measurement.outcome();
  if (measurement.failure) trial.failure = measurement.failure->stage;
  if (measurement.slower_than_s) {  // the formats have one limit, and no word for a bound
    trial.outcome = Outcome::kTimeout;
    trial.failure =
        fmt::format("slower than {} ms", *measurement.slower_than_s * kMillisecondsPerSecond);
  }
  for (const double seconds : measurement.seconds) {
    trial.times_ms.push_back(seconds * kMillisecondsPerSecond);
  }
  if (trial.outcome == Outcome::kCorrect) {
    trial.objective = measurement.MedianSeconds() * kMillisecondsPerSecond;
  }
  trial.compile_ms = measurement.build_seconds * kMillisecondsPerSecond;
  trial.benchmark_ms = measurement.run_seconds * kMillisecondsPerSecond;
  trial.timestamp = fmt::format("{}", record.wall_clock);
  trial.metrics = measurement.metrics;
  return trial;
}

std::string DifferenceBetween(const RunHeader& a, const RunHeader& b) {
  if (a.target != b.target) return "target";
  if (!ComputeTheSame(a.workload, b.workload)) return "workload";
  return a.parameters != b.parameters ? "parameters" : "";
}

/// The workload that a kernel's name stands for.
Workload WorkloadOf(const std::string& kernel) {
  const Result<Workload> inline_form = ParseInlineWorkload(kernel);
  if (inline_form.ok()) return *inline_form;
  Workload workload{"", Kernel{kernel.empty() ? "unnamed" : kernel}, {}};
  workload.name = ToInline(workload);
  return workload;
}

/// The parameter as our logs have it: values that are no whole numbers are labels.
Parameter ToParameter(const RecordedParameter& recorded) {
  Parameter parameter{recorded.name, {}};
  const bool is_whole = std::all_of(
      recorded.values.begin(), recorded.values.end(),
      [](const ParameterValue& value) { return std::holds_alternative<std::int64_t>(value); });
  for (std::size_t i = 0; i < recorded.values.size(); ++i) {
    const auto code = static_cast<std::int64_t>(i);
    parameter.values.push_back(is_whole ? std::get<std::int64_t>(recorded.values[i]) : code);
  }
  if (!is_whole) parameter.labels = recorded.values;
  return parameter;
}

TrialRecord ToTrialRecord(const RecordedTrial& recorded, std::uint64_t number) {
  constexpr double kMillisecondsPerSecond = 1e3;
  TrialRecord trial;
  trial.trial = number;
  Measurement& measurement = trial.measurement;
  measurement.config = recorded.config;
  measurement.metrics = recorded.metrics;
  measurement.build_seconds = recorded.compile_ms / kMillisecondsPerSecond;
  measurement.run_seconds = (recorded.verify_ms + recorded.benchmark_ms) / kMillisecondsPerSecond;
  if (recorded.outcome == Outcome::kCorrect) {
    measurement.seconds = {*recorded.objective / kMillisecondsPerSecond};
    return trial;
  }
  const std::string stage =
      recorded.failure.empty() ? std::string(ToString(recorded.outcome)) : recorded.failure;
  measurement.failure = {recorded.outcome, stage, "recorded as " + stage};
  return trial;
}

}  // namespace

bool LooksLikeRecordedSpace(std::string_view text) {
  if (formats::IsGzip(text)) return true;
  const std::size_t brace = text.find_first_not_of(" \t\r\n");
  if (brace == std::string_view::npos || text[brace] != '{') return false;
  // Each line of a log is a whole object; these files are one object, on one line or many.
  const std::string_view line = text.substr(0, text.find('\n'));
  const auto first = base::JsonNode::Parse(line, "");
  if (first.ok() && first->value().contains("type")) return false;  // of a record log
  const std::string_view head = first.ok() ? line : text;
  const auto has = [&](std::string_view field) { return head.find(field) != std::string::npos; };
  return has("\"cache\"") || has("\"results\"") || has("\"Results\"");
}

Result<LogContents> ToLogContents(RecordedSpace& space, std::string_view path) {
  if (space.objective != "time") {
    return Status::InvalidArgument(
        fmt::format("{}: was tuned for {}, must be for time: only less time is known to be better",
                    path, space.objective));
  }
  RunLog run;
  run.header.foothold_version = FOOTHOLD_VERSION;
  run.header.target = space.device.empty() ? "unknown device" : space.device;
  run.header.workload = WorkloadOf(space.kernel);
  if (const Status status = Validate(run.header.workload); !status.ok())
    return Status::InvalidArgument(fmt::format("{}: {}", path, status.message()));
  run.header.searcher = "imported";
  run.header.options["imported_from"] = "recorded space";
  for (const RecordedParameter& parameter : space.parameters)
    run.header.parameters.push_back(ToParameter(parameter));
  for (const RecordedTrial& trial : space.trials)
    run.trials.push_back(ToTrialRecord(trial, run.trials.size()));
  LogContents log;
  log.runs.push_back(std::move(run));
  return log;
}

Result<RecordedSpace> ReadRecordedSpace(Env& env, const std::string& path,
                                        std::optional<RecordedFormat> format) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::string text, env.ReadFile(path));
  if (formats::IsGzip(text)) {
    FOOTHOLD_ASSIGN_OR_RETURN(text, formats::Gunzip(text, path));
  }
  if (!format) {
    FOOTHOLD_ASSIGN_OR_RETURN(format, FormatOf(text, path));
  }
  if (*format == RecordedFormat::kT4) return ParseT4(text, path);
  if (*format == RecordedFormat::kKtt) return ParseKtt(text, path);
  return ParseKernelTunerCache(text, path);
}

Result<RecordedSpace> ToRecordedSpace(const LogContents& log, std::string_view path) {
  RecordedSpace space;
  std::size_t unfinished = 0;
  std::size_t slow = 0;
  std::size_t builds = 0;
  for (const RunLog& run : log.runs) {
    const RunHeader& first = log.runs.front().header;
    if (const std::string field = DifferenceBetween(first, run.header); !field.empty()) {
      return Status::InvalidArgument(
          fmt::format("{}: run {} has another {} than run {}, and a recorded space is of one", path,
                      run.run, field, log.runs.front().run));
    }
    for (const TrialRecord& trial : run.trials) {
      space.trials.push_back(ToRecordedTrial(trial));
      slow += trial.measurement.outcome() == Outcome::kSlow ? 1 : 0;
    }
    unfinished += run.unfinished.size();
    builds += run.builds.size();
  }
  if (log.runs.empty()) return Status::InvalidArgument(fmt::format("{}: holds no run", path));
  const RunHeader& header = log.runs.front().header;
  space.device = header.target;
  space.kernel = ToInline(header.workload);
  for (const Parameter& parameter : header.parameters) {
    space.parameters.push_back(
        {parameter.name, {parameter.values.begin(), parameter.values.end()}});
  }
  space.lost.emplace_back(
      "searchers, seeds, options, machines and the reasons of failures are left out; their stages "
      "stand for them");
  if (slow > 0) {
    space.lost.push_back(fmt::format(
        "{} configs that were stopped as slower than a bound become timeouts, which is said of "
        "configs that are no good",
        slow));
  }
  if (unfinished > 0) {
    space.lost.push_back(
        fmt::format("{} configs without a finished trial are left out", unfinished));
  }
  if (builds > 0) space.lost.push_back(fmt::format("{} builds without a run are left out", builds));
  return space;
}

}  // namespace foothold

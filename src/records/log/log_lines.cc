// Writes the lines of the record log (docs/formats/record-log.md). log_reader.cc reads them.

#include <cmath>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "core/space/parameters_json.h"
#include "core/workload/workload_json.h"
#include "foothold/record.h"
#include "records/log/line_checksum.h"
#include "records/log/objective_json.h"

namespace foothold {
namespace {

/// Numbers in their shortest form: a log of thousands of trials is mostly numbers.
constexpr base::JsonStyle kStyle = {.numbers = base::JsonStyle::Numbers::kShort};

double Finite(double value) {
  FOOTHOLD_CHECK(std::isfinite(value), "JSON has no way to write it");
  return value;
}

base::Json Numbers(const std::vector<double>& values) {
  base::Json json = base::Json::Array();
  for (const double value : values) json.push_back(Finite(value));
  return json;
}

base::Json Numbers(const std::map<std::string, double>& values) {
  base::Json json = base::Json::Object();
  for (const auto& [name, value] : values) json[name] = Finite(value);
  return json;
}

/// Values, not indices: a line says what was run without its header at hand.
base::Json Values(const Config& config, const std::vector<Parameter>& parameters) {
  FOOTHOLD_CHECK(config.choices.size() == parameters.size(), "the config is of another space");
  base::Json json = base::Json::Object();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    FOOTHOLD_CHECK(config.choices[i] < parameter.values.size(), "the config is of another space");
    json[parameter.name] = parameter.values[config.choices[i]];
  }
  return json;
}

/// Left out where it says nothing about the config.
void AddCause(WithdrawalCause cause, base::Json& line) {
  switch (cause) {
    case WithdrawalCause::kInfrastructure:
      line["cause"] = "infrastructure";
      break;
    case WithdrawalCause::kSignal:
      line["cause"] = "signal";
      break;
    case WithdrawalCause::kOther:
      break;
  }
}

void AddFailure(const Failure& failure, base::Json& line) {
  line["outcome"] = ToString(failure.outcome);
  line["stage"] = failure.stage;
  line["reason"] = failure.reason;
}

/// What is said about a trial depends on how it ended.
void AddOutcome(const Measurement& measurement, base::Json& line) {
  if (measurement.failure) return AddFailure(*measurement.failure, line);
  line["outcome"] = ToString(measurement.outcome());
  if (measurement.slower_than_s) {
    line["slower_than_s"] = Finite(*measurement.slower_than_s);
    return;
  }
  line["seconds"] = Numbers(measurement.seconds);
  // Left out where all times are of one run.
  if (!measurement.times_per_run.empty()) line["times_per_run"] = measurement.times_per_run;
}

}  // namespace

std::string ToJsonLine(const RunHeader& header, std::uint64_t run) {
  base::Json line = {{"type", "run"},
                     {"version", 2},
                     {"run", run},
                     {"foothold", header.foothold_version},
                     {"target", header.target},
                     {"workload", workload::WorkloadJson(header.workload)},
                     {"searcher", header.searcher},
                     {"seed", header.seed},
                     {"options", header.options},
                     {"machine", header.machine}};
  if (!header.device_numbers.empty()) line["device"] = Numbers(header.device_numbers);
  if (header.dependencies) line["dependencies"] = *header.dependencies;
  if (header.objective) line["objective"] = records::ToJson(*header.objective);
  line["parameters"] = space::ToJson(header.parameters);
  line["time"] = Finite(header.wall_clock);
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const StartedRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  const base::Json line = {{"type", "started"},
                           {"run", run},
                           {"trial", record.trial},
                           {"config", Values(record.config, parameters)}};
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const WithdrawnRecord& record, std::uint64_t run) {
  base::Json line = {{"type", "withdrawn"}, {"run", run}, {"trial", record.trial}};
  AddCause(record.cause, line);
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const TrialRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  const Measurement& measurement = record.measurement;
  base::Json line = {{"type", "trial"},
                     {"run", run},
                     {"trial", record.trial},
                     {"config", Values(measurement.config, parameters)}};
  AddOutcome(measurement, line);
  line["build_s"] = Finite(measurement.build_seconds);
  line["run_s"] = Finite(measurement.run_seconds);
  line["metrics"] = Numbers(measurement.metrics);
  line["time"] = Finite(record.wall_clock);
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const BuildRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  const BuildReport& report = record.report;
  base::Json line = {{"type", "build"},
                     {"run", run},
                     {"build", record.build},
                     {"config", Values(report.config, parameters)},
                     {"ok", report.ok()}};
  if (!report.ok()) AddFailure(*report.failure, line);
  line["build_s"] = Finite(report.seconds);
  line["metrics"] = Numbers(report.metrics);
  line["time"] = Finite(record.wall_clock);
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const DemotedRecord& record, std::uint64_t run) {
  base::Json line = {
      {"type", "demoted"}, {"run", run}, {"trial", record.trial}, {"found_at", record.found_at}};
  AddFailure(record.failure, line);
  line["time"] = Finite(record.wall_clock);
  return records::WithChecksum(line.Dump(kStyle));
}

std::string ToJsonLine(const FinalRecord& record, std::uint64_t run) {
  base::Json finalists = base::Json::Array();
  for (const FinalRecord::Finalist& finalist : record.finalists) {
    finalists.push_back({{"trial", finalist.trial},
                         {"tied", finalist.tied},
                         {"seconds", Numbers(finalist.seconds)}});
  }
  const base::Json line = {{"type", "final"},
                           {"run", run},
                           {"trials", record.trials},
                           {"finalists", std::move(finalists)},
                           {"time", Finite(record.wall_clock)}};
  return records::WithChecksum(line.Dump(kStyle));
}

namespace {

/// A started and a withdrawn line for each cause that counts against the trial's config.
std::string WithdrawnLines(const RunLog& run, const StartedRecord& started,
                           const std::vector<WithdrawalCause>& causes) {
  std::string text;
  for (const WithdrawalCause cause : causes) {
    text += ToJsonLine(started, run.run, run.header.parameters) + "\n";
    text += ToJsonLine(WithdrawnRecord{started.trial, cause}, run.run) + "\n";
  }
  return text;
}

std::vector<WithdrawalCause> CausesOf(const RunLog& run, std::uint64_t trial) {
  const auto found = run.withdrawal_causes.find(trial);
  return found == run.withdrawal_causes.end() ? std::vector<WithdrawalCause>() : found->second;
}

/// As it was written when it was finished.
TrialRecord AsMeasured(const RunLog& run, TrialRecord trial) {
  for (const Demotion& demotion : run.demotions) {
    if (demotion.record.trial == trial.trial) trial.measurement = demotion.measured;
  }
  return trial;
}

}  // namespace

std::string ToJsonLines(const LogContents& log) {
  std::string text;
  for (const RunLog& run : log.runs) {
    const auto& parameters = run.header.parameters;
    text += ToJsonLine(run.header, run.run) + "\n";
    for (const BuildRecord& build : run.builds) {
      text += ToJsonLine(build, run.run, parameters) + "\n";
    }
    for (const TrialRecord& trial : run.trials) {
      text += ToJsonLine(AsMeasured(run, trial), run.run, parameters) + "\n";
    }
    for (const Demotion& demotion : run.demotions) {
      text += ToJsonLine(demotion.record, run.run) + "\n";
    }
    for (const StartedRecord& started : run.unfinished) {
      text += WithdrawnLines(run, started, CausesOf(run, started.trial));
      text += ToJsonLine(started, run.run, parameters) + "\n";
    }
    for (const StartedRecord& started : run.withdrawn) {
      std::vector<WithdrawalCause> causes = CausesOf(run, started.trial);
      if (causes.empty()) causes = {WithdrawalCause::kOther};
      text += WithdrawnLines(run, started, causes);
    }
    for (const FinalRecord& final : run.finals) text += ToJsonLine(final, run.run) + "\n";
  }
  return text;
}

}  // namespace foothold

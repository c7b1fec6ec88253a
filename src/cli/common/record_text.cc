#include "cli/common/record_text.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <cmath>
#include <ctime>

#include "cli/common/arguments.h"
#include "cli/common/text_table.h"
#include "tune/changes.h"

namespace foothold::cli {
namespace {

std::string HeaderText(const RunLog& run) {
  const RunHeader& header = run.header;
  std::string text = fmt::format(
      "run {}: {} ({}) on {}\n"
      "  searcher {}, seed {}",
      run.run, header.workload.name, ToString(header.workload), header.target, header.searcher,
      header.seed);
  for (const auto& [name, value] : header.options) text += fmt::format(", {} {}", name, value);
  text +=
      fmt::format("\n  foothold {}, {}\n", header.foothold_version, TimeOfDay(header.wall_clock));
  if (!header.dependencies) return text;
  for (const auto& [name, value] : *header.dependencies) {
    text += fmt::format("  depends on {}: {}\n", name, Abbreviated(value));
  }
  return text;
}

std::string WhatBecameOfIt(const Measurement& measurement) {
  if (measurement.outcome == Outcome::kCorrect) {
    return Milliseconds(measurement.MedianSeconds()) + " ms";
  }
  if (measurement.slower_than_s) {
    return "stopped, slower than " + Milliseconds(*measurement.slower_than_s) + " ms";
  }
  return measurement.stage + ": " + measurement.reason;
}

std::string TrialText(const TrialRecord& trial, const std::vector<Parameter>& parameters) {
  const Measurement& measurement = trial.measurement;
  return fmt::format("  {:>5}  {:<11}  {}  [{}]\n", trial.trial, ToString(measurement.outcome),
                     DescribeConfig(parameters, measurement.config), WhatBecameOfIt(measurement));
}

std::string BuildText(const BuildRecord& build, const std::vector<Parameter>& parameters) {
  const auto& failure = build.report.failure;
  return fmt::format("  {:>5}  {:<11}  {}  [{}]\n", fmt::format("b{}", build.build),
                     failure ? ToString(failure->outcome) : "builds",
                     DescribeConfig(parameters, build.report.config),
                     failure ? failure->stage + ": " + failure->reason : "not run");
}

std::string StartedText(const StartedRecord& started, const std::vector<Parameter>& parameters,
                        std::string_view what_became) {
  return fmt::format("  {:>5}  {:<11}  {}  [{}]\n", started.trial, "-",
                     DescribeConfig(parameters, started.config), what_became);
}

/// Of a trial without a result.
std::string WithdrawnText(std::size_t suspicious) {
  std::string text = "withdrawn, counts as never started";
  if (suspicious > 0) {
    text += fmt::format("; {} of {} times that may be its own fault", suspicious, kMostWithdrawals);
  }
  return text;
}

/// How often the trial was withdrawn for a cause that may be its config.
std::vector<WithdrawalCause> CausesOf(const RunLog& run, std::uint64_t trial) {
  const auto found = run.withdrawal_causes.find(trial);
  return found == run.withdrawal_causes.end() ? std::vector<WithdrawalCause>() : found->second;
}

/// The lines by which a reader gets to know of them again.
std::string WithdrawnLines(const RunLog& run, const StartedRecord& started,
                           const std::vector<WithdrawalCause>& causes) {
  std::string text;
  for (const WithdrawalCause cause : causes) {
    text += ToJsonLine(started, run.run, run.header.parameters) + "\n";
    text += ToJsonLine(WithdrawnRecord{started.trial, cause}, run.run) + "\n";
  }
  return text;
}

std::string FinalText(const FinalRecord& final) {
  std::string tied;
  for (const FinalRecord::Finalist& finalist : final.finalists) {
    if (finalist.tied) tied += fmt::format("{}{}", tied.empty() ? "" : ", ", finalist.trial);
  }
  return fmt::format("  final of {} after {} trials, {} rounds: best and tied with it: {}\n",
                     final.finalists.size(), final.trials, final.finalists.front().seconds.size(),
                     tied);
}

}  // namespace

std::string TimeOfDay(double wall_clock_seconds) {
  const auto seconds = static_cast<std::time_t>(std::floor(wall_clock_seconds));
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string DumpText(const LogContents& contents) {
  std::string text;
  for (const RunLog& run : contents.runs) {
    text += HeaderText(run);
    for (const BuildRecord& build : run.builds) text += BuildText(build, run.header.parameters);
    for (const TrialRecord& trial : run.trials) text += TrialText(trial, run.header.parameters);
    for (const StartedRecord& started : run.unfinished) {
      text += StartedText(started, run.header.parameters, "started, never finished");
    }
    for (const StartedRecord& started : run.withdrawn) {
      text += StartedText(started, run.header.parameters,
                          WithdrawnText(CausesOf(run, started.trial).size()));
    }
    for (const FinalRecord& final : run.finals) text += FinalText(final);
  }
  return text;
}

std::string DumpJsonLines(const LogContents& contents) {
  std::string text;
  for (const RunLog& run : contents.runs) {
    const auto& parameters = run.header.parameters;
    text += ToJsonLine(run.header, run.run) + "\n";
    for (const BuildRecord& build : run.builds) {
      text += ToJsonLine(build, run.run, parameters) + "\n";
    }
    for (const TrialRecord& trial : run.trials) {
      text += ToJsonLine(trial, run.run, parameters) + "\n";
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

}  // namespace foothold::cli

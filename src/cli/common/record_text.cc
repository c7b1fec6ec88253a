#include "cli/common/record_text.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <cmath>
#include <ctime>

#include "base/terminal_text.h"
#include "cli/common/arguments.h"
#include "cli/common/figures.h"
#include "records/log/changes.h"

namespace foothold::cli {
namespace {

std::string HeaderText(const RunLog& run) {
  const RunHeader& header = run.header;
  std::string text = fmt::format(
      "run {}: {} ({}) on {}\n"
      "  searcher {}, seed {}",
      run.run, base::TerminalText(header.workload.name), ToString(header.workload),
      base::TerminalText(header.target), base::TerminalText(header.searcher), header.seed);
  for (const auto& [name, value] : header.options) {
    text += fmt::format(", {} {}", base::TerminalText(name), base::TerminalText(value));
  }
  text += fmt::format("\n  foothold {}, {}\n", base::TerminalText(header.foothold_version),
                      TimeOfDay(header.wall_clock));
  if (!header.dependencies) return text;
  for (const auto& [name, value] : *header.dependencies) {
    text += fmt::format("  depends on {}: {}\n", base::TerminalText(name),
                        base::TerminalText(records::Abbreviated(value)));
  }
  return text;
}

std::string WhatBecameOfIt(const Measurement& measurement) {
  if (measurement.slower_than_s) {
    return "stopped, slower than " + Milliseconds(*measurement.slower_than_s) + " ms";
  }
  if (!measurement.failure) return Milliseconds(measurement.MedianSeconds()) + " ms";
  return base::TerminalText(ToString(*measurement.failure));
}

std::string TrialText(const TrialRecord& trial, const std::vector<Parameter>& parameters) {
  const Measurement& measurement = trial.measurement;
  return fmt::format("  {:>5}  {:<11}  {}  [{}]\n", trial.trial, ToString(measurement.outcome()),
                     DescribeConfig(parameters, measurement.config), WhatBecameOfIt(measurement));
}

std::string BuildText(const BuildRecord& build, const std::vector<Parameter>& parameters) {
  const auto& failure = build.report.failure;
  return fmt::format("  {:>5}  {:<11}  {}  [{}]\n", fmt::format("b{}", build.build),
                     failure ? ToString(failure->outcome) : "builds",
                     DescribeConfig(parameters, build.report.config),
                     failure ? base::TerminalText(ToString(*failure)) : "not run");
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
std::size_t SuspiciousWithdrawals(const RunLog& run, std::uint64_t trial) {
  const auto found = run.withdrawal_causes.find(trial);
  return found == run.withdrawal_causes.end() ? 0 : found->second.size();
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
  constexpr double kEndOfYear9999 = 253'402'300'800;
  if (!(wall_clock_seconds >= 0 && wall_clock_seconds < kEndOfYear9999)) {
    return fmt::format("{} s since 1970", wall_clock_seconds);
  }
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
                          WithdrawnText(SuspiciousWithdrawals(run, started.trial)));
    }
    for (const FinalRecord& final : run.finals) text += FinalText(final);
  }
  return text;
}

}  // namespace foothold::cli

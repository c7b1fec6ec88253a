#pragma once

// What the tests of this module share: runs made by hand.

#include <cstdint>
#include <string>
#include <vector>

#include "foothold/record.h"

namespace foothold::report::testing {

/// A run over parameters a = 1, 2, 4 and b = 5, 7, without trials.
inline RunLog EmptyRun(const std::string& searcher = "random", std::uint64_t seed = 1) {
  RunLog run;
  run.header.foothold_version = "0.1.0";
  run.header.target = "vta:pynq";
  run.header.workload = FindWorkloads("resnet18.C8")->front();
  run.header.searcher = searcher;
  run.header.seed = seed;
  run.header.options = {{"batch_size", "8"}};
  run.header.machine = {{"host", "example"}};
  run.header.parameters = {{"a", {1, 2, 4}}, {"b", {5, 7}}, {"fixed", {1}}};
  run.header.wall_clock = 1000;
  return run;
}

/// Appends a trial that built in 1 s and ran for 2 s, ending 10 s after the one before.
inline TrialRecord& AddTrial(RunLog& run, const Config& config) {
  TrialRecord& record = run.trials.emplace_back();
  record.trial = run.trials.size() - 1;
  record.measurement.config = config;
  record.measurement.build_seconds = 1;
  record.measurement.run_seconds = 2;
  record.wall_clock = run.header.wall_clock + 10 * static_cast<double>(run.trials.size());
  return record;
}

inline TrialRecord& AddCorrect(RunLog& run, const Config& config, double seconds) {
  TrialRecord& record = AddTrial(run, config);
  record.measurement.seconds = {seconds};
  return record;
}

inline TrialRecord& AddFailed(RunLog& run, const Config& config, const std::string& reason,
                              Outcome outcome = Outcome::kCompile) {
  TrialRecord& record = AddTrial(run, config);
  record.measurement.failure = {outcome, "lower", reason};
  return record;
}

/// A failed build of 0.5 s without a run.
inline void AddBuild(RunLog& run, double wall_clock, const std::string& reason) {
  BuildRecord& record = run.builds.emplace_back();
  record.build = run.builds.size() - 1;
  record.report.config = {{0, 0, 0}};
  record.report.failure = Failure{Outcome::kCompile, "lower", reason};
  record.report.seconds = 0.5;
  record.wall_clock = wall_clock;
}

}  // namespace foothold::report::testing

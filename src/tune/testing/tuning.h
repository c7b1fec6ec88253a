#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "foothold/record.h"
#include "foothold/tuner.h"
#include "measure/in_process_runner.h"
#include "measure/testing/formula_task.h"
#include "tune/run_identity.h"
#include "tune/tune_with.h"

namespace foothold::tune {

// What the tests of the tuner share.

/// A directory that is removed with all it holds.
class TempDir {
 public:
  TempDir() : path_(::testing::TempDir() + "foothold_tune_XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot create " << path_;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A searcher of which every proposal depends on all observations so far, on how they were cut into
/// batches, on builds, and on how many were asked for: a tuner that replays anything differently is
/// found out at the next proposal.
class SuspiciousSearcher : public Searcher {
 public:
  SuspiciousSearcher(const Space& space, std::uint64_t seed) : space_(space), state_(seed) {}

  std::vector<Config> Propose(std::size_t count) override {
    Rng rng(state_ + count);
    std::vector<Config> configs;
    while (configs.size() < count && proposed_.size() < space_.valid_count()) {
      Config config = space_.Sample(rng);
      if (proposed_.insert(config).second) configs.push_back(std::move(config));
    }
    return configs;
  }

  void Observe(std::span<const Measurement> measurements) override {
    Mix(measurements.size());
    for (const Measurement& m : measurements) {
      EXPECT_TRUE(proposed_.contains(m.config)) << "observed what was never proposed";
      Mix(space_.IndexOf(m.config));
      Mix(static_cast<std::uint64_t>(m.outcome()));
      if (m.failure) Mix(std::hash<std::string>()(m.failure->reason));
      for (const double seconds : m.seconds) Mix(std::hash<double>()(seconds));
      for (const auto& [name, value] : m.metrics) Mix(std::hash<double>()(value));
    }
  }

  void Retract(const Measurement& demoted) override {
    Mix(space_.IndexOf(demoted.config));
    Mix(std::hash<std::string>()(demoted.failure->reason));
  }

  /// A few before each Propose.
  std::vector<Config> ProposeBuilds() override {
    asked_for_builds_ = !asked_for_builds_;
    if (!asked_for_builds_) return {};
    Rng rng(state_);
    std::set<Config> configs;
    while (configs.size() < 3) configs.insert(space_.Sample(rng));
    return {configs.begin(), configs.end()};
  }

  void ObserveBuilds(std::span<const BuildReport> reports) override {
    EXPECT_EQ(reports.size(), 3U);
    for (const BuildReport& report : reports) {
      Mix(space_.IndexOf(report.config));
      Mix(report.ok() ? 1 : std::hash<std::string>()(report.failure->reason));
      for (const auto& [name, value] : report.metrics) Mix(std::hash<double>()(value));
    }
  }

 private:
  void Mix(std::uint64_t value) { state_ = Rng(state_ ^ value).Next(); }

  Space space_;
  std::uint64_t state_;
  std::set<Config> proposed_;
  bool asked_for_builds_ = false;
};

/// How a test tunes; the searcher is "suspicious" or one that Tune knows.
struct Tuning {
  const TargetTask& task;
  std::string log_path;
  TunerOptions options;
  std::string searcher = "suspicious";
  Env* env = Env::Default();
  const std::atomic<bool>* interrupt = nullptr;
  std::function<void(const TunerProgress&)> on_progress = {};

  Result<TuneResult> Run() const {
    TuneRequest request{.task = task,
                        .target = "formula",
                        .searcher = {searcher},
                        .options = options,
                        .log = log_path,
                        .env = *env,
                        .on_progress = on_progress,
                        .interrupt = interrupt != nullptr ? *interrupt : kNeverInterrupted};
    if (searcher != "suspicious") return Tune(std::move(request));
    request.searcher.searcher = std::make_unique<SuspiciousSearcher>(task.space(), options.seed);
    const auto runner =
        measure::MakeInProcessRunner(task, {options.timeout_s, options.verify}, options.jobs, *env);
    return TuneWith(request, DescribeRun(task, "formula", searcher, options, *env).value(),
                    *runner);
  }
  /// The result of a run that must succeed.
  TuneResult MustRun() const {
    Result<TuneResult> result = Run();
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? std::move(result).value() : TuneResult{};
  }
};

/// Small enough to be quick, with a batch size that divides nothing.
inline TunerOptions QuickOptions(std::uint64_t trials, int jobs = 1) {
  TunerOptions options;
  options.trials = trials;
  options.batch_size = 7;
  options.jobs = jobs;
  return options;
}

inline LogContents MustReadLog(const std::string& path) {
  Result<LogContents> contents = ReadLog(*Env::Default(), path);
  EXPECT_TRUE(contents.ok()) << contents.status().message();
  return contents.ok() ? std::move(contents).value() : LogContents{};
}

/// The trials of a run as lines of the log, wall times and times of day set to 0: all that may
/// differ between two runs of a deterministic target.
inline std::vector<std::string> TimelessTrials(const RunLog& run) {
  std::vector<std::string> lines;
  for (TrialRecord record : run.trials) {
    record.wall_clock = 0;
    record.measurement.build_seconds = 0;
    record.measurement.run_seconds = 0;
    lines.push_back(ToJsonLine(record, 1, run.header.parameters));
  }
  return lines;
}
inline std::vector<std::string> TimelessTrials(const std::string& log_path) {
  const LogContents contents = MustReadLog(log_path);
  EXPECT_EQ(contents.runs.size(), 1u);
  return contents.runs.empty() ? std::vector<std::string>() : TimelessTrials(contents.runs.back());
}

/// The same final result: incumbent and counts.
inline void ExpectSameResult(const TuneResult& a, const TuneResult& b) {
  EXPECT_EQ(a.stop, b.stop);
  EXPECT_EQ(a.progress.finished, b.progress.finished);
  EXPECT_EQ(a.progress.planned, b.progress.planned);
  EXPECT_EQ(a.progress.outcomes, b.progress.outcomes);
  EXPECT_EQ(a.progress.builds, b.progress.builds);
  ASSERT_EQ(a.progress.incumbent.has_value(), b.progress.incumbent.has_value());
  if (!a.progress.incumbent) return;
  EXPECT_EQ(a.progress.incumbent->config, b.progress.incumbent->config);
  EXPECT_EQ(a.progress.incumbent->seconds, b.progress.incumbent->seconds);
}

}  // namespace foothold::tune

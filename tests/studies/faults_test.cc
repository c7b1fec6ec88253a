// docs/results/protocol.md#faults: candidates that do everything wrong that candidates do. Every
// tuning run ends, with the right best, a complete log, and nothing left behind.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "foothold/record.h"
#include "foothold/rng.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"
#include "process/testing/fault_env.h"
#include "studies/faults/faults_benchmark.h"

namespace foothold {
namespace {

class FaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = *env_.CreateTemporaryDirectory("foothold_faults_");
    // A tuner that is killed cannot remove its candidates' folders; these go with the test's.
    if (const char* present = std::getenv("TMPDIR")) tmpdir_ = present;
    ::setenv("TMPDIR", directory_.c_str(), 1);
  }
  void TearDown() override {
    tmpdir_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", tmpdir_.c_str(), 1);
    ExpectNothingLeft();
    EXPECT_TRUE(env_.RemoveTree(directory_).ok());
  }

  /// Candidates of these kinds and of one that behaves, which is kind 0; each prints
  /// "<seconds><kind>" as its seconds, so that seconds=1 of kind 0, which prints 10, is the best.
  std::unique_ptr<TargetTask> Prepare(const std::vector<std::string>& kinds,
                                      const std::string& seconds, double wall_s) {
    const std::string path = directory_ + "/target.json";
    kinds_ = {{"behave", {"correct"}}};
    for (const studies::FaultKind& kind : studies::FaultKinds()) {
      const bool wanted = std::find(kinds.begin(), kinds.end(), kind.name) != kinds.end();
      if (wanted && !kind.in_build && !kind.is_repeated) kinds_.push_back(kind);
    }
    studies::FaultTarget target{
        FOOTHOLD_MISBEHAVE, directory_ + "/signed", {}, seconds, wall_s, false, false};
    for (const studies::FaultKind& kind : kinds_) target.kinds.push_back(kind.name);
    EXPECT_EQ(kinds_.size(), kinds.size() + 1);
    EXPECT_TRUE(env_.WriteFileAtomically(path, ToJson(target)).ok());
    target_ = MakeTarget(env_, "command:" + path).value();
    return target_->Prepare(*ParseInlineWorkload("dense:1x8,4")).value();
  }

  Result<TuneResult> Tune(
      const TargetTask& task, const TunerOptions& options, Env& env, const std::string& log = "log",
      const std::function<void()>& on_progress = [] {}) const {
    return foothold::Tune({.task = task,
                           .target = target_->name(),
                           .searcher = {"random"},
                           .options = options,
                           .log = directory_ + "/" + log,
                           .env = env,
                           .on_progress = [&](const TunerProgress&) { on_progress(); }});
  }

  RunLog MustReadLog(const std::string& log = "log") const {
    LogContents contents = ReadLog(env_, directory_ + "/" + log).value();
    EXPECT_EQ(contents.runs.size(), 1U);
    return contents.runs.at(0);
  }

  /// Whether a trial became what its kind must become.
  void ExpectIntended(const TargetTask& task, const Measurement& measured) const {
    const auto& kind =
        kinds_.at(static_cast<std::size_t>(task.space().Value(measured.config, "kind")));
    std::string became(ToString(measured.outcome()));
    if (measured.failure) became += ", " + measured.failure->stage;
    EXPECT_THAT(kind.becomes, ::testing::Contains(became)) << kind.name << ": " << became;
    EXPECT_EQ(measured.seconds.empty(), measured.outcome() != Outcome::kCorrect);
  }

  /// What signed has been killed, or is a zombie for the system to reap.
  void ExpectNothingLeft() const {
    std::ifstream file(directory_ + "/signed");
    for (pid_t pid = 0; file >> pid;) {
      for (int i = 0; ::kill(pid, 0) == 0 && i < 3000; ++i) ::usleep(10'000);
      EXPECT_NE(::kill(pid, 0), 0) << "process " << pid << " is still there";
    }
  }

  Env& env_ = *Env::Default();
  std::string directory_;
  std::string tmpdir_;
  std::unique_ptr<Target> target_;
  std::vector<studies::FaultKind> kinds_;
};

TEST_F(FaultsTest, EveryKindOfFaultIsAnOutcomeAndTheBestIsFound) {
  const auto task = Prepare(
      {"signal_11", "exit_1", "hang", "spin", "allocate", "print", "print_errors", "leave_child",
       "leave_daemon", "ignore_sigterm", "close_output", "fork_many", "fill_file", "kill_keeper",
       "print_wrong", "print_nothing", "remove_folder", "stop_keeper", "signal_keeper"},
      "1", 4);
  const Space& space = task->space();
  TunerOptions options;
  options.trials = space.raw_size();
  options.jobs = 2;
  const Result<TuneResult> result = Tune(*task, options, env_);
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_TRUE(result->progress.incumbent);
  EXPECT_EQ(space.ToString(result->progress.incumbent->config), "kind=0 seconds=1");
  EXPECT_EQ(result->progress.incumbent->MedianSeconds(), 10);

  const RunLog log = MustReadLog();
  ASSERT_EQ(log.trials.size(), space.raw_size());
  for (const TrialRecord& trial : log.trials) ExpectIntended(*task, trial.measurement);
}

/// Tunes; again for as long as the log is locked, by a keeper whose tuner was killed in the moment
/// of forking it.
Result<TuneResult> TuneWhenUnlocked(const std::function<Result<TuneResult>()>& tune) {
  for (int tries = 0;; ++tries) {
    Result<TuneResult> result = tune();
    const bool locked = !result.ok() && result.status().code() == StatusCode::kUnavailable;
    if (!locked || tries == 10'000) return result;
    ::usleep(1000);
  }
}

/// How often the tuner is killed; the whole study is FOOTHOLD_KILLS=200.
int Kills() {
  const char* asked = std::getenv("FOOTHOLD_KILLS");
  return asked != nullptr ? std::atoi(asked) : 15;
}

/// How often each trial was announced.
std::map<std::uint64_t, int> Announcements(const std::string& log) {
  std::map<std::uint64_t, int> announcements;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(R"("type":"started")") == std::string::npos) continue;
    ++announcements[std::stoull(line.substr(line.find(R"("trial":)") + 8))];
  }
  return announcements;
}

/// Tunes in a child and kills it after `microseconds`. Whether the child got through before that.
bool TuneAndKill(const std::function<Result<TuneResult>()>& tune, std::uint64_t microseconds) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<TuneResult> result = TuneWhenUnlocked(tune);
    if (!result.ok()) std::fprintf(stderr, "%s\n", result.status().message().c_str());
    ::_exit(result.ok() ? 0 : 1);
  }
  EXPECT_GT(child, 0);
  ::usleep(static_cast<useconds_t>(microseconds));
  ::kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status)) {
    EXPECT_EQ(WEXITSTATUS(status), 0) << "the tuner failed by itself";
  }
  return WIFEXITED(status);
}

/// kill -9 at random moments: no finished measurement is lost, and no config that was running is
/// tried again without being asked.
class KillTest : public FaultsTest {
 protected:
  KillTest() {
    options_.jobs = 1;
    options_.seed = 1;
  }

  /// Tunes with `log`, killed at most `most` times, then to the end; how often it was killed.
  int TuneThroughKills(const TargetTask& task, const std::string& log, int most, Rng& rng) const {
    const auto tune = [&] { return Tune(task, options_, env_, log); };
    std::map<Config, Outcome> finished;
    int kills = 0;
    while (kills < most && !TuneAndKill(tune, 2'000 + rng.Below(30'000))) {
      ++kills;
      if (!env_.FileExists(directory_ + "/" + log)) continue;
      const LogContents contents = ReadLog(env_, directory_ + "/" + log).value();
      if (contents.runs.empty()) continue;
      for (const TrialRecord& trial : contents.runs[0].trials) {
        finished[trial.measurement.config] = trial.measurement.outcome();
      }
    }
    const Result<TuneResult> rest = TuneWhenUnlocked(tune);
    EXPECT_TRUE(rest.ok()) << rest.status().message();
    ExpectWholeLog(task, log, finished, kills);
    return kills;
  }

  void ExpectWholeLog(const TargetTask& task, const std::string& log,
                      const std::map<Config, Outcome>& finished, int kills) const {
    std::map<Config, Outcome> at_the_end;
    int given_up = 0;
    for (const TrialRecord& trial : MustReadLog(log).trials) {
      const Measurement& measured = trial.measurement;
      EXPECT_TRUE(at_the_end.emplace(measured.config, measured.outcome()).second)
          << "measured twice";
      if (measured.failure && measured.failure->stage == "tuner") {
        ++given_up;
        continue;
      }
      ExpectIntended(task, measured);
    }
    EXPECT_EQ(at_the_end.size(), task.space().raw_size());
    for (const auto& [config, outcome] : finished) EXPECT_EQ(at_the_end.at(config), outcome);
    for (const auto& [trial, times] :
         Announcements(env_.ReadFile(directory_ + "/" + log).value())) {
      EXPECT_EQ(times, 1) << "trial " << trial << " was tried again";
    }
    EXPECT_LE(given_up, kills) << "one candidate at most per kill";
  }

  TunerOptions options_;
};

TEST_F(KillTest, KillingTheTunerLosesNothingAndRetriesNoKiller) {
  const auto task = Prepare({"signal_11", "exit_1", "leave_daemon", "print_wrong", "print_nothing"},
                            "2, 1, 3", 20);
  options_.trials = task->space().raw_size();
  const auto seed = static_cast<std::uint64_t>(::getpid());
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Rng rng(seed);
  const int most = Kills();
  int kills = 0;
  for (int log = 0; kills < most && !HasFailure(); ++log) {
    kills += TuneThroughKills(*task, fmt::format("log{}", log), most - kills, rng);
  }
  RecordProperty("kills", kills);
}

TEST_F(FaultsTest, AFullDiskEndsTheRunAndTheSameCallGoesOn) {
  const auto task = Prepare({"signal_11", "print_wrong"}, "2, 1, 3", 20);
  TunerOptions options;
  options.trials = task->space().raw_size();
  options.jobs = 1;
  process::FaultEnv full(&env_);
  full.FailFrom(process::FaultEnv::Operation::kAppend, 6, Status::IoError("disk full"));
  EXPECT_EQ(Tune(*task, options, full).status().message(), "disk full");
  const std::size_t before = MustReadLog().trials.size();
  EXPECT_LT(before, options.trials);
  const Result<TuneResult> result = Tune(*task, options, env_);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->resumed, before);
  EXPECT_EQ(result->skipped_unfinished, 0U) << "the disk was full, nobody died";
  EXPECT_EQ(MustReadLog().trials.size(), options.trials);
}

TEST_F(FaultsTest, TwoTunersNextToEachOtherDoNotMeet) {
  const auto task =
      Prepare({"signal_11", "leave_daemon", "kill_keeper", "print_wrong"}, "2, 1, 3", 20);
  TunerOptions options;
  options.trials = task->space().raw_size();
  options.jobs = 2;
  const pid_t other = ::fork();
  if (other == 0) ::_exit(Tune(*task, options, env_, "other").ok() ? 0 : 1);
  ASSERT_GT(other, 0);
  const Result<TuneResult> result = Tune(*task, options, env_, "log");
  int status = 0;
  ASSERT_EQ(::waitpid(other, &status, 0), other);
  EXPECT_EQ(status, 0) << "the other tuner failed";
  ASSERT_TRUE(result.ok()) << result.status().message();
  for (const std::string log : {"log", "other"}) {
    const RunLog run = MustReadLog(log);
    EXPECT_TRUE(run.unfinished.empty());
    EXPECT_EQ(run.trials.size(), options.trials);
    SCOPED_TRACE(log);
    for (const TrialRecord& trial : run.trials) ExpectIntended(*task, trial.measurement);
  }
}

TEST_F(FaultsTest, ASecondTunerOnTheSameLogIsRefusedAndDisturbsNothing) {
  const auto task = Prepare({"signal_11"}, "2, 1, 3", 20);
  TunerOptions options;
  options.trials = task->space().raw_size();
  options.jobs = 1;
  int refused = 0;
  const Result<TuneResult> result = Tune(*task, options, env_, "log", [&] {
    const Status second = Tune(*task, options, env_, "log").status();
    EXPECT_EQ(second.code(), StatusCode::kUnavailable);
    EXPECT_THAT(second.message(), ::testing::HasSubstr("log: is being written by another process"));
    ++refused;
  });
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_GT(refused, 0);
  EXPECT_EQ(MustReadLog().trials.size(), options.trials);
}

}  // namespace
}  // namespace foothold

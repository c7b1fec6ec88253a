// Resuming: however a run was cut, going on gives what the undisturbed run gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "foothold/tuner.h"
#include "records/log/log_writer.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

using ::testing::HasSubstr;

class TunerResumeTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return dir_.File(name); }
  static std::string Read(const std::string& path) {
    return Env::Default()->ReadFile(path).value();
  }
  static void Write(const std::string& path, const std::string& text) {
    EXPECT_TRUE(Env::Default()->WriteFileAtomically(path, text).ok());
  }

  measure::FormulaTask task_;
  TempDir dir_;
};

// The log is cut after every line, and in the middle of every line.
TEST_F(TunerResumeTest, FromEveryPrefixOfTheLog) {
  const TuneResult whole = Tuning{task_, Path("whole"), QuickOptions(16)}.MustRun();
  const std::vector<std::string> trials = TimelessTrials(Path("whole"));
  const std::string log = Read(Path("whole"));
  std::size_t line_start = 0;
  int cuts = 0;
  for (std::size_t end = log.find('\n'); end != std::string::npos; end = log.find('\n', end + 1)) {
    for (const std::size_t cut : {end + 1, line_start + (end - line_start) / 2}) {
      const std::string path = Path("cut" + std::to_string(cuts++));
      Write(path, log.substr(0, cut));
      const Result<TuneResult> rest = Tuning{task_, path, QuickOptions(16)}.Run();
      ASSERT_TRUE(rest.ok()) << rest.status().message();
      EXPECT_EQ(rest->repaired.has_value(), cut <= end && cut > line_start) << cut;
      EXPECT_EQ(rest->resumed + rest->progress.measured, 16u);
      ExpectSameResult(*rest, whole);
      ASSERT_EQ(TimelessTrials(path), trials) << "cut after " << cut << " bytes";
    }
    line_start = end + 1;
  }
  EXPECT_GT(cuts, 2 * 2 * 16);
}

TEST_F(TunerResumeTest, WithTheRunsThatItLearnsFrom) {
  Tuning{task_, Path("earlier"), QuickOptions(24)}.MustRun();
  TunerOptions options = QuickOptions(16);
  options.earlier_runs = EarlierRunsOf(*ReadLog(*Env::Default(), Path("earlier")));
  ASSERT_EQ(options.earlier_runs.size(), 1u);
  const auto run = [&] {
    return Tune({.task = task_, .target = "formula", .options = options, .log = Path("log")})
        .value();
  };
  const TuneResult first = run();
  EXPECT_EQ(first.resumed, 0u);
  const TuneResult again = run();
  EXPECT_EQ(again.resumed, first.progress.finished);
  EXPECT_EQ(again.run, first.run);
  options.earlier_runs[0].trials.pop_back();  // something else to learn from: another run
  const TuneResult other = run();
  EXPECT_EQ(other.resumed, 0u);
  EXPECT_NE(other.run, first.run);
}

TEST_F(TunerResumeTest, AFinishedRunIsNotMeasuredAgain) {
  const TuneResult first = Tuning{task_, Path("log"), QuickOptions(24)}.MustRun();
  const std::string log = Read(Path("log"));
  task_.on_build = [](const Config&) { FAIL() << "nothing should be built"; };
  const TuneResult second = Tuning{task_, Path("log"), QuickOptions(24)}.MustRun();
  ExpectSameResult(second, first);
  EXPECT_EQ(second.resumed, 24u);
  EXPECT_EQ(second.progress.measured, 0u);
  EXPECT_EQ(Read(Path("log")), log);
}

// Budgets that end inside a batch, at its end, and twice in the same batch.
TEST_F(TunerResumeTest, AGrowingBudgetGivesTheRunOfTheLastBudget) {
  const TuneResult whole = Tuning{task_, Path("whole"), QuickOptions(60)}.MustRun();
  for (const std::vector<std::uint64_t>& budgets :
       {std::vector<std::uint64_t>{13, 60}, {14, 60}, {15, 16, 60}, {1, 2, 3, 4, 8, 59, 60}}) {
    const std::string path = Path("grown" + std::to_string(budgets[0]));
    TuneResult result;
    for (const std::uint64_t budget : budgets) {
      result = Tuning{task_, path, QuickOptions(budget)}.MustRun();
      EXPECT_EQ(result.stop, StopReason::kTrials);
      EXPECT_EQ(result.progress.finished, budget);
    }
    ExpectSameResult(result, whole);
    EXPECT_EQ(TimelessTrials(path), TimelessTrials(Path("whole")));
  }
}

TEST_F(TunerResumeTest, AShrinkingBudgetCountsTheFirstTrialsOnly) {
  const TuneResult small = Tuning{task_, Path("small"), QuickOptions(10)}.MustRun();
  Tuning{task_, Path("log"), QuickOptions(60)}.MustRun();
  const TuneResult again = Tuning{task_, Path("log"), QuickOptions(10)}.MustRun();
  ExpectSameResult(again, small);
  EXPECT_EQ(TimelessTrials(Path("log")).size(), 60u);
}

TEST_F(TunerResumeTest, JobsAndBudgetsMayDiffer) {
  const TuneResult whole = Tuning{task_, Path("whole"), QuickOptions(60, 1)}.MustRun();
  Tuning{task_, Path("log"), QuickOptions(20, 1)}.MustRun();
  TunerOptions options = QuickOptions(60, 3);
  options.max_seconds = 1'000;
  ExpectSameResult(Tuning{task_, Path("log"), options}.MustRun(), whole);
  EXPECT_EQ(TimelessTrials(Path("log")), TimelessTrials(Path("whole")));
}

TEST_F(TunerResumeTest, AnotherSeedOrOptionIsAnotherRunInTheSameLog) {
  Tuning{task_, Path("log"), QuickOptions(20)}.MustRun();
  TunerOptions seeded = QuickOptions(20);
  seeded.seed = 5;
  TunerOptions batched = QuickOptions(20);
  batched.batch_size = 6;
  TunerOptions trusting = QuickOptions(20);
  trusting.verify = false;
  std::uint64_t run = 1;
  for (const TunerOptions& options : {seeded, batched, trusting}) {
    const TuneResult result = Tuning{task_, Path("log"), options}.MustRun();
    EXPECT_EQ(result.resumed, 0u);
    EXPECT_EQ(result.run, ++run);
  }
  // The first is still there to go on with, though others came after it.
  const TuneResult whole = Tuning{task_, Path("whole"), QuickOptions(40)}.MustRun();
  const TuneResult grown = Tuning{task_, Path("log"), QuickOptions(40)}.MustRun();
  EXPECT_EQ(grown.run, 1u);
  EXPECT_EQ(grown.resumed, 20u);
  ExpectSameResult(grown, whole);
  const LogContents contents = MustReadLog(Path("log"));
  ASSERT_EQ(contents.runs.size(), 4u);
  EXPECT_EQ(TimelessTrials(contents.runs[0]), TimelessTrials(Path("whole")));
}

TEST_F(TunerResumeTest, OfSeveralSuchRunsTheLastGoesOn) {
  const RunHeader header =
      DescribeRun(task_, "formula", "suspicious", QuickOptions(1), *Env::Default()).value();
  Tuning{task_, Path("log"), QuickOptions(20)}.MustRun();
  {
    const auto writer = records::LogWriter::Open(*Env::Default(), Path("log")).value();
    ASSERT_TRUE(writer->BeginRun(header).ok());
  }
  const TuneResult result = Tuning{task_, Path("log"), QuickOptions(30)}.MustRun();
  EXPECT_EQ(result.run, 2u);
  EXPECT_EQ(result.resumed, 0u);
  const LogContents contents = MustReadLog(Path("log"));
  EXPECT_EQ(contents.runs.at(0).trials.size(), 20u);
  EXPECT_EQ(contents.runs.at(1).trials.size(), 30u);
}

// The trials of seed 1 under a header that says seed 2.
TEST_F(TunerResumeTest, BuildsThatTheSearcherDoesNotConfirmAreRefused) {
  Tuning{task_, Path("log"), QuickOptions(20)}.MustRun();
  const RunLog run = MustReadLog(Path("log")).runs.at(0);
  RunHeader header = run.header;
  header.seed = 2;
  const auto writer = records::LogWriter::Open(*Env::Default(), Path("edited")).value();
  ASSERT_TRUE(writer->BeginRun(header).ok());
  ASSERT_TRUE(writer->AppendBuilds(run.builds).ok());
  const std::string before = Read(Path("edited"));
  Write(Path("copy"), before);
  TunerOptions options = QuickOptions(40);
  options.seed = 2;
  const Status status = Tuning{task_, Path("copy"), options}.Run().status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr(Path("copy") + ": build 0 of run 1 is "));
  EXPECT_EQ(Read(Path("copy")), before);
}

TEST_F(TunerResumeTest, ALogThatTheSearcherDoesNotConfirmIsRefused) {
  TunerOptions blind = QuickOptions(20);
  blind.knowledge = Knowledge::kBlind;
  Tuning{task_, Path("log"), blind}.MustRun();
  const LogContents contents = MustReadLog(Path("log"));
  RunHeader header = contents.runs.at(0).header;
  header.seed = 2;
  header.foothold_version = "0.0.7";
  const auto writer = records::LogWriter::Open(*Env::Default(), Path("edited")).value();
  ASSERT_TRUE(writer->BeginRun(header).ok());
  ASSERT_TRUE(writer->Append(contents.runs[0].trials).ok());
  const std::string before = Read(Path("edited"));

  TunerOptions options = QuickOptions(40);
  options.seed = 2;
  options.knowledge = Knowledge::kBlind;
  Tuning tuning{task_, Path("copy"), options};
  Write(Path("copy"), before);
  const Status status = tuning.Run().status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr(Path("copy") + ": trial 0 of run 1 is "));
  EXPECT_THAT(status.message(), HasSubstr("0.0.7"));
  EXPECT_THAT(status.message(), HasSubstr("--fresh starts a new run in this log"));
  EXPECT_EQ(Read(Path("copy")), before);
}

TEST_F(TunerResumeTest, WhatHasChangedStartsANewRunInTheSameLog) {
  RunStart start;
  const auto tune = [&](const TunerOptions& options) {
    return Tune({.task = task_,
                 .target = "formula",
                 .searcher = {"random"},
                 .options = options,
                 .log = Path("log"),
                 .on_start = [&](const RunStart& said) { start = said; }});
  };
  ASSERT_TRUE(tune(QuickOptions(9)).ok());
  EXPECT_EQ(ToString(start), "");
  task_.dependencies["formula"] = "2";
  const TuneResult second = tune(QuickOptions(12)).value();
  EXPECT_EQ(second.run, 2u);
  EXPECT_EQ(second.resumed, 0u);
  EXPECT_EQ(ToString(start), "formula (1 -> 2) changed since run 1 of " + Path("log") +
                                 ": starting run 2; the earlier trials stay for --warm-start; "
                                 "--resume=ignore-changes continues run 1");
  EXPECT_EQ(tune(QuickOptions(12)).value().resumed, 12u) << "the new run is the one from now on";
  EXPECT_EQ(ToString(start), "resuming run 2 of " + Path("log") + ": 12 of 12 trials");

  task_.dependencies["formula"] = "1";
  const TuneResult back = tune(QuickOptions(12)).value();
  EXPECT_EQ(back.run, 1u) << "as it was: the first run goes on";
  EXPECT_EQ(back.resumed, 9u);
  EXPECT_EQ(ToString(start), "resuming run 1 of " + Path("log") + ": 9 of 12 trials");
}

TEST_F(TunerResumeTest, ChangesMayBeIgnoredAndRunsLeftAlone) {
  const auto tune = [&](Resume resume) {
    TunerOptions options = QuickOptions(9);
    options.resume = resume;
    return Tuning{task_, Path("log"), options, "random"}.MustRun();
  };
  tune(Resume::kUnchanged);
  task_.dependencies["formula"] = "2";
  const TuneResult ignored = tune(Resume::kIgnoreChanges);
  EXPECT_EQ(ignored.run, 1u);
  EXPECT_EQ(ignored.resumed, 9u);
  ASSERT_EQ(ignored.start.changes.size(), 1u);
  EXPECT_TRUE(ignored.start.resumed);
  EXPECT_EQ(tune(Resume::kNever).run, 2u);
  const TuneResult fresh = tune(Resume::kNever);
  EXPECT_EQ(fresh.run, 3u);
  EXPECT_EQ(fresh.resumed, 0u);
  EXPECT_EQ(tune(Resume::kUnchanged).run, 3u) << "the last one of the same dependencies";
  EXPECT_EQ(MustReadLog(Path("log")).runs.size(), 3u);
}

TEST_F(TunerResumeTest, ARunOverOtherParametersIsLeftAlone) {
  RunHeader header =
      DescribeRun(task_, "formula", "suspicious", QuickOptions(9), *Env::Default()).value();
  header.parameters[0].values.pop_back();
  {
    const auto writer = records::LogWriter::Open(*Env::Default(), Path("log")).value();
    ASSERT_TRUE(writer->BeginRun(header).ok());
  }
  TunerOptions options = QuickOptions(9);
  options.resume = Resume::kIgnoreChanges;
  const Status refused = Tuning{task_, Path("log"), options}.Run().status();
  EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(refused.message(),
            Path("log") +
                ": run 1 cannot be continued over another space: parameter x (1, 2, 3, "
                "4, 5, 6, 7, 8, 9 -> 1, 2, 3, 4, 5, 6, 7, 8, 9, 10); leave out "
                "--resume=ignore-changes");
  const TuneResult result = Tuning{task_, Path("log"), QuickOptions(9)}.MustRun();
  EXPECT_EQ(result.run, 2u);
  ASSERT_EQ(result.start.changes.size(), 1u);
  EXPECT_EQ(result.start.changes[0].name, "parameter x");
}

TEST_F(TunerResumeTest, ALogOfBeforeDependenciesWereKeptIsResumedAndSaysSo) {
  RunHeader header =
      DescribeRun(task_, "formula", "suspicious", QuickOptions(9), *Env::Default()).value();
  header.dependencies.reset();
  {
    const auto writer = records::LogWriter::Open(*Env::Default(), Path("log")).value();
    ASSERT_TRUE(writer->BeginRun(header).ok());
  }
  const TuneResult result = Tuning{task_, Path("log"), QuickOptions(9)}.MustRun();
  EXPECT_EQ(result.run, 1u);
  EXPECT_TRUE(result.start.resumed);
  EXPECT_TRUE(result.start.dependencies_unknown);
}

TEST_F(TunerResumeTest, WhatChangesWhileARunIsUnderWayIsSaid) {
  task_.on_run = [&](const Config&) { task_.dependencies["formula"] = "edited"; };
  const TuneResult result = Tuning{task_, Path("log"), QuickOptions(9)}.MustRun();
  EXPECT_EQ(result.changed_meanwhile, (std::vector<std::string>{"formula"}));
  task_.on_run = nullptr;
  const TuneResult again = Tuning{task_, Path("log"), QuickOptions(9)}.MustRun();
  EXPECT_EQ(again.run, 2u);
}

/// Leaves a log in which a session died while it ran its `run`-th candidate.
void DieInRun(measure::FormulaTask& task, const std::string& path, int run) {
  const pid_t child = fork();
  if (child == 0) {
    int runs = 0;
    task.on_run = [&](const Config&) {
      if (++runs == run) _exit(7);
    };
    static_cast<void>(Tuning{task, path, QuickOptions(30)}.Run());
    _exit(8);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(TunerResumeTest, AConfigThatTookTheHostDownIsNotTriedAgain) {
  measure::FormulaTask harmful(true);
  DieInRun(harmful, Path("log"), 5);
  const std::vector<StartedRecord> unfinished = MustReadLog(Path("log")).runs.at(0).unfinished;
  ASSERT_EQ(unfinished.size(), 1u);
  harmful.on_run = [&](const Config& config) { EXPECT_NE(config, unfinished[0].config); };
  const TuneResult result = Tuning{harmful, Path("log"), QuickOptions(30)}.MustRun();
  EXPECT_EQ(result.skipped_unfinished, 1u);
  EXPECT_EQ(result.progress.finished, 30u);
  EXPECT_EQ(result.resumed + result.progress.measured + 1, 30u);
  const RunLog run = MustReadLog(Path("log")).runs.at(0);
  EXPECT_TRUE(run.unfinished.empty());
  const Measurement& blamed = run.trials.at(unfinished[0].trial).measurement;
  EXPECT_EQ(blamed.config, unfinished[0].config);
  EXPECT_EQ(blamed.outcome(), Outcome::kRuntime);
  EXPECT_EQ(blamed.failure->reason, "the tuner died while this config ran");

  // It stays decided: a third session takes it from the log like any other.
  const TuneResult third = Tuning{harmful, Path("log"), QuickOptions(30)}.MustRun();
  EXPECT_EQ(third.skipped_unfinished, 0u);
  ExpectSameResult(third, result);
}

TEST_F(TunerResumeTest, AnUnfinishedConfigRunsAgainWhenThatIsHarmlessOrAskedFor) {
  const TuneResult whole = Tuning{task_, Path("whole"), QuickOptions(30)}.MustRun();
  for (const bool can_harm_host : {false, true}) {
    measure::FormulaTask task(can_harm_host);
    const std::string path = Path(can_harm_host ? "harmful" : "harmless");
    DieInRun(task, path, 5);
    EXPECT_FALSE(MustReadLog(path).runs.at(0).unfinished.empty());
    TunerOptions options = QuickOptions(30);
    options.retry_unfinished = can_harm_host;
    const TuneResult result = Tuning{task, path, options}.MustRun();
    EXPECT_EQ(result.skipped_unfinished, 0u);
    ExpectSameResult(result, whole);
    EXPECT_EQ(TimelessTrials(path), TimelessTrials(Path("whole")));
  }
}

/// Tunes with a failure that is no candidate's, then goes on without it.
void ExpectNobodyIsBlamed(measure::FormulaTask& task, const Tuning& tuning,
                          const TuneResult& whole) {
  const Result<TuneResult> failed = tuning.Run();
  ASSERT_FALSE(failed.ok());
  const LogContents contents = MustReadLog(tuning.log_path);
  EXPECT_TRUE(contents.runs.at(0).unfinished.empty()) << failed.status().message();
  task.on_run = nullptr;
  const TuneResult rest = Tuning{task, tuning.log_path, tuning.options}.MustRun();
  EXPECT_EQ(rest.skipped_unfinished, 0u);
  EXPECT_EQ(rest.resumed, contents.runs.at(0).trials.size());
  ExpectSameResult(rest, whole);
}

TEST_F(TunerResumeTest, WhatEndedForTheInfrastructureIsMeasuredAgain) {
  for (const bool can_harm_host : {false, true}) {
    measure::FormulaTask task(can_harm_host);
    const std::string name = Path(can_harm_host ? "harmful" : "harmless");
    for (const int jobs : {1, 3}) {
      const TunerOptions options = QuickOptions(30, jobs);
      const std::string path = name + std::to_string(jobs);
      const TuneResult whole = Tuning{task, path + "whole", options}.MustRun();
      std::atomic<int> runs = 0;
      task.on_run = [&](const Config&) {
        if (++runs >= 5) throw std::runtime_error("the board does not answer");
      };
      ExpectNobodyIsBlamed(task, {task, path, options}, whole);
      EXPECT_EQ(TimelessTrials(path), TimelessTrials(path + "whole"));
    }
  }
}

TEST_F(TunerResumeTest, WhatADiagnosisStoppedIsMeasuredAgain) {
  class FailingTask : public measure::FormulaTask {
   public:
    FailingTask() : FormulaTask(true) {}
    BuildResult Build(const Config& config) const override {
      if (works) return FormulaTask::Build(config);
      return {nullptr, Failure{Outcome::kCompile, "build.exit", "no license"}};
    }
    bool works = false;
  };
  FailingTask task;
  Tuning tuning{task, Path("log"), QuickOptions(600, 2), "random"};
  const Result<TuneResult> stopped = tuning.Run();
  ASSERT_FALSE(stopped.ok());
  EXPECT_THAT(stopped.status().message(), HasSubstr("no license"));
  EXPECT_TRUE(MustReadLog(Path("log")).runs.at(0).unfinished.empty());
  task.works = true;
  const TuneResult rest = tuning.MustRun();
  EXPECT_EQ(rest.skipped_unfinished, 0u);
  EXPECT_EQ(rest.progress.finished, 600u);
  EXPECT_TRUE(rest.progress.incumbent);
}

}  // namespace
}  // namespace foothold::tune

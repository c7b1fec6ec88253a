#include "foothold/tuner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <stdexcept>

#include "foothold/searchers.h"
#include "process/testing/fault_env.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

using ::testing::HasSubstr;

/// The oracle: every config of the space measured by itself.
std::map<Config, Measurement> MeasureAll(const measure::FormulaTask& task) {
  std::vector<Config> configs;
  for (std::uint64_t rank = 0; rank < task.space().valid_count(); ++rank) {
    configs.push_back(task.space().Unrank(rank));
  }
  const measure::MeasuredBatch batch =
      measure::MakeInProcessRunner(task, {}, 2, *Env::Default())->Measure(configs, [] {
        return false;
      });
  std::map<Config, Measurement> all;
  for (const Measurement& measurement : batch.measurements) all[measurement.config] = measurement;
  return all;
}

TEST(Tuner, ExhaustsTheSpaceAndFindsItsBest) {
  const measure::FormulaTask task;
  std::map<Outcome, std::uint64_t> outcomes;
  double best = std::numeric_limits<double>::infinity();
  for (const auto& [config, measurement] : MeasureAll(task)) {
    ++outcomes[measurement.outcome()];
    if (measurement.outcome() == Outcome::kCorrect)
      best = std::min(best, measurement.MedianSeconds());
  }
  for (const char* searcher : {"grid", "random", "suspicious"}) {
    const TempDir dir;
    TunerOptions options = QuickOptions(100'000, 2);
    options.batch_size = 101;
    const TuneResult result = Tuning{task, dir.File("log"), options, searcher}.MustRun();
    EXPECT_EQ(result.stop, StopReason::kSpaceExhausted);
    EXPECT_EQ(result.progress.finished, task.space().valid_count());
    EXPECT_EQ(result.progress.planned, task.space().valid_count());
    EXPECT_EQ(result.progress.outcomes, outcomes);
    ASSERT_TRUE(result.progress.incumbent);
    EXPECT_EQ(result.progress.incumbent->MedianSeconds(), best);

    const RunLog run = MustReadLog(dir.File("log")).runs.at(0);
    EXPECT_EQ(run.trials.size(), task.space().valid_count());
    const auto first = std::find_if(run.trials.begin(), run.trials.end(), [&](const auto& record) {
      return record.measurement.outcome() == Outcome::kCorrect &&
             record.measurement.MedianSeconds() == best;
    });
    EXPECT_EQ(result.progress.incumbent->config, first->measurement.config);
  }
}

/// What a searcher was asked for and shown, kept where a test can see it.
struct Dialogue {
  std::vector<Config> proposed;
  std::vector<std::vector<Measurement>> observed;
};

class AttentiveSearcher : public Searcher {
 public:
  AttentiveSearcher(const Space& space, Dialogue& dialogue)
      : searcher_(MakeSearcher("random", {space, 1}).value()), dialogue_(dialogue) {}
  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs = searcher_->Propose(count);
    dialogue_.proposed.insert(dialogue_.proposed.end(), configs.begin(), configs.end());
    return configs;
  }
  void Observe(std::span<const Measurement> measurements) override {
    dialogue_.observed.emplace_back(measurements.begin(), measurements.end());
  }

 private:
  std::unique_ptr<Searcher> searcher_;
  Dialogue& dialogue_;
};

TEST(Tuner, ShowsTheSearcherEveryBatchWholeAndInOrder) {
  const measure::FormulaTask task;
  const TempDir dir;
  const TunerOptions options = QuickOptions(24, 2);
  // The second session takes all from the log; it must look the same to the searcher.
  for (int session = 0; session < 2; ++session) {
    Dialogue dialogue;
    const auto result = Tune(
        {.task = task,
         .target = "formula",
         .searcher = {"attentive", std::make_unique<AttentiveSearcher>(task.space(), dialogue)},
         .options = options,
         .log = dir.File("log")});
    ASSERT_TRUE(result.ok()) << result.status().message();
    ASSERT_EQ(dialogue.observed.size(), 3u);  // the fourth batch is cut at 24 = 3 * 7 + 3
    const RunLog run = MustReadLog(dir.File("log")).runs.at(0);
    std::size_t trial = 0;
    for (const std::vector<Measurement>& batch : dialogue.observed) {
      EXPECT_EQ(batch.size(), 7u);
      for (const Measurement& measurement : batch) {
        EXPECT_EQ(measurement.config, dialogue.proposed.at(trial));
        EXPECT_EQ(measurement.outcome(), run.trials.at(trial).measurement.outcome());
        EXPECT_EQ(measurement.seconds, run.trials.at(trial).measurement.seconds);
        EXPECT_EQ(measurement.metrics, run.trials.at(trial).measurement.metrics);
        ++trial;
      }
    }
  }
}

TEST(Tuner, StopsAfterExactlyTheTrialsAskedFor) {
  const measure::FormulaTask task;
  for (const std::uint64_t trials : {1U, 6U, 7U, 8U, 50U}) {
    const TempDir dir;
    const TuneResult result = Tuning{task, dir.File("log"), QuickOptions(trials)}.MustRun();
    EXPECT_EQ(result.stop, StopReason::kTrials);
    EXPECT_EQ(result.progress.finished, trials);
    EXPECT_EQ(result.progress.measured, trials);
    EXPECT_EQ(result.resumed, 0u);
    EXPECT_EQ(TimelessTrials(dir.File("log")).size(), trials);
  }
}

TEST(Tuner, TheSpaceMayEndWithTheBudget) {
  const measure::FormulaTask task;
  const TempDir dir;
  TunerOptions options = QuickOptions(task.space().valid_count());
  options.batch_size = 101;
  EXPECT_EQ((Tuning{task, dir.File("log"), options, "grid"}.MustRun().stop), StopReason::kTrials);
}

TEST(Tuner, TheLogDependsOnTheSeedAndNotOnTheJobs) {
  const measure::FormulaTask task;
  const TempDir dir;
  const TuneResult one = Tuning{task, dir.File("one"), QuickOptions(60, 1)}.MustRun();
  const TuneResult two = Tuning{task, dir.File("two"), QuickOptions(60, 2)}.MustRun();
  ExpectSameResult(one, two);
  EXPECT_EQ(TimelessTrials(dir.File("one")), TimelessTrials(dir.File("two")));

  TunerOptions other = QuickOptions(60, 1);
  other.seed = 2;
  Tuning{task, dir.File("other"), other}.MustRun();
  EXPECT_NE(TimelessTrials(dir.File("one")), TimelessTrials(dir.File("other")));
}

TEST(Tuner, TheHeaderSaysWhatTheRunWas) {
  const measure::FormulaTask task;
  const TempDir dir;
  TunerOptions options = QuickOptions(3);
  options.timeout_s = 0.5;
  const TuneResult result = Tuning{task, dir.File("log"), options, "random"}.MustRun();
  const LogContents contents = MustReadLog(dir.File("log"));
  ASSERT_EQ(contents.runs.size(), 1u);
  const RunHeader& header = contents.runs[0].header;
  EXPECT_EQ(result.run, contents.runs[0].run);
  EXPECT_EQ(header.target, "formula");
  EXPECT_EQ(header.searcher, "random");
  EXPECT_EQ(header.workload, task.workload());
  EXPECT_EQ(header.parameters, task.space().parameters());
  EXPECT_EQ(header.options, (std::map<std::string, std::string>{{"batch_size", "7"},
                                                                {"knowledge", "compiler"},
                                                                {"timeout_s", "0.5"},
                                                                {"verify", "true"}}));
  EXPECT_FALSE(header.foothold_version.empty());
  EXPECT_TRUE(header.machine.contains("kernel"));
}

TEST(Tuner, StopsWhenTheTimeIsUp) {
  measure::FormulaTask task;
  process::FaultEnv env(Env::Default());
  env.StopClocks(1'000, 50);
  int runs = 0;
  task.on_run = [&](const Config&) {
    ++runs;
    env.AdvanceClocks(1);
  };
  const TempDir dir;
  Tuning tuning{task, dir.File("log"), QuickOptions(100'000)};
  tuning.env = &env;
  tuning.options.max_seconds = 9.5;
  const TuneResult result = tuning.MustRun();
  EXPECT_EQ(result.stop, StopReason::kTime);
  EXPECT_EQ(runs, 10);  // the tenth begins at second 9 and is finished
  EXPECT_EQ(result.progress.elapsed_s, 10);
  EXPECT_EQ(result.run_seconds, 10);
  EXPECT_EQ(TimelessTrials(dir.File("log")).size(), result.progress.finished);

  // The time is that of one session: a second one has as much again.
  const TuneResult second = tuning.MustRun();
  EXPECT_EQ(second.stop, StopReason::kTime);
  EXPECT_EQ(runs, 20);
  EXPECT_EQ(second.resumed, result.progress.finished);
  EXPECT_EQ(second.run_seconds, 20);
}

TEST(Tuner, OfTwoBudgetsTheFirstSpentCounts) {
  measure::FormulaTask task;
  process::FaultEnv env(Env::Default());
  env.StopClocks(0, 0);
  task.on_run = [&](const Config&) { env.AdvanceClocks(1); };
  const TempDir dir;
  Tuning tuning{task, dir.File("trials"), QuickOptions(10)};
  tuning.env = &env;
  tuning.options.max_seconds = 1'000;
  EXPECT_EQ(tuning.MustRun().stop, StopReason::kTrials);
  tuning.log_path = dir.File("time");
  tuning.options.max_seconds = 2;
  EXPECT_EQ(tuning.MustRun().stop, StopReason::kTime);
}

/// Interrupts a run while its `run`-th candidate runs, goes on, and compares with `whole`. How many
/// trials were finished when it was cut.
std::uint64_t InterruptAndResume(measure::FormulaTask& task, int run, const std::string& path,
                                 const std::string& whole_path, const TuneResult& whole) {
  std::atomic<bool> interrupt = false;
  int runs = 0;
  task.on_run = [&](const Config&) { interrupt = ++runs == run; };
  Tuning tuning{task, path, QuickOptions(60)};
  tuning.interrupt = &interrupt;
  const TuneResult cut = tuning.MustRun();
  EXPECT_EQ(cut.stop, StopReason::kInterrupted);
  EXPECT_EQ(runs, run);
  EXPECT_EQ(TimelessTrials(path).size(), cut.progress.finished);

  interrupt = false;
  const TuneResult rest = tuning.MustRun();
  EXPECT_EQ(rest.resumed, cut.progress.finished);
  EXPECT_EQ(rest.skipped_unfinished, 0u) << "what was not run must not be blamed";
  ExpectSameResult(rest, whole);
  EXPECT_EQ(TimelessTrials(path), TimelessTrials(whole_path));
  return cut.progress.finished;
}

TEST(Tuner, AnInterruptInMidBatchSavesWhatWasMeasured) {
  const TempDir dir;
  for (const bool can_harm_host : {false, true}) {
    measure::FormulaTask task(can_harm_host);
    const std::string name = dir.File(can_harm_host ? "harmful" : "harmless");
    const TuneResult whole = Tuning{task, name, QuickOptions(60)}.MustRun();
    int cuts_in_batch = 0;
    for (const int run : {4, 5, 12}) {
      const std::string path = name + std::to_string(run);
      if (InterruptAndResume(task, run, path, name, whole) % 7 != 0) ++cuts_in_batch;
    }
    EXPECT_GT(cuts_in_batch, 0);
  }
}

/// Interrupts at the worst moment: when the configs are announced and not yet taken up.
class InterruptingRunner : public measure::Runner {
 public:
  InterruptingRunner(std::unique_ptr<Runner> runner, std::atomic<bool>& interrupt)
      : runner_(std::move(runner)), interrupt_(interrupt) {}
  std::size_t parallelism() const override { return runner_->parallelism(); }
  measure::MeasuredBatch Measure(std::span<const Config> configs,
                                 const ShouldStop& should_stop) override {
    interrupt_ = true;
    return runner_->Measure(configs, should_stop);
  }
  measure::BuiltBatch Build(std::span<const Config> configs,
                            const ShouldStop& should_stop) override {
    return runner_->Build(configs, should_stop);
  }
  Result<measure::Comparison> Compare(std::span<const Config> configs, const RepeatOptions& rules,
                                      double seconds, std::uint64_t seed,
                                      const ShouldStop& should_stop,
                                      const measure::OnRound& on_round) override {
    return runner_->Compare(configs, rules, seconds, seed, should_stop, on_round);
  }

 private:
  std::unique_ptr<Runner> runner_;
  std::atomic<bool>& interrupt_;
};

TEST(Tuner, WhatIsAnnouncedAndCouldHarmIsRunInSpiteOfAnInterrupt) {
  const measure::FormulaTask task(/*can_harm_host=*/true);
  const TempDir dir;
  const TunerOptions options = QuickOptions(60, 2);
  std::atomic<bool> interrupt = false;
  InterruptingRunner runner(measure::MakeInProcessRunner(task, {}, 2, *Env::Default()), interrupt);
  const auto result =
      TuneWith({.task = task,
                .target = "formula",
                .searcher = {"random", MakeSearcher("random", {task.space(), 1}).value()},
                .options = options,
                .log = dir.File("log"),
                .interrupt = interrupt},
               DescribeRun(task, "formula", "random", options, *Env::Default()).value(), runner);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->stop, StopReason::kInterrupted);
  const RunLog run = MustReadLog(dir.File("log")).runs.at(0);
  EXPECT_EQ(run.trials.size(), 2u);
  EXPECT_TRUE(run.unfinished.empty()) << "it would be blamed for the end of this session";
}

TEST(Tuner, AnEarlyInterruptMeasuresNothing) {
  measure::FormulaTask task;
  task.on_build = [](const Config&) { FAIL() << "nothing should be built"; };
  const std::atomic<bool> interrupt = true;
  const TempDir dir;
  Tuning tuning{task, dir.File("log"), QuickOptions(60)};
  tuning.interrupt = &interrupt;
  EXPECT_EQ(tuning.MustRun().stop, StopReason::kInterrupted);
}

TEST(Tuner, AnExceptionOfTheTargetEndsTheSessionAndLosesNothing) {
  measure::FormulaTask task;
  const TempDir dir;
  const TuneResult whole = Tuning{task, dir.File("whole"), QuickOptions(60)}.MustRun();
  int runs = 0;
  task.on_run = [&](const Config&) {
    if (++runs == 20) throw std::bad_alloc();
  };
  const Tuning tuning{task, dir.File("log"), QuickOptions(60)};
  const Result<TuneResult> failed = tuning.Run();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.status().code(), StatusCode::kUnavailable);
  EXPECT_GE(TimelessTrials(dir.File("log")).size(), 19u);
  ExpectSameResult(tuning.MustRun(), whole);
  EXPECT_EQ(TimelessTrials(dir.File("log")), TimelessTrials(dir.File("whole")));
}

TEST(Tuner, EachConfigIsAnnouncedInTheLogBeforeItRuns) {
  for (const bool can_harm_host : {false, true}) {
    measure::FormulaTask task(can_harm_host);
    const TempDir dir;
    const std::string path = dir.File("log");
    std::size_t most_unfinished = 0;
    task.on_run = [&](const Config& config) {
      const LogContents contents = MustReadLog(path);
      const std::vector<StartedRecord>& unfinished = contents.runs.at(0).unfinished;
      EXPECT_TRUE(std::any_of(unfinished.begin(), unfinished.end(),
                              [&](const auto& record) { return record.config == config; }));
      most_unfinished = std::max(most_unfinished, unfinished.size());
    };
    Tuning{task, path, QuickOptions(30)}.MustRun();
    // One that can take the host down is announced alone, so that no innocent ones are blamed.
    EXPECT_EQ(most_unfinished, can_harm_host ? 1u : 7u);
    EXPECT_TRUE(MustReadLog(path).runs.at(0).unfinished.empty());
  }
}

TEST(Tuner, OnlyOneTunerAtATimeHasALog) {
  measure::FormulaTask task;
  const TempDir dir;
  const Tuning tuning{task, dir.File("log"), QuickOptions(10)};
  std::optional<Status> second;
  task.on_run = [&](const Config&) {
    if (!second) second = tuning.Run().status();
  };
  tuning.MustRun();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->code(), StatusCode::kUnavailable);
}

TEST(Tuner, ReportsProgressAfterEachBatchAndAtTheEnd) {
  const measure::FormulaTask task;
  const TempDir dir;
  std::vector<TunerProgress> reports;
  Tuning tuning{task, dir.File("log"), QuickOptions(16)};
  tuning.options.max_seconds = 600;
  tuning.on_progress = [&](const TunerProgress& progress) { reports.push_back(progress); };
  const TuneResult result = tuning.MustRun();
  std::vector<std::uint64_t> finished;
  for (const TunerProgress& progress : reports) {
    finished.push_back(progress.finished);
    EXPECT_EQ(progress.planned, 16u);
    EXPECT_EQ(progress.measured, progress.finished);
    EXPECT_EQ(progress.max_seconds, 600);
    std::uint64_t counted = 0;
    for (const auto& [outcome, count] : progress.outcomes) counted += count;
    EXPECT_EQ(counted, progress.finished);
  }
  EXPECT_EQ(finished, (std::vector<std::uint64_t>{0, 7, 7, 14, 14, 16, 16}))
      << "the searcher asks for builds before each batch";
  EXPECT_EQ(reports.back().outcomes, result.progress.outcomes);
  EXPECT_EQ(reports.back().builds, 9u);
}

TEST(Tuner, BuildsWithoutARunAreRecordedUnlessTheSearcherIsBlind) {
  const measure::FormulaTask task;
  const TempDir dir;
  for (const Knowledge knowledge : {Knowledge::kBlind, Knowledge::kCompiler}) {
    TunerOptions options = QuickOptions(14);
    options.knowledge = knowledge;
    const std::string path = dir.File(std::string(ToString(knowledge)));
    const TuneResult result = Tuning{task, path, options}.MustRun();
    const RunLog run = MustReadLog(path).runs.at(0);
    EXPECT_EQ(run.builds.size(), knowledge == Knowledge::kBlind ? 0u : 6u);
    EXPECT_EQ(result.progress.builds, run.builds.size());
    double seconds = 0;
    for (const BuildRecord& record : run.builds) {
      seconds += record.report.seconds;
      EXPECT_EQ(record.report.ok(), task.Build(record.report.config).ok());
    }
    EXPECT_DOUBLE_EQ(result.search_build_seconds, seconds);
  }
}

TEST(Tuner, InModeHardwareKnownConstraintsKeepProposalsValid) {
  class KnowingTask : public measure::FormulaTask {
   public:
    std::vector<Constraint> KnownConstraints() const override {
      return {Constraint::ProductAtMost("area", {"x", "y"}, 1, 40)};
    }
  };
  const KnowingTask task;
  const TempDir dir;
  for (const Knowledge knowledge : {Knowledge::kCompiler, Knowledge::kHardware}) {
    TunerOptions options = QuickOptions(200);
    options.knowledge = knowledge;
    const std::string path = dir.File(std::string(ToString(knowledge)));
    TuneResult result = Tuning{task, path, options, "random"}.MustRun();
    EXPECT_EQ(result.progress.outcomes[Outcome::kCompile] == 0, knowledge == Knowledge::kHardware);
  }
}

TEST(Tuner, AnOptionOutOfRangeLeavesNoLogBehind) {
  const measure::FormulaTask task;
  const TempDir dir;
  const Status status = Tuning{task, dir.File("log"), QuickOptions(0), "random"}.Run().status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "trials: is 0, must be a whole number of at least 1");
  EXPECT_FALSE(Env::Default()->FileExists(dir.File("log")));
}

TEST(Tuner, TakesASearcherOfTheCallersOwn) {
  const measure::FormulaTask task;
  const TempDir dir;
  const auto tune = [&](const std::string& log, std::uint64_t trials) {
    return Tune({.task = task,
                 .target = "formula",
                 .searcher = {"suspicious", std::make_unique<SuspiciousSearcher>(task.space(), 3)},
                 .options = QuickOptions(trials),
                 .log = dir.File(log)})
        .value();
  };
  const TuneResult whole = tune("whole", 40);
  EXPECT_EQ(whole.progress.finished, 40u);
  EXPECT_EQ(tune("halves", 24).progress.measured, 24u);
  const TuneResult rest = tune("halves", 40);
  EXPECT_EQ(rest.resumed, 24u);
  EXPECT_EQ(rest.progress.incumbent->config, whole.progress.incumbent->config);

  const LogContents log = ReadLog(*Env::Default(), dir.File("halves")).value();
  ASSERT_EQ(log.runs.size(), 1u);
  EXPECT_EQ(log.runs[0].header.searcher, "suspicious");
}

TEST(Tuner, AnUnknownSearcherLeavesNoLogBehind) {
  const measure::FormulaTask task;
  const TempDir dir;
  const Status status = Tuning{task, dir.File("log"), {}, "clairvoyant"}.Run().status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("clairvoyant"));
  EXPECT_FALSE(Env::Default()->FileExists(dir.File("log")));
}

}  // namespace
}  // namespace foothold::tune

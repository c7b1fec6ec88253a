// A candidate that was right when it was measured and is not when it is run again: what is taken
// back of it, also across sessions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/device_runner.h"
#include "measure/task_over_task.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

/// The formula, with one config that is faster than all others and crashes after a few runs.
class LureTask : public measure::TaskOverTask {
 public:
  LureTask(const TargetTask& formula, TaskTraits traits)
      : TaskOverTask(formula), traits_(std::move(traits)) {}

  const TaskTraits& traits() const override { return traits_; }
  std::optional<Config> lure;
  int correct_runs = 2;
  mutable int runs = 0;

  BuildResult Build(const Config& config) const override {
    BuildResult built = task().Build(config);
    if (built.ok()) built.program = std::make_unique<Named>(config, std::move(built.program));
    return built;
  }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    const auto& named = dynamic_cast<const Named&>(program);
    if (named.config != lure) return task().Run(*named.program, options);
    RunResult run;
    if (++runs <= correct_runs) {
      run.seconds = {1e-9};
    } else {
      run.failure = Failure{Outcome::kRuntime, "run.crash", "signal 11"};
    }
    return run;
  }

 private:
  struct Named : Program {
    Named(Config its_config, std::unique_ptr<Program> its_program)
        : config(std::move(its_config)), program(std::move(its_program)) {}
    const Metrics& metrics() const override { return program->metrics(); }
    Config config;
    std::unique_ptr<Program> program;
  };

  TaskTraits traits_;
};

class TunerDemotionTest : public ::testing::Test {
 protected:
  static TaskTraits Traits(bool exact) {
    TaskTraits traits = measure::FormulaTask(/*can_harm_host=*/true).traits();
    traits.times_are_exact = exact;
    return traits;
  }

  TunerOptions Options() const {
    TunerOptions options = QuickOptions(60);
    options.device.first_pause_s = 0;
    options.repeats.final_rounds = 3;
    return options;
  }

  /// A session on the device, until `stop_after` trials are finished.
  TuneResult Session(const LureTask& task, const std::string& log,
                     std::uint64_t stop_after = 1'000) {
    std::atomic<bool> interrupt = false;
    TuneRequest request{.task = task,
                        .target = "formula",
                        .searcher = {"suspicious"},
                        .options = Options(),
                        .log = log,
                        .on_progress =
                            [&](const TunerProgress& progress) {
                              if (progress.finished >= stop_after) interrupt = true;
                            },
                        .interrupt = interrupt};
    request.searcher.searcher = std::make_unique<SuspiciousSearcher>(task.space(), 1);
    const auto runner =
        measure::MakeDeviceRunner(task, {request.options.timeout_s, true}, request.options.device,
                                  request.options.repeats, 1, request.env);
    const auto header =
        DescribeRun(task, "formula", "suspicious", request.options, request.env).value();
    Result<TuneResult> result = TuneWith(request, header, *runner);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? std::move(result).value() : TuneResult{};
  }

  /// The config of the first trial that is correct.
  Config FirstCorrect() {
    const LureTask plain(formula_, Traits(true));
    Session(plain, dir_.File("plain"));
    const RunLog run = MustReadLog(dir_.File("plain")).runs.at(0);
    for (const TrialRecord& trial : run.trials) {
      if (trial.measurement.outcome() == Outcome::kCorrect) return trial.measurement.config;
    }
    ADD_FAILURE() << "nothing is correct";
    return {};
  }

  const measure::FormulaTask formula_{/*can_harm_host=*/true};
  TempDir dir_;
};

TEST_F(TunerDemotionTest, WhoFailsWhenItIsRunAgainIsNotTheBest) {
  for (const bool exact : {true, false}) {
    SCOPED_TRACE(exact);
    LureTask task(formula_, Traits(exact));
    task.lure = FirstCorrect();
    task.correct_runs = exact ? 2 : 8;
    const std::string log = dir_.File(exact ? "exact" : "noisy");
    const TuneResult result = Session(task, log);
    EXPECT_EQ(result.progress.finished, 60U);
    ASSERT_EQ(result.demoted.size(), 1U);
    ASSERT_TRUE(result.best().has_value());
    EXPECT_NE(result.best()->config, *task.lure);
    EXPECT_GT(result.best()->MedianSeconds(), 1e-8);
    const RunLog run = MustReadLog(log).runs.at(0);
    ASSERT_EQ(run.demotions.size(), 1U);
    const Measurement& measurement = run.trials.at(run.demotions[0].record.trial).measurement;
    EXPECT_EQ(measurement.config, *task.lure);
    ASSERT_TRUE(measurement.failure.has_value());
    EXPECT_THAT(measurement.failure->reason, ::testing::HasSubstr("was correct, and failed"));
    EXPECT_EQ(run.demotions[0].measured.outcome(), Outcome::kCorrect);
    std::uint64_t counted = 0;
    for (const auto& [outcome, count] : result.progress.outcomes) counted += count;
    EXPECT_EQ(counted, 60U);
  }
}

TEST_F(TunerDemotionTest, ResumesAsIfItHadNotBeenInterrupted) {
  LureTask undisturbed(formula_, Traits(true));
  undisturbed.lure = FirstCorrect();
  const TuneResult whole = Session(undisturbed, dir_.File("whole"));
  const auto lines = TimelessTrials(dir_.File("whole"));
  const DemotedRecord expected = whole.demoted.at(0);
  for (std::uint64_t stop = expected.trial + 1; stop < 60; ++stop) {
    SCOPED_TRACE(stop);
    const std::string log = dir_.File("stop" + std::to_string(stop));
    LureTask task(formula_, Traits(true));
    task.lure = undisturbed.lure;
    Session(task, log, stop);
    const TuneResult resumed = Session(task, log);
    EXPECT_EQ(resumed.progress.finished, 60U);
    // Interrupted before the demotion, the device of the new session does not know the lure.
    if (stop <= expected.found_at) continue;
    ExpectSameResult(resumed, whole);
    EXPECT_EQ(TimelessTrials(log), lines);
    ASSERT_EQ(resumed.demoted.size(), 1U);
    EXPECT_EQ(resumed.demoted[0].trial, expected.trial);
  }
}

TEST_F(TunerDemotionTest, ASessionThatMeasuresNothingSaysTheSame) {
  LureTask task(formula_, Traits(false));
  task.lure = FirstCorrect();
  task.correct_runs = 8;
  TuneResult result = Session(task, dir_.File("one"));
  ASSERT_EQ(result.demoted.size(), 1U);
  const TuneResult again = Session(task, dir_.File("one"));
  ExpectSameResult(again, result);
  ASSERT_EQ(again.demoted.size(), 1U);
  EXPECT_EQ(ToJsonLine(again.demoted[0], 1), ToJsonLine(result.demoted[0], 1));
  EXPECT_EQ(again.progress.measured, 0U);
}

}  // namespace
}  // namespace foothold::tune

#include "tune/final.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "measure/device_runner.h"
#include "measure/testing/noisy_task.h"
#include "records/log/tied.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

using ::testing::ElementsAre;

TEST(MakeFinal, TheBestComesFirstThenTheTiedThenTheOthers) {
  measure::Comparison comparison;
  comparison.candidates.resize(5);
  comparison.candidates[0].seconds = {3, 3};
  comparison.candidates[0].tied = false;
  comparison.candidates[1].seconds = {2, 2};
  comparison.candidates[2].seconds = {1, 1};
  comparison.candidates[2].tied = false;  // a lucky one, found slower in later rounds
  comparison.candidates[3].failure = Failure{};
  comparison.candidates[3].tied = false;
  comparison.candidates[4].seconds = {1.5, 1.5};
  comparison.best = 4;
  const std::vector<std::uint64_t> trials = {10, 11, 12, 13, 14};
  const FinalRecord final = MakeFinal(comparison, trials, 20, 7);
  ASSERT_EQ(final.finalists.size(), 4U);
  std::vector<std::uint64_t> order;
  for (const auto& finalist : final.finalists) order.push_back(finalist.trial);
  EXPECT_THAT(order, ElementsAre(14, 11, 12, 10));
  EXPECT_TRUE(final.finalists[1].tied);
  EXPECT_FALSE(final.finalists[2].tied);
  EXPECT_EQ(final.trials, 20U);

  const Measurement measured{{{3}}, {}, {9}, {}, 0, 0, {}};
  const auto tied =
      records::TiedIn(final, [&](std::uint64_t) -> const Measurement& { return measured; });
  ASSERT_EQ(tied.size(), 2U);
  EXPECT_EQ(tied[0].seconds, (std::vector<double>{1.5, 1.5}));
  EXPECT_EQ(tied[0].RunSeconds(), tied[0].seconds) << "a round is a run";
  EXPECT_EQ(tied[1].MedianSeconds(), 2);
}

/// Tuning with a device whose times are not exact.
class NoisyTuning : public ::testing::Test {
 protected:
  NoisyTuning() { env_.StopClocks(1000, 50); }

  static std::vector<double> TrueSeconds() {
    std::vector<double> seconds;
    for (int n = 0; n < 20; ++n) seconds.push_back(0.01 * (1 + 0.03 * std::abs(n - 7)));
    seconds[8] = seconds[7];  // these two cannot be told apart
    return seconds;
  }
  Result<TuneResult> Run(const TargetTask& task) {
    progress_.clear();
    return Tune(
        {.task = task,
         .target = "noisy",
         .searcher = {"random"},
         .options = options_,
         .log = dir_.File("log"),
         .env = env_,
         .on_progress = [this](const TunerProgress& progress) { progress_.push_back(progress); },
         .interrupt = interrupt_});
  }
  RunLog Log() const { return MustReadLog(dir_.File("log")).runs.at(0); }

  TempDir dir_;
  process::FaultEnv env_{Env::Default()};
  TunerOptions options_ = QuickOptions(20);
  std::atomic<bool> interrupt_ = false;
  std::vector<TunerProgress> progress_;
};

TEST_F(NoisyTuning, EndsWithTheConfigsThatCannotBeToldApart) {
  const measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(1), 5);
  const TuneResult result = Run(task).value();
  ASSERT_EQ(result.tied.size(), 2U);
  EXPECT_THAT(
      std::set<std::uint32_t>({result.tied[0].config.choices[0], result.tied[1].config.choices[0]}),
      ElementsAre(7, 8));
  EXPECT_GE(result.final_rounds, 8U);
  EXPECT_EQ(result.tied[0].seconds.size(), result.final_rounds);
  EXPECT_EQ(result.best()->config, result.tied[0].config);
  ASSERT_TRUE(result.steadiness.has_value());
  EXPECT_FALSE(result.steadiness->is_noisy()) << result.steadiness->spread;

  const RunLog log = Log();
  ASSERT_EQ(log.finals.size(), 1U);
  EXPECT_EQ(log.finals[0].trials, 20U);
  EXPECT_FALSE(log.trials.at(0).measurement.times_per_run.empty());
}

TEST_F(NoisyTuning, SaysAfterEachRoundHowFarTheFinalIs) {
  const measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(1), 5);
  const TuneResult result = Run(task).value();
  std::vector<FinalProgress> finals;
  for (const TunerProgress& progress : progress_) {
    if (progress.final) {
      finals.push_back(*progress.final);
    } else {
      EXPECT_TRUE(finals.empty() || &progress == &progress_.back());
    }
  }
  ASSERT_EQ(finals.size(), 2 + result.final_rounds) << "before the builds and after the warm-up";
  EXPECT_EQ(finals[1].rounds, 0U);
  for (std::size_t i = 2; i < finals.size(); ++i) {
    EXPECT_EQ(finals[i].rounds, i - 1);
    EXPECT_EQ(finals[i].leaders, finals[0].leaders);
    EXPECT_LE(finals[i].tied, finals[i - 1].tied);
  }
  EXPECT_EQ(finals[0].tied, finals[0].leaders);
  EXPECT_EQ(finals[0].most_rounds, 30U);
  EXPECT_EQ(finals.back().tied, 2U);
  EXPECT_FALSE(result.progress.final.has_value());
}

TEST_F(NoisyTuning, TheSameCommandTakesTheFinalFromTheLogAndOneWithMoreTrialsHoldsAnother) {
  const measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(1), 5);
  options_.trials = 12;
  const TuneResult first = Run(task).value();
  const std::size_t runs = task.log.size();
  const TuneResult again = Run(task).value();
  EXPECT_EQ(task.log.size(), runs) << "nothing is left to run";
  ASSERT_EQ(again.tied.size(), first.tied.size());
  for (std::size_t i = 0; i < first.tied.size(); ++i) {
    EXPECT_EQ(again.tied[i].config, first.tied[i].config);
    EXPECT_EQ(again.tied[i].seconds, first.tied[i].seconds);
  }
  options_.trials = 20;
  const TuneResult more = Run(task).value();
  ASSERT_EQ(Log().finals.size(), 2U);
  EXPECT_EQ(Log().finals[1].trials, 20U);
  const std::vector<FinalRecord::Finalist> finalists = Log().finals[1].finalists;
  EXPECT_EQ(more.tied.size(), std::count_if(finalists.begin(), finalists.end(),
                                            [](const auto& f) { return f.tied; }));
}

TEST_F(NoisyTuning, ANoisyMachineIsNoticed) {
  const measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(8), 5);
  const TuneResult result = Run(task).value();
  ASSERT_TRUE(result.steadiness.has_value());
  EXPECT_TRUE(result.steadiness->is_noisy()) << result.steadiness->spread;
  EXPECT_GT(result.tied.size(), 1U);
}

TEST_F(NoisyTuning, TheFinalKeepsToTheTimeOfTheSession) {
  const measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(1), 5);
  options_.max_seconds = 1.2;  // a trial takes some 0.1 s, a round 0.02 s and more
  const double start = env_.MonotonicSeconds();
  const TuneResult result = Run(task).value();
  EXPECT_EQ(result.stop, StopReason::kTime);
  EXPECT_LE(env_.MonotonicSeconds() - start, 1.2 + 0.25) << "one candidate too late at most";
  EXPECT_FALSE(result.tied.empty());
}

TEST_F(NoisyTuning, AnInterruptedFinalIsHeldByTheNextSession) {
  measure::NoisyTask task(env_, TrueSeconds(), measure::LogNormal(1), 5);
  options_.repeats.final_rounds = 0;
  EXPECT_TRUE(Run(task).ok());
  EXPECT_TRUE(Log().finals.empty()) << "none was asked for";
  options_.repeats.final_rounds = 30;
  const std::size_t before = task.log.size();
  task.fails = [&](std::size_t run) {
    if (run == before + 3) interrupt_ = true;
    return RunResult{};
  };
  const Result<TuneResult> interrupted = Run(task);
  ASSERT_TRUE(interrupted.ok()) << interrupted.status().message();
  EXPECT_EQ(interrupted->stop, StopReason::kInterrupted);
  EXPECT_FALSE(interrupted->tied.empty()) << "by their bounds";
  EXPECT_EQ(interrupted->final_rounds, 0U);
  interrupt_ = false;
  EXPECT_GE(Run(task).value().final_rounds, 8U);
}

TEST_F(NoisyTuning, WhereTimesAreExactThereIsNoFinal) {
  const measure::FormulaTask task(/*can_harm_host=*/true);
  const TuneResult result = Run(task).value();
  EXPECT_TRUE(result.tied.empty());
  EXPECT_TRUE(Log().finals.empty());
  EXPECT_EQ(result.best()->seconds, result.progress.incumbent->seconds);
}

}  // namespace
}  // namespace foothold::tune

// The loop with other journals, runners and clocks than those of Tune, which has tests of its own
// (tuner_*_test.cc).
#include "tune/loop.h"

#include <gtest/gtest.h>

#include "measure/replay_runner.h"
#include "tune/memory_journal.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

TEST(Loop, DoesTheSameWhateverTheJournal) {
  const measure::FormulaTask task;
  const TempDir dir;
  const TunerOptions options = QuickOptions(60, 2);
  const TuneResult logged = Tuning{task, dir.File("log"), options}.MustRun();

  measure::VirtualClock clock;
  MemoryJournal journal(clock);
  SuspiciousSearcher searcher(task.space(), options.seed);
  const auto runner = measure::MakeInProcessRunner(task, {}, 2, *Env::Default());
  const auto result = RunLoop({task.space(), searcher, *runner, journal, clock}, options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  ExpectSameResult(*result, logged);
  EXPECT_FALSE(result->start.resumed);
  const RunLog run = MustReadLog(dir.File("log")).runs.at(0);
  ASSERT_EQ(journal.trials().size(), run.trials.size());
  for (std::size_t i = 0; i < run.trials.size(); ++i) {
    const Measurement& kept = journal.trials()[i].measurement;
    EXPECT_EQ(kept.config, run.trials[i].measurement.config);
    EXPECT_EQ(kept.outcome(), run.trials[i].measurement.outcome());
    EXPECT_EQ(kept.seconds, run.trials[i].measurement.seconds);
  }
  ASSERT_EQ(journal.builds().size(), run.builds.size());
  EXPECT_EQ(journal.builds().back().config, run.builds.back().report.config);
  EXPECT_EQ(journal.trials().back().builds, run.builds.size());
  EXPECT_GT(journal.search_seconds(), 0);
}

/// Proposes the space in order, and concludes when it has observed enough.
class Walker : public Searcher {
 public:
  Walker(const Space& space, std::size_t enough) : space_(space), enough_(enough) {}

  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    for (; configs.size() < count && next_ < space_.valid_count(); ++next_) {
      configs.push_back(space_.Unrank(next_));
    }
    return configs;
  }
  void Observe(std::span<const Measurement> measurements) override {
    observed_ += measurements.size();
  }
  std::string Conclusion() override { return observed_ >= enough_ ? "enough" : ""; }

 private:
  const Space& space_;
  std::size_t enough_;
  std::uint64_t next_ = 0;
  std::size_t observed_ = 0;
};

/// Every trial takes ten seconds.
class ReplayedLoop : public ::testing::Test {
 protected:
  TuneResult Run(const TunerOptions& options, std::size_t enough = 1'000) {
    Walker searcher(task_.space(), enough);
    const auto runner = measure::MakeReplayRunner({[](const Config& config) {
                                                     Measurement measurement;
                                                     measurement.config = config;
                                                     measurement.seconds = {1};
                                                     measurement.build_seconds = 4;
                                                     measurement.run_seconds = 6;
                                                     return measurement;
                                                   },
                                                   nullptr},
                                                  clock_);
    const auto result = RunLoop({task_.space(), searcher, *runner, journal_, clock_}, options);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return *result;
  }

  const measure::FormulaTask task_;
  measure::VirtualClock clock_;
  MemoryJournal journal_{clock_};
};

TEST_F(ReplayedLoop, EndsByTheVirtualClock) {
  TunerOptions options = QuickOptions(60);
  options.max_seconds = 95;
  const TuneResult result = Run(options);
  EXPECT_EQ(result.stop, StopReason::kTime);
  EXPECT_EQ(result.progress.elapsed_s, 100) << "the trial that crosses the limit is the last";
  ASSERT_EQ(journal_.trials().size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(journal_.trials()[i].ended_s, 10.0 * static_cast<double>(i + 1));
  }
}

TEST_F(ReplayedLoop, NotesWhenTheSearcherConcludes) {
  TunerOptions options = QuickOptions(60);
  TuneResult result = Run(options, 15);
  EXPECT_EQ(result.stop, StopReason::kConcluded);
  EXPECT_EQ(result.conclusion, "enough");
  EXPECT_EQ(result.concluded_after, 21U) << "three batches of seven";
  options.stop_early = false;
  result = Run(options, 15);
  EXPECT_EQ(result.stop, StopReason::kTrials);
  EXPECT_EQ(result.conclusion, "");
  EXPECT_EQ(result.concluded_after, 21U);
  EXPECT_FALSE(Run(options).concluded_after);
}

}  // namespace
}  // namespace foothold::tune

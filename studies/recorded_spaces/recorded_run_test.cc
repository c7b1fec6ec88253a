#include "studies/recorded_spaces/recorded_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "foothold/searchers.h"
#include "studies/recorded_spaces/testing/synthetic_space.h"

namespace foothold::studies {
namespace {

using foothold::testing::SyntheticSpace;

/// Builds some configs once, then proposes the space in order.
class Scripted : public Searcher {
 public:
  Scripted(const ReplayedSpace& replayed, std::uint64_t builds)
      : replayed_(replayed), builds_(builds) {}

  std::vector<Config> ProposeBuilds() override {
    std::vector<Config> configs;
    for (std::uint64_t i = 0; i < builds_; ++i) configs.push_back(replayed_.space().Unrank(i));
    builds_ = 0;
    return configs;
  }
  void ObserveBuilds(std::span<const BuildReport> reports) override {
    for (const BuildReport& report : reports) EXPECT_DOUBLE_EQ(report.seconds, 0.25);
  }
  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    while (configs.size() < count && next_ < replayed_.space().valid_count()) {
      configs.push_back(replayed_.space().Unrank(next_++));
    }
    return configs;
  }
  void Observe(std::span<const Measurement> measurements) override {
    for (const Measurement& measurement : measurements) {
      const RecordedTrial& trial = replayed_.trial(measurement.config);
      EXPECT_EQ(measurement.outcome(), trial.outcome);
      if (trial.outcome == Outcome::kCorrect) {
        EXPECT_DOUBLE_EQ(measurement.MedianSeconds(), Seconds(trial));
      }
      ++observed;
    }
  }
  int observed = 0;

 private:
  const ReplayedSpace& replayed_;
  std::uint64_t builds_;
  std::uint64_t next_ = 0;
};

TEST(RunOnRecorded, ChargesWhatWasRecordedUntilTheEnd) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 4, .invalid = 0.4});
  Scripted searcher(replayed, 3);
  const RecordedRun run = RunOnRecorded(searcher, Knowledge::kBlind, replayed, 1e9, 3);
  ASSERT_EQ(run.steps.size(), 16u) << "the whole space";
  EXPECT_EQ(searcher.observed, 16);
  double at_s = 0;
  for (const RecordedStep& step : run.steps) {
    at_s += replayed.TrialCost(replayed.trial(step.rank));
    EXPECT_DOUBLE_EQ(step.at_s, at_s);
  }
}

TEST(RunOnRecorded, ABuildIsPaidOnce) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 4, .invalid = 0.4});
  Scripted builder(replayed, 5);
  const RecordedRun built = RunOnRecorded(builder, Knowledge::kCompiler, replayed, 1e9, 3);
  Scripted plain(replayed, 0);
  const RecordedRun blind = RunOnRecorded(plain, Knowledge::kBlind, replayed, 1e9, 3);
  ASSERT_EQ(built.steps.size(), blind.steps.size());
  EXPECT_NEAR(built.steps[0].at_s, blind.steps[0].at_s + 4 * 0.25, 1e-9);
  EXPECT_NEAR(built.steps[15].at_s, blind.steps[15].at_s, 1e-9);
}

TEST(RunOnRecorded, TheTrialThatCrossesTheLimitIsTheLast) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 4});  // a second each
  Scripted searcher(replayed, 0);
  EXPECT_EQ(RunOnRecorded(searcher, Knowledge::kBlind, replayed, 4.5, 8).steps.size(), 5u);
}

TEST(RunOnRecorded, EverySearcherStaysInTheRecordedSpace) {
  RecordedSpace records = foothold::testing::SyntheticRecords({.side = 20, .invalid = 0.3});
  std::erase_if(records.trials, [](const RecordedTrial& trial) {
    return (trial.config.choices[0] * 7 + trial.config.choices[1] * 3) % 10 < 8;
  });
  const ReplayedSpace replayed = *ReplayedSpace::Create(records, "sparse");
  for (const SearcherInfo& info : ListSearchers()) {
    SCOPED_TRACE(info.name);
    for (const Knowledge knowledge : {Knowledge::kBlind, Knowledge::kCompiler}) {
      const auto searcher = *MakeSearcher(info.name, {replayed.space(), 1, knowledge});
      const RecordedRun run = RunOnRecorded(*searcher, knowledge, replayed, 1e9, 8);
      std::set<std::uint64_t> ranks;
      for (const RecordedStep& step : run.steps) ranks.insert(step.rank);
      EXPECT_EQ(ranks.size(), replayed.space().valid_count()) << "each once";
      EXPECT_EQ(run.steps.size(), ranks.size());
    }
  }
}

}  // namespace
}  // namespace foothold::studies

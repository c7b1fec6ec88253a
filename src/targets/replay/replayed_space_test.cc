#include "foothold/replayed_space.h"

#include <gmock/gmock.h>

#include "formats/testing.h"

namespace foothold::replay {
namespace {

using foothold::testing::kSmallCache;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<ReplayedSpace> Replayed(std::string_view text) {
  return ReplayedSpace::Create(*ParseKernelTunerCache(text, "small.json"), "small.json");
}

TEST(ReplayedSpace, HoldsWhatWasRecordedAndNothingElse) {
  const ReplayedSpace replayed = *Replayed(kSmallCache);
  const Space& space = replayed.space();
  EXPECT_EQ(space.raw_size(), 8u);
  EXPECT_EQ(space.valid_count(), 4u);
  std::size_t recorded = 0;
  for (std::uint64_t index = 0; index < space.raw_size(); ++index) {
    if (!space.IsValid(space.AtIndex(index))) continue;
    EXPECT_EQ(replayed.trial(space.AtIndex(index)).config, space.AtIndex(index));
    ++recorded;
  }
  EXPECT_EQ(recorded, 4u);
}

TEST(ReplayedSpace, WholeNumbersKeepTheirValuesAndOthersGetTheirPlaces) {
  const ReplayedSpace replayed = *Replayed(kSmallCache);
  const auto& parameters = replayed.space().parameters();
  EXPECT_THAT(parameters[0].values, ElementsAre(16, 8));
  EXPECT_THAT(parameters[1].values, ElementsAre(0, 1)) << "0.5 and 1.0";
  EXPECT_THAT(parameters[2].values, ElementsAre(0, 1)) << "true and false";
  EXPECT_THAT(parameters[3].values, ElementsAre(0)) << "row";
  EXPECT_EQ(replayed.ToString(replayed.recorded().trials[0].config),
            "width=8 scale=0.5 pad=True layout=row");
}

TEST(ReplayedSpace, CostsAreThoseOfTheRecordedTuner) {
  const ReplayedSpace replayed = *Replayed(kSmallCache);
  const auto& trials = replayed.recorded().trials;
  EXPECT_DOUBLE_EQ(replayed.TrialCost(trials[0]), (120.125 + 1 + 7.5 + 2.5) / 1e3);
  EXPECT_DOUBLE_EQ(replayed.TrialCost(trials[1]), (80.5 + 0.25 + 1.5) / 1e3);
  EXPECT_DOUBLE_EQ(BuildCost(trials[1]), 0.0805);
  EXPECT_DOUBLE_EQ(Seconds(trials[0]), 0.00325);
  EXPECT_TRUE(WasBuilt(trials[2])) << "it failed when it ran";
  EXPECT_FALSE(WasBuilt(trials[1]));
  EXPECT_FALSE(WasBuilt(trials[3]));
}

TEST(ReplayedSpace, WithoutTimesOfMeasuringTheRunsThemselvesAreTheCost) {
  RecordedSpace recorded = *ParseKernelTunerCache(kSmallCache, "small.json");
  for (RecordedTrial& trial : recorded.trials) trial.benchmark_ms = 0;
  const ReplayedSpace replayed = *ReplayedSpace::Create(recorded, "small.json");
  EXPECT_DOUBLE_EQ(replayed.TrialCost(recorded.trials[0]), (120.125 + 1 + 3 + 3.5 + 2.5) / 1e3);
}

TEST(ReplayedSpace, TheLastTrialOfAConfigCounts) {
  RecordedSpace recorded = *ParseKernelTunerCache(kSmallCache, "small.json");
  recorded.trials.push_back(recorded.trials[0]);
  recorded.trials.back().objective = 2;
  const ReplayedSpace replayed = *ReplayedSpace::Create(recorded, "small.json");
  EXPECT_EQ(replayed.space().valid_count(), 4u);
  EXPECT_DOUBLE_EQ(Seconds(replayed.trial(recorded.trials[0].config)), 0.002);
}

TEST(ReplayedSpace, SaysWhatItCannotUse) {
  RecordedSpace empty = *ParseKernelTunerCache(kSmallCache, "small.json");
  empty.trials.clear();
  EXPECT_EQ(ReplayedSpace::Create(empty, "e.json").status().message(),
            "e.json: holds no config, must hold one");
  RecordedSpace other = *ParseKernelTunerCache(kSmallCache, "small.json");
  other.objective = "GFLOP/s";
  EXPECT_THAT(ReplayedSpace::Create(other, "s.json").status().message(),
              HasSubstr("s.json: was tuned for GFLOP/s, must be for time"));
}

// Counts of docs/results/protocol.md#recorded-spaces.
TEST(ReplayedSpace, RealSpacesHaveTheirSizes) {
  const std::string folder = foothold::testing::DataDirectory() + "/spaces/";
  if (!Env::Default()->FileExists(folder + "pnpoly_RTX_3090.json.gz")) {
    GTEST_SKIP() << "no recorded spaces in " << folder;
  }
  const auto valid = [&](const std::string& file) {
    auto recorded = ReadRecordedSpace(*Env::Default(), folder + file);
    EXPECT_TRUE(recorded.ok()) << recorded.status().message();
    return ReplayedSpace::Create(*std::move(recorded), file)->space().valid_count();
  };
  EXPECT_EQ(valid("pnpoly_RTX_3090.json.gz"), 4092u);
  EXPECT_EQ(valid("convolution_RTX_3090.json.gz"), 6768u);
  EXPECT_EQ(valid("convolution_milo_A6000_T4.json.gz"), 4362u);
}

}  // namespace
}  // namespace foothold::replay

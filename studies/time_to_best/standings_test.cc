#include "studies/time_to_best/standings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::studies {
namespace {

/// A run that reached the optimum at this measurement; 0: it did not.
RunSummary At(std::uint64_t measured, std::uint64_t builds = 0) {
  RunSummary run;
  run.measured = {measured, measured, measured};
  run.seconds = {60.0, 30.0, 15.0};
  run.trials = 100;
  run.invalid = 40;
  run.invalid_to_optimum = 10;
  run.first_correct = 3;
  run.builds = builds;
  run.builds_to = {builds / 2, builds / 5, builds / 10};
  run.search_s = 0.2;
  return run;
}

Entry EntryOf(const std::string& name, Knowledge knowledge, std::vector<RunSummary> runs) {
  return {name, knowledge, std::move(runs)};
}

Competition TwoNetworks() {
  Field one;
  one.workload = "net.one";
  one.build_s = 0.1;
  one.entries = {
      EntryOf("autotvm", Knowledge::kBlind, {At(100), At(200), At(300)}),
      EntryOf("autotvm", Knowledge::kHardware, {At(50), At(50), At(50)}),
      EntryOf("other", Knowledge::kCompiler, {At(50, 100), At(0, 100), At(60, 100)}),
      EntryOf("other", Knowledge::kHardware, {At(10), At(20), At(40)}),
  };
  Field two = one;
  two.workload = "net.two";
  two.entries[0].runs = {At(0), At(0), At(400)};  // median: the budget, 750
  Field other = one;
  other.workload = "else.one";
  Competition competition;
  competition.target = "toy";
  competition.fields = {one, two, other};
  return competition;
}

TEST(Standings, ARunThatDoesNotGetThereCountsAsTheBudget) {
  const Entry entry = EntryOf("x", Knowledge::kBlind, {At(50), At(0), At(60), At(0)});
  const Score score = ScoreOf(entry, 0, 750);
  EXPECT_EQ(score.median, (60 + 750) / 2.0);
  EXPECT_EQ(score.reached, 0.5);
  EXPECT_EQ(score.interquartile, 750 - 57.5);
}

TEST(Standings, NetworksAreWhatIsBeforeTheDot) {
  EXPECT_EQ(NetworkOf("resnet18.C8"), "resnet18");
  EXPECT_EQ(NetworkOf("shape"), "shape");
  EXPECT_THAT(Networks(TwoNetworks()), ::testing::ElementsAre("net", "else"));
}

TEST(Standings, RatiosAreMeansOverWorkloadsOfRatiosOfMedians) {
  const std::vector<Standing> standings = Standings(TwoNetworks(), "net", {});
  ASSERT_EQ(standings.size(), 4u);
  EXPECT_DOUBLE_EQ(*standings[0].ratio, 1);
  EXPECT_DOUBLE_EQ(*standings[1].ratio_in_mode, 1);
  const Standing& compiler = standings[2];
  EXPECT_EQ(compiler.entrant, "other");
  EXPECT_DOUBLE_EQ(*compiler.ratio, (60.0 / 200 + 60.0 / 750) / 2);
  EXPECT_DOUBLE_EQ(*compiler.ratio_in_mode, *compiler.ratio) << "as blind: it asks for no builds";
  const Standing& hardware = standings[3];
  EXPECT_DOUBLE_EQ(*hardware.ratio, (20.0 / 200 + 20.0 / 750) / 2);
  EXPECT_DOUBLE_EQ(*hardware.ratio_in_mode, 20.0 / 50);
  EXPECT_DOUBLE_EQ(compiler.median[0], 60);
  EXPECT_NEAR(compiler.reached[0], 2.0 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(standings[0].median[0], (200 + 750) / 2.0);
}

TEST(Standings, TiersAreMeans) {
  const Standing standing = Standings(TwoNetworks(), "net", {})[2];
  EXPECT_DOUBLE_EQ(standing.builds, 100);
  EXPECT_DOUBLE_EQ(standing.invalid, 40);
  EXPECT_DOUBLE_EQ(standing.invalid_to_optimum, 10);
  EXPECT_DOUBLE_EQ(standing.minutes, 1);
  EXPECT_NEAR(standing.search_ms, 2, 1e-12);
  EXPECT_DOUBLE_EQ(standing.first_correct, 3);
}

TEST(Standings, BuildsAreBilledUpToTheGoalOnly) {
  const Standing standing = Standings(TwoNetworks(), "net", {})[2];
  EXPECT_NEAR(standing.minutes_expensive_builds[0], 1 + 50 * (0.6 - 0.1) / 60, 1e-12);
  EXPECT_NEAR(standing.minutes_expensive_builds[1], 0.5 + 20 * (0.6 - 0.1) / 60, 1e-12);
  EXPECT_NEAR(standing.minutes_expensive_builds[2], 0.25 + 10 * (0.6 - 0.1) / 60, 1e-12);
}

TEST(Standings, WithoutTheBaselineThereIsNoRatio) {
  Competition competition = TwoNetworks();
  for (Field& field : competition.fields) field.entries.erase(field.entries.begin());
  const std::vector<Standing> standings = Standings(competition, "net", {});
  EXPECT_FALSE(standings[1].ratio.has_value());
  EXPECT_TRUE(standings[2].ratio_in_mode.has_value()) << "there it took part";
}

}  // namespace
}  // namespace foothold::studies

#include "studies/real_board/board_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/testing/test_data.h"
#include "foothold/env.h"

namespace foothold::studies {
namespace {

vta::VtaMachine Pynq() { return *vta::FindMachine(*Env::Default(), "pynq"); }

BoardTrial Trial(std::vector<std::int64_t> values, int error, std::optional<double> seconds) {
  return {{"layer", Conv2d{1, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1}, {}},
          std::move(values),
          error,
          seconds,
          3};
}

std::vector<BoardTrial> FewTrials() {
  return {Trial({1, 14, 28, 1, 2, 1, 2}, 0, 0.002), Trial({1, 7, 28, 1, 1, 1, 1}, 0, 0.004),
          Trial({1, 28, 28, 4, 4, 1, 1}, 2, {}), Trial({1, 1, 28, 1, 1, 1, 1}, 4, {})};
}

std::vector<Entrant> Find(const std::vector<std::string>& names) {
  return FindEntrants(names).value();
}

TEST(BoardReplay, ProposesWhatWasTriedAndNothingElse) {
  BoardReplayOptions options;
  options.seeds = 3;
  const auto replay = ReplayBoard(Pynq(), FewTrials(), Find({"random", "foothold"}), options);
  ASSERT_TRUE(replay.ok()) << replay.status().message();
  ASSERT_EQ(replay->layers.size(), 1u);
  const BoardReplayLayer& layer = replay->layers[0];
  EXPECT_EQ(layer.configs, 4u);
  EXPECT_EQ(layer.valid, 2u);
  EXPECT_EQ(layer.best_seconds, 0.002);
  ASSERT_EQ(layer.entries.size(), 5u);  // random in two modes, foothold in three
  for (const BoardReplayEntry& entry : layer.entries) {
    ASSERT_EQ(entry.to_best.size(), 3u);
    for (const std::uint64_t trials : entry.to_best) {
      EXPECT_GE(trials, 1u);
      EXPECT_LE(trials, 4u);
    }
  }
  const Page page = ToPage(*replay);
  const auto json = base::Json::Parse(page.ToJson()).value();
  EXPECT_EQ(json["data"]["layers"][0]["entries"][4]["knowledge"], "hardware");
  EXPECT_THAT(page.ToText(), ::testing::HasSubstr("| layer | "));
  EXPECT_THAT(page.ToMarkdown(), ::testing::StartsWith("# A real board"));
}

TEST(BoardReplay, ALayerWithoutACorrectTrialIsAnError) {
  const std::vector<BoardTrial> trials = {Trial({1, 28, 28, 4, 4, 1, 1}, 2, {})};
  const auto replay = ReplayBoard(Pynq(), trials, Find({"random"}), {});
  EXPECT_EQ(replay.status().message(), "layer: no trial was correct");
  EXPECT_FALSE(ReplayBoard(Pynq(), {}, Find({"random"}), {}).ok());
}

TEST(BoardReplay, ValuesOfAnotherTemplateAreAnError) {
  const std::vector<BoardTrial> trials = {Trial({1, 3, 28, 1, 2, 1, 2}, 0, 0.002)};
  EXPECT_EQ(ReplayBoard(Pynq(), trials, Find({"random"}), {}).status().code(),
            StatusCode::kInvalidArgument);
}

// The bar of the searcher: with the simulator as prior, at most 5 measurements on each layer.
TEST(BoardReplay, TheSimulatorLeadsToTheBestConfigOfARealBoard) {
  const std::string path = testing::DataDirectory() + "/boards/pynq_vgg19_trials.csv";
  if (!Env::Default()->FileExists(path)) GTEST_SKIP() << "needs " << path << " (set FOOTHOLD_DATA)";
  const auto trials = ReadBoardTrials(*Env::Default()->ReadFile(path), path);
  ASSERT_TRUE(trials.ok()) << trials.status().message();
  std::vector<Entrant> entrants = Find({"foothold"});
  entrants[0].modes = {Knowledge::kHardware};
  BoardReplayOptions options;
  options.seeds = 3;
  const auto replay = ReplayBoard(Pynq(), *trials, entrants, options);
  ASSERT_TRUE(replay.ok()) << replay.status().message();
  ASSERT_EQ(replay->layers.size(), 3u);
  for (const BoardReplayLayer& layer : replay->layers) {
    const std::vector<std::uint64_t>& counts = layer.entries[0].to_best;
    EXPECT_LE(*std::max_element(counts.begin(), counts.end()), 5u) << layer.name;
  }
}

}  // namespace
}  // namespace foothold::studies

#include "studies/synthetic_spaces/synthetic_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "foothold/rng.h"

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;

/// Ten configs a, of which those below 3 fail; config a takes 10 - a seconds.
SyntheticSpace Stairs() {
  Parameter parameter{"a", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, true};
  SyntheticSpace space{
      "stairs.1", SpaceSet::kReport, Space::Create({parameter}).value(), nullptr, nullptr, 1, 0.7};
  space.failure = [](const Config& config) -> std::optional<Failure> {
    if (config.choices[0] >= 3) return std::nullopt;
    return Failure{Outcome::kRuntime, "low", ""};
  };
  space.seconds = [](const Config& config) { return 10.0 - config.choices[0]; };
  return space;
}

/// Proposes the configs in the order of the space.
class Walker : public Searcher {
 public:
  explicit Walker(const Space& space) : space_(space) {}
  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    while (configs.size() < count && next_ < space_.raw_size()) {
      configs.push_back(space_.AtIndex(next_++));
    }
    return configs;
  }
  void Observe(std::span<const Measurement>) override {}

 private:
  Space space_;
  std::uint64_t next_ = 0;
};

Entrant WalkerEntrant() {
  return {"walker", {Knowledge::kBlind}, [](const SearchProblem& problem) {
            return std::unique_ptr<Searcher>(std::make_unique<Walker>(problem.space));
          }};
}

TEST(SyntheticRun, IsSummedUp) {
  const SyntheticSpace space = Stairs();
  Walker walker(space.space);
  SyntheticOptions options;
  options.trials = 9;
  options.batch_size = 2;
  const SyntheticRun run = RunOnSynthetic(walker, space, options);
  EXPECT_EQ(run.first_valid, 4u);
  EXPECT_EQ(run.invalid, 3u);
  EXPECT_EQ(run.early, 0) << "nothing is valid among the first three";
  EXPECT_EQ(run.late, 2) << "config 8 takes two seconds";
}

TEST(SyntheticStudy, TellsRunsThatFoundNothingFromOthers) {
  SyntheticOptions options;
  options.seeds = 2;
  options.trials = 9;
  const auto result = RunSyntheticStudy(
      {Stairs()}, {WalkerEntrant()}, options, [](auto, auto) {}, false);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->fields[0].entries[0].runs.size(), 2u);
  const Page made = ToPage(*result);
  const std::string page = made.ToMarkdown();
  EXPECT_THAT(page, HasSubstr("nothing"));
  EXPECT_THAT(page, HasSubstr("2.00"));
  const base::Json json = base::Json::Parse(made.ToJson()).value();
  EXPECT_EQ(json["data"]["spaces"][0]["entries"][0]["late_ratio"][0], 2.0);
  EXPECT_EQ(json["data"]["spaces"][0]["entries"][0]["early_ratio"], base::Json::Array({0, 0}));
}

TEST(SyntheticStudy, IsTheSameWithAnyNumberOfThreads) {
  SyntheticOptions options;
  options.seeds = 3;
  options.trials = 24;
  std::vector<std::string> figures;
  for (const int jobs : {1, 3}) {
    options.jobs = jobs;
    const auto result = RunSyntheticStudy(
        {Stairs(), MakeSyntheticSpace("permutation", 1)},
        FindEntrants({"random", "foothold"}).value(), options, [](auto, auto) {}, false);
    ASSERT_TRUE(result);
    std::string text;
    for (const SyntheticField& field : result->fields) {
      for (const SyntheticEntry& entry : field.entries) {
        for (const SyntheticRun& run : entry.runs) {
          text += std::to_string(run.late) + " " + std::to_string(run.invalid) + "\n";
        }
      }
    }
    figures.push_back(text);
  }
  EXPECT_EQ(figures[0], figures[1]);
}

TEST(SyntheticStudy, StopsWhenInterrupted) {
  EXPECT_FALSE(RunSyntheticStudy(
                   {Stairs()}, {WalkerEntrant()}, {}, [](auto, auto) {}, true)
                   .has_value());
}

}  // namespace
}  // namespace foothold::studies

// Planted rules must come out, and nothing where there is none.
#include "models/rules/learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/rules/testing.h"

namespace foothold::models {
namespace {

using foothold::testing::Law;
using foothold::testing::TrialsUnderLaw;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Parameter> Tiles() {
  return {{"tile_h", {1, 2, 4, 8, 16}}, {"tile_w", {1, 2, 4, 8, 16}}, {"tile_co", {1, 2, 4, 8, 16}},
          {"threads", {1, 2, 4}},       {"order", {0, 1, 2}},         {"fixed", {3}}};
}

std::vector<std::string> Learned(const Law& law, std::size_t count, std::uint64_t seed) {
  ExampleCollector collector(Tiles());
  for (const Measurement& trial : TrialsUnderLaw(Tiles(), law, count, seed)) collector.Add(trial);
  const Examples examples = collector.Collected();
  std::vector<std::string> texts;
  for (const Rule& rule : LearnRules(examples)) {
    std::string text;
    for (const Test& test : rule.tests) {
      text += (text.empty() ? "" : " and ") + ToString(test, examples.parameters);
    }
    texts.push_back(text + " -> " + examples.kinds[rule.kind].stage);
    EXPECT_EQ(rule.failed, rule.matched) << text;
    for (const Example& example : examples.examples) {
      EXPECT_FALSE(example.correct && rule.Matches(example.values)) << text;
    }
  }
  return texts;
}

TEST(LearnRules, FindsAProductOfThree) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[0] * v[1] * v[2] > 512) return std::pair("capacity", "needs 3 B of 2 B");
    return {};
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    EXPECT_THAT(Learned(law, 500, seed),
                ElementsAre("tile_h * tile_w * tile_co > 512 -> capacity"));
  }
}

TEST(LearnRules, FindsARatio) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[2] < 2 * v[3]) return std::pair("threads", "4 tiles do not split over 3 threads");
    return {};
  };
  EXPECT_THAT(Learned(law, 500, 1), ElementsAre("tile_co / threads < 2 -> threads"));
}

TEST(LearnRules, FindsARuleUnderACondition) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[4] == 1 && v[0] * v[1] > 16) return std::pair("order", "tile too large");
    return {};
  };
  EXPECT_THAT(Learned(law, 800, 1), ElementsAre("order = 1 and tile_h * tile_w > 16 -> order"));
}

TEST(LearnRules, FindsWhatAValueAloneRules) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[4] == 1) return std::pair("order", "no such order");
    return {};
  };
  EXPECT_THAT(Learned(law, 300, 1), ElementsAre("order = 1 -> order"));
}

TEST(LearnRules, FindsTwoRulesOfWhichOneHidesTheOther) {
  const Law law = [](const auto& v) -> Law::result_type {
    if (v[2] * v[3] > 16) return std::pair("threads", "1 does not split over 2");
    if (v[0] * v[1] * v[2] > 256) return std::pair("capacity", "needs 4 of 3");
    return {};
  };
  EXPECT_THAT(Learned(law, 800, 1),
              ::testing::UnorderedElementsAre("tile_h * tile_w * tile_co > 256 -> capacity",
                                              "tile_co * threads > 16 -> threads"));
}

TEST(LearnRules, FindsNothingInNoise) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    Rng noise(seed + 100);
    const Law law = [&](const auto&) -> Law::result_type {
      if (noise.Uniform() < 0.5) return std::pair("luck", "none");
      return {};
    };
    EXPECT_THAT(Learned(law, 300, seed), IsEmpty());
  }
}

TEST(LearnRules, WithoutAnythingCorrectNothingCanBeLearned) {
  const Law law = [](const auto&) -> Law::result_type { return std::pair("all", "fails"); };
  EXPECT_THAT(Learned(law, 300, 1), IsEmpty());
}

TEST(LearnRules, AFewSporadicFailuresDoNotHideARule) {
  Rng noise(9);
  const Law law = [&](const auto& v) -> Law::result_type {
    if (v[0] * v[2] > 32) return std::pair("capacity", "needs 4 of 3");
    if (noise.Uniform() < 0.05) return std::pair("board", "it was unwell");
    return {};
  };
  EXPECT_THAT(Learned(law, 800, 1), ElementsAre("tile_h * tile_co > 32 -> capacity"));
}

TEST(CandidateTerms, StayWithinTheirNumber) {
  std::vector<Parameter> many;
  for (char name = 'a'; name <= 'z'; ++name) many.push_back({std::string(1, name), {1, 2}});
  const auto terms = CandidateTerms(many);
  EXPECT_LE(terms.size(), kMaxTerms);
  EXPECT_EQ(terms.size(), 26u + 26 * 25 / 2 * 2) << "singles, pairs and ratios";
  many.resize(4);
  EXPECT_EQ(CandidateTerms(many).size(), 4u + 6 + 6 + 4 + 1);
  many[0].values = {0, 1};
  EXPECT_EQ(CandidateTerms(many).size(), 4u + 3 + 3 + 1) << "a product with 0 says nothing";
}

}  // namespace
}  // namespace foothold::models

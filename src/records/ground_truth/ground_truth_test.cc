#include "records/ground_truth/ground_truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

GroundTruthHeader SomeHeader(std::int64_t values) {
  GroundTruthHeader header;
  header.target = "fake";
  header.workload = {"tiny", Dense{1, 32, 64}, {}};
  header.parameters = {{"a", {}}};
  for (std::int64_t i = 0; i < values; ++i) header.parameters[0].values.push_back(i);
  return header;
}

const Verdict kRefused{Outcome::kCompile, "lower.dma", false, {}, {}};
const Verdict kHangs{Outcome::kTimeout, "run", true, {"uops"}, {}};
const Verdict kCorrect{Outcome::kCorrect, "", true, {"uops"}, {"cycles", "stalls"}};
const Verdict kBare{Outcome::kCorrect, "", true, {}, {}};

TEST(GroundTruthTest, ANewOneKnowsNothing) {
  const GroundTruth empty = *GroundTruth::Create(SomeHeader(3));
  EXPECT_EQ(empty.size(), 0U);
  EXPECT_FALSE(empty.complete());
  EXPECT_EQ(empty.valid_count(), 0U);
  EXPECT_EQ(empty.best_seconds(), std::nullopt);
  EXPECT_THAT(empty.best_indices(), IsEmpty());
  EXPECT_THAT(empty.ValidIndices(), IsEmpty());
}

TEST(GroundTruthTest, TellsOfEachConfigWhatWasAdded) {
  GroundTruth exploration = *GroundTruth::Create(SomeHeader(6));
  ASSERT_TRUE(exploration.Add(kCorrect, std::vector{0.5, 10.0, 11.0, 12.0}).ok());
  ASSERT_TRUE(exploration.Add(kRefused, {}).ok());
  ASSERT_TRUE(exploration.Add(kBare, std::vector{0.25}).ok());
  ASSERT_TRUE(exploration.Add(kHangs, std::vector{20.0}).ok());
  ASSERT_TRUE(exploration.Add(kCorrect, std::vector{0.25, 30.0, 31.0, 32.0}).ok());
  EXPECT_FALSE(exploration.complete());
  ASSERT_TRUE(exploration.Add(kRefused, {}).ok());
  EXPECT_TRUE(exploration.complete());

  EXPECT_EQ(exploration.outcome(3), Outcome::kTimeout);
  EXPECT_EQ(exploration.stage(1), "lower.dma");
  EXPECT_EQ(exploration.verdict(4), kCorrect);
  EXPECT_EQ(exploration.seconds(0), 0.5);
  EXPECT_EQ(exploration.seconds(3), std::nullopt);
  EXPECT_EQ(exploration.program_metrics(3), (Metrics{{"uops", 20}}));
  EXPECT_EQ(exploration.program_metrics(4), (Metrics{{"uops", 30}}));
  EXPECT_EQ(exploration.run_metrics(4), (Metrics{{"cycles", 31}, {"stalls", 32}}));
  EXPECT_THAT(exploration.program_metrics(2), IsEmpty());
  EXPECT_THAT(exploration.run_metrics(1), IsEmpty());

  EXPECT_THAT(exploration.verdicts(), ElementsAre(kCorrect, kRefused, kBare, kHangs));
  EXPECT_THAT(exploration.verdict_counts(), ElementsAre(2, 2, 1, 1));
  EXPECT_EQ(exploration.outcomes(),
            (std::map<Outcome, std::uint64_t>{
                {Outcome::kCompile, 2}, {Outcome::kTimeout, 1}, {Outcome::kCorrect, 3}}));
  EXPECT_EQ(exploration.stages(),
            (std::map<std::string, std::uint64_t>{{"lower.dma", 2}, {"run", 1}}));
  EXPECT_EQ(exploration.valid_count(), 3U);
  EXPECT_THAT(exploration.ValidIndices(), ElementsAre(0, 2, 4));
  EXPECT_EQ(exploration.best_seconds(), 0.25);
  EXPECT_THAT(exploration.best_indices(), ElementsAre(2, 4));
}

TEST(GroundTruthTest, LooksUpTheRightRowAmongMany) {
  Rng rng(7);
  GroundTruth exploration = *GroundTruth::Create(SomeHeader(5000));
  std::vector<std::vector<double>> added;
  while (!exploration.complete()) {
    const Verdict& verdict = rng.Below(2) == 0 ? kCorrect : rng.Below(2) == 0 ? kHangs : kRefused;
    std::vector<double>& values = added.emplace_back(verdict.values());
    for (double& value : values) value = static_cast<double>(1 + rng.Below(1000));
    ASSERT_TRUE(exploration.Add(verdict, values).ok());
  }
  for (std::uint64_t i = 0; i < added.size(); ++i) {
    EXPECT_THAT(exploration.values(i), ::testing::ElementsAreArray(added[i])) << i;
  }
}

TEST(GroundTruthTest, TellsABoundedNumberOfVerdictsApart) {
  GroundTruth exploration = *GroundTruth::Create(SomeHeader(300));
  Verdict verdict = kRefused;
  for (std::size_t i = 0; i < GroundTruth::kMaxVerdicts; ++i) {
    verdict.stage = "stage " + std::to_string(i);
    ASSERT_TRUE(exploration.Add(verdict, {}).ok());
  }
  verdict.stage = "one more";
  EXPECT_THAT(exploration.Add(verdict, {}).message(), HasSubstr("more than 256 ways"));
  verdict.stage = "stage 7";
  EXPECT_TRUE(exploration.Add(verdict, {}).ok());
  EXPECT_EQ(exploration.stages().at("stage 7"), 2U);
}

TEST(GroundTruthTest, TheParametersMustBeThoseOfASpace) {
  GroundTruthHeader header = SomeHeader(2);
  header.parameters.push_back(header.parameters[0]);
  EXPECT_EQ(GroundTruth::Create(header).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace foothold::records

#include "models/rules/examples.h"

#include <gtest/gtest.h>

namespace foothold::models {
namespace {

TEST(WordsOf, LeavesOutNumbers) {
  EXPECT_EQ(WordsOf("input scratchpad: needs 52,480 B of 32,768 B"),
            "input scratchpad: needs N B of N B");
  EXPECT_EQ(WordsOf("2 tiles, 4 threads"), "N tiles, N threads");
  EXPECT_EQ(WordsOf("takes 13.6 s of 13 s."), "takes N s of N s.");
  EXPECT_EQ(WordsOf("no number"), "no number");
  EXPECT_EQ(WordsOf("7"), "N");
}

Measurement Trial(Config config, Outcome outcome, std::string reason) {
  Measurement measurement;
  measurement.config = std::move(config);
  if (IsFailure(outcome)) measurement.failure = {outcome, "run", std::move(reason)};
  return measurement;
}

TEST(ExampleCollector, KeepsWhatWasSaidLastOfATrial) {
  ExampleCollector collector({{"a", {10, 20}}});
  EXPECT_TRUE(collector.Collected().examples.empty());
  collector.Add(Trial({{1}}, Outcome::kRuntime, "needs 3"));
  collector.Add(Trial({{0}}, Outcome::kCorrect, ""));
  collector.Add(Trial({{1}}, Outcome::kTimeout, "after 60 s"));
  EXPECT_EQ(collector.size(), 2u);
  const Examples examples = collector.Collected();
  ASSERT_EQ(examples.examples.size(), 2u);
  EXPECT_EQ(examples.examples[0].values, (std::vector<std::int64_t>{20}));
  ASSERT_EQ(examples.kinds.size(), 1u);
  EXPECT_EQ(ToString(examples.kinds[0]), "timeout at run: after N s");
  EXPECT_EQ(examples.examples[0].kind, 0u);
  EXPECT_TRUE(examples.examples[1].correct);
}

TEST(ExampleCollector, ABuildSaysLessThanATrial) {
  ExampleCollector collector({{"a", {10, 20}}});
  BuildReport build;
  build.config = {{0}};
  build.failure = Failure{Outcome::kCompile, "lower", "needs 3"};
  collector.Add(Trial({{0}}, Outcome::kCorrect, ""));
  collector.Add(build);
  EXPECT_TRUE(collector.Collected().examples[0].correct);
}

}  // namespace
}  // namespace foothold::models

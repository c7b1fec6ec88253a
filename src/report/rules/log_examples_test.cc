#include "report/rules/log_examples.h"

#include <gtest/gtest.h>

namespace foothold::report {
namespace {

Measurement Failing(Config config, std::string reason) {
  Measurement measurement;
  measurement.config = std::move(config);
  measurement.failure = {Outcome::kRuntime, "run", std::move(reason)};
  return measurement;
}

Measurement Correct(Config config) {
  Measurement measurement;
  measurement.config = std::move(config);
  measurement.seconds = {1};
  return measurement;
}

BuildReport Build(Config config, bool ok) {
  BuildReport report;
  report.config = std::move(config);
  if (!ok) report.failure = Failure{Outcome::kCompile, "lower", "needs 3"};
  return report;
}

TEST(ExamplesOf, EachConfigOnceAndTrialsBeforeBuilds) {
  RunLog run;
  run.header.parameters = {{"a", {10, 20, 30, 40, 50}}};
  run.trials = {{0, Failing({{0}}, "at 1"), 0},
                {1, Failing({{1}}, "at 2"), 0},
                {2, Correct({{2}}), 0},
                {3, Failing({{1}}, "other"), 0}};
  run.builds = {
      {0, Build({{2}}, false), 0}, {1, Build({{3}}, false), 0}, {2, Build({{4}}, true), 0}};
  RunLog again = run;
  again.trials = {{0, Correct({{0}}), 0}};
  again.builds.clear();
  const RunLog* const runs[] = {&run, &again};
  const models::Examples examples = ExamplesOf(runs);
  ASSERT_EQ(examples.examples.size(), 5u);
  EXPECT_EQ(examples.correct(), 2u);
  EXPECT_EQ(examples.failures(), 2u);
  for (const models::Example& example : examples.examples) {
    SCOPED_TRACE(example.values[0]);
    switch (example.values[0]) {
      case 10:
      case 30:
        EXPECT_TRUE(example.correct && !example.failed());
        break;
      case 20:
        EXPECT_EQ(examples.kinds.at(*example.kind).words, "other");
        break;
      case 40:
        EXPECT_EQ(ToString(examples.kinds.at(*example.kind)), "compile at lower: needs N");
        break;
      default:
        EXPECT_TRUE(!example.correct && !example.failed()) << "it builds";
    }
  }
}

TEST(ExamplesOf, TheMostFrequentKindComesFirst) {
  RunLog run;
  run.header.parameters = {{"a", {1, 2, 3}}};
  run.trials = {
      {0, Failing({{0}}, "a"), 0}, {1, Failing({{1}}, "b 1"), 0}, {2, Failing({{2}}, "b 2"), 0}};
  const RunLog* const runs[] = {&run};
  const models::Examples examples = ExamplesOf(runs);
  ASSERT_EQ(examples.kinds.size(), 2u);
  EXPECT_EQ(examples.kinds[0].words, "b N");
}

}  // namespace
}  // namespace foothold::report

#include "records/log/problems.h"

#include <gtest/gtest.h>

#include "records/log/testing.h"

namespace foothold {
namespace {

RunLog RunOf(const std::string& target, std::uint64_t seed) {
  RunLog run;
  run.header = testing::SomeRun();
  run.header.target = target;
  run.header.seed = seed;
  return run;
}

TEST(RunsByQuestion, PutsRunsOfSeveralLogsTogetherWhateverTheirSeed) {
  const LogContents first{{RunOf("a", 1), RunOf("b", 1)}, {}, 0};
  const LogContents second{{RunOf("b", 2), RunOf("a", 3)}, {}, 0};
  const auto questions = RunsByQuestion({&first, &second});
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0], (std::vector<const RunLog*>{&first.runs[0], &second.runs[1]}));
  EXPECT_EQ(questions[1], (std::vector<const RunLog*>{&first.runs[1], &second.runs[0]}));
}

TEST(RunsByQuestion, OtherParametersAreAnotherQuestion) {
  LogContents log{{RunOf("a", 1), RunOf("a", 1)}, {}, 0};
  log.runs[1].header.parameters[0].values.push_back(8);
  EXPECT_EQ(RunsByQuestion({&log}).size(), 2U);
}

TEST(RunsByQuestion, OfNothingThereAreNone) { EXPECT_TRUE(RunsByQuestion({}).empty()); }

}  // namespace
}  // namespace foothold

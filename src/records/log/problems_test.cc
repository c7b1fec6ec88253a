#include "records/log/problems.h"

#include <gtest/gtest.h>

#include "records/log/testing.h"

namespace foothold::records {
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

TEST(RunsByQuestion, OtherDependenciesAreAnotherQuestion) {
  LogContents log{{RunOf("a", 1), RunOf("a", 2), RunOf("a", 3), RunOf("a", 4)}, {}, 0};
  log.runs[0].header.dependencies = Dependencies{{"k.cl", "one"}};
  log.runs[1].header.dependencies = Dependencies{{"k.cl", "two"}};
  log.runs[2].header.dependencies.reset();  // unknown
  log.runs[3].header.dependencies = Dependencies{{"k.cl", "one"}};
  const auto questions = RunsByQuestion({&log});
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_EQ(questions[0], (std::vector<const RunLog*>{&log.runs[0], &log.runs[3]}));
}

TEST(NewestVersions, IsTheOneThatWasLastWorkedOn) {
  LogContents log{{RunOf("a", 1), RunOf("b", 1), RunOf("a", 1), RunOf("a", 1)}, {}, 0};
  for (RunLog& run : log.runs) run.header.wall_clock = 1;
  log.runs[0].header.dependencies = Dependencies{{"k.cl", "one"}};
  log.runs[2].header.dependencies = Dependencies{{"k.cl", "two"}};
  log.runs[3].header.dependencies = Dependencies{{"k.cl", "one"}};
  log.runs[3].header.parameters.pop_back();
  auto versions = NewestVersions(log);
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].newest.front(), &log.runs[3]) << "of equals the last";
  ASSERT_EQ(versions[0].older.size(), 2U);
  EXPECT_TRUE(versions[1].older.empty());

  // The sources were put back to what they were, and the first run was resumed.
  log.runs[0].trials = {testing::CorrectTrial(0, {{0, 0}})};
  versions = NewestVersions(log);
  EXPECT_EQ(versions[0].newest.front(), &log.runs[0]);
}

TEST(RunsByQuestion, OfNothingThereAreNone) { EXPECT_TRUE(RunsByQuestion({}).empty()); }

}  // namespace
}  // namespace foothold::records

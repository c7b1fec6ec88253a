#include "tune/recorded_trials.h"

#include <gtest/gtest.h>

#include "foothold/version.h"
#include "measure/testing/formula_task.h"

namespace foothold::tune {
namespace {

TEST(RecordedTrials, KnowsWhatFinishedAndWhatDidNot) {
  const measure::FormulaTask task;
  const Space& space = task.space();
  RunLog run;
  run.run = 4;
  run.header.searcher = "random";
  run.header.seed = 3;
  run.header.foothold_version = "0.0.1";
  TrialRecord finished;
  finished.trial = 0;
  finished.measurement.config = space.Unrank(10);
  finished.measurement.seconds = {0.5};
  run.trials = {finished};
  run.unfinished = {{2, space.Unrank(12)}};
  const RecordedTrials recorded(run, "tune.jsonl");

  ASSERT_NE(recorded.Finished(0), nullptr);
  EXPECT_EQ(recorded.Finished(0)->seconds, std::vector<double>{0.5});
  EXPECT_EQ(recorded.Finished(1), nullptr);
  EXPECT_EQ(recorded.Finished(2), nullptr);
  EXPECT_FALSE(recorded.Unfinished(0));
  EXPECT_FALSE(recorded.Unfinished(1));
  EXPECT_TRUE(recorded.Unfinished(2));

  EXPECT_TRUE(recorded.Check(0, space.Unrank(10), space).ok());
  EXPECT_TRUE(recorded.Check(1, space.Unrank(99), space).ok());
  EXPECT_TRUE(recorded.Check(2, space.Unrank(12), space).ok());
  EXPECT_EQ(recorded.Check(2, space.Unrank(13), space).code(), StatusCode::kDataLoss);
  const Status status = recorded.Check(0, space.Unrank(11), space);
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_EQ(
      status.message(),
      "tune.jsonl: trial 0 of run 4 is " + space.ToString(space.Unrank(10)) +
          ", but searcher random with seed 3 proposes " + space.ToString(space.Unrank(11)) +
          ": the space's constraints may have changed, which this run does not record, it was "
          "recorded by version 0.0.1, which may search differently from version " +
          FOOTHOLD_VERSION + ", or the log was edited; --fresh starts a new run in this log");
}

TEST(RecordedTrials, ANewRunKnowsNothing) {
  const measure::FormulaTask task;
  const RecordedTrials recorded;
  EXPECT_EQ(recorded.Finished(0), nullptr);
  EXPECT_FALSE(recorded.Unfinished(0));
  EXPECT_TRUE(recorded.Check(0, task.space().Unrank(0), task.space()).ok());
}

}  // namespace
}  // namespace foothold::tune

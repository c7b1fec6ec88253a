// Lines about trials that are finished: finals and demotions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/record.h"
#include "records/log/testing_lines.h"

namespace foothold::records {
namespace {

using ::testing::HasSubstr;

TEST(LogReader, AFinalIsAmongCorrectTrialsOfItsRun) {
  const std::string log = RunLine() + TrialLine(0);
  const std::string final = ToJsonLine(FinalRecord{1, {{0, true, {0.5}}}, 0}, 1) + "\n";
  const auto contents = ParseLog(log + final, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_EQ(contents->runs[0].finals.size(), 1U);
  EXPECT_THAT(Complaint(RunLine() + final), HasSubstr("tune.jsonl:2: trials: is 1"));
  EXPECT_THAT(Complaint(log + Replaced(final, R"("trial":0)", R"("trial":1)")),
              HasSubstr("tune.jsonl:3: finalists[0].trial: is 1"));
  EXPECT_EQ(Complaint(log + Replaced(final, "true", "false")),
            "tune.jsonl:3: finalists: must begin with the best, which is tied");
  EXPECT_THAT(Complaint(log + Replaced(final, "[0.5]", "[]")),
              HasSubstr("tune.jsonl:3: finalists[0].seconds: is empty"));
  EXPECT_EQ(Complaint(RunLine() + FailedLine() + final),
            "tune.jsonl:3: finalists[0].trial: is 0, must be a trial that was correct");
}

TEST(LogReader, ADemotionTakesBackATrialAndItsPlaceInTheFinals) {
  const std::string log = RunLine() + TrialLine(0) + TrialLine(1, {{1, 0}});
  const std::string final =
      ToJsonLine(FinalRecord{2, {{0, true, {0.5}}, {1, true, {0.75}}}, 0}, 1) + "\n";
  const Failure failure{Outcome::kRuntime, "run.crash", "signal 11"};
  const std::string demoted = ToJsonLine(DemotedRecord{0, 2, failure, 3}, 1) + "\n";
  const auto contents = ParseLog(log + final + demoted, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_TRUE(contents->damaged.empty());
  const RunLog& run = contents->runs[0];
  EXPECT_EQ(run.trials[0].measurement.failure, failure);
  EXPECT_TRUE(run.trials[0].measurement.seconds.empty());
  ASSERT_EQ(run.demotions.size(), 1U);
  EXPECT_EQ(run.demotions[0].measured.outcome(), Outcome::kCorrect);
  EXPECT_EQ(run.demotions[0].record.found_at, 2U);
  ASSERT_EQ(run.finals.size(), 1U);
  ASSERT_EQ(run.finals[0].finalists.size(), 1U);
  EXPECT_EQ(run.finals[0].finalists[0].trial, 1U);
  const auto again = ParseLog(ToJsonLines(*contents), "tune.jsonl");
  EXPECT_EQ(ToJsonLines(*again), ToJsonLines(*contents));
  EXPECT_TRUE(ParseLog(log + final + demoted + Replaced(demoted, R"("trial":0)", R"("trial":1)"),
                       "tune.jsonl")
                  ->runs[0]
                  .finals.empty());
}

TEST(LogReader, OnlyACorrectTrialIsDemoted) {
  const Failure failure{Outcome::kRuntime, "run.crash", "signal 11"};
  const std::string demoted = ToJsonLine(DemotedRecord{0, 2, failure, 3}, 1) + "\n";
  EXPECT_EQ(Complaint(RunLine() + demoted),
            "tune.jsonl:2: trial: is 0, must be a trial that was correct");
  EXPECT_EQ(Complaint(RunLine() + FailedLine() + demoted),
            "tune.jsonl:3: trial: is 0, must be a trial that was correct");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(0) + demoted + demoted),
            "tune.jsonl:4: trial: is 0, must be a trial that was correct");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(0) + Replaced(demoted, "runtime", "correct")),
            "tune.jsonl:3: outcome: is \"correct\", must be a failure");
}

}  // namespace
}  // namespace foothold::records

#include "tune/progress.h"

#include <gtest/gtest.h>

namespace foothold {
namespace {

TunerProgress HalfWay() {
  TunerProgress progress;
  progress.finished = 120;
  progress.measured = 100;
  progress.planned = 200;
  progress.outcomes = {{Outcome::kCompile, 60}, {Outcome::kRuntime, 19}, {Outcome::kCorrect, 41}};
  progress.elapsed_s = 10;
  Measurement best;
  best.outcome = Outcome::kCorrect;
  best.seconds = {0.000412};
  progress.incumbent = best;
  return progress;
}
constexpr std::int64_t kOperations = 231'211'008;

TEST(Progress, ShowsEverythingWhenThereIsRoom) {
  EXPECT_EQ(FormatProgress(HalfWay(), kOperations, 200),
            "120/200  best 0.412 ms (561.2 GOPS)  41 correct, 19 runtime, 60 compile  "
            "10 s, 8.0 s left");
}

TEST(Progress, LeavesOutTheLeastImportantWhenThereIsNot) {
  const TunerProgress progress = HalfWay();
  EXPECT_EQ(FormatProgress(progress, kOperations, 80),
            "120/200  best 0.412 ms (561.2 GOPS)  10 s, 8.0 s left");
  EXPECT_EQ(FormatProgress(progress, kOperations, 40), "120/200  best 0.412 ms (561.2 GOPS)");
  EXPECT_EQ(FormatProgress(progress, kOperations, 30), "best 0.412 ms (561.2 GOPS)");
  EXPECT_EQ(FormatProgress(progress, kOperations, 13), "best 0.412 ms");
  for (std::size_t width = 0; width < 120; ++width) {
    EXPECT_LE(FormatProgress(progress, kOperations, width).size(), width);
  }
}

TEST(Progress, SaysWhenNothingIsCorrectYet) {
  TunerProgress progress;
  progress.planned = 200;
  EXPECT_EQ(FormatProgress(progress, kOperations, 100), "0/200  nothing correct yet  0.0 s");
}

TEST(Progress, ShowsATimeBudget) {
  TunerProgress progress = HalfWay();
  progress.max_seconds = 12;
  EXPECT_EQ(FormatProgress(progress, kOperations, 200),
            "120/200  best 0.412 ms (561.2 GOPS)  41 correct, 19 runtime, 60 compile  "
            "10 s of 12 s, 2.0 s left");
}

TEST(Progress, AFinishedRunHasNoTimeLeftToShow) {
  TunerProgress progress = HalfWay();
  progress.finished = progress.planned;
  EXPECT_EQ(FormatProgress(progress, kOperations, 200),
            "200/200  best 0.412 ms (561.2 GOPS)  41 correct, 19 runtime, 60 compile  10 s");
}

// Trials from a log cost nothing in this session and must not make it look fast.
TEST(Progress, TheEstimateUsesThePaceOfThisSessionOnly) {
  TunerProgress progress = HalfWay();
  EXPECT_DOUBLE_EQ(SecondsLeft(progress).value(), 8.0);
  progress.measured = 0;
  EXPECT_EQ(SecondsLeft(progress), std::nullopt);
  progress.measured = 10;
  EXPECT_DOUBLE_EQ(SecondsLeft(progress).value(), 80.0);
  progress.max_seconds = 9;
  EXPECT_EQ(SecondsLeft(progress), 0.0);
}

TEST(Duration, HasTheUnitsThatFit) {
  EXPECT_EQ(FormatDuration(-1), "0.0 s");
  EXPECT_EQ(FormatDuration(9.94), "9.9 s");
  EXPECT_EQ(FormatDuration(9.96), "10 s");
  EXPECT_EQ(FormatDuration(59.4), "59 s");
  EXPECT_EQ(FormatDuration(59.6), "1 min 00 s");
  EXPECT_EQ(FormatDuration(192), "3 min 12 s");
  EXPECT_EQ(FormatDuration(3599.6), "1 h 00 min");
  EXPECT_EQ(FormatDuration(7500), "2 h 05 min");
}

}  // namespace
}  // namespace foothold

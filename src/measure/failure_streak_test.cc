#include "measure/failure_streak.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::measure {
namespace {

Failure Of(const std::string& reason) { return {Outcome::kRuntime, "run.exit", reason}; }

TEST(FailureStreak, FailuresAlikeAreADiagnosisNumbersAside) {
  FailureStreak streak(3);
  streak.AddFailure(Of("took 12 ms"));
  streak.AddFailure(Of("took 7 ms"));
  EXPECT_FALSE(streak.TakeDiagnosis());
  streak.AddFailure(Of("took 130 ms"));
  EXPECT_EQ(streak.TakeDiagnosis(),
            "the last 3 candidates failed alike, and none has been correct (run.exit: took 130 "
            "ms); if that is how this space is, the same command resumes");
  EXPECT_FALSE(streak.TakeDiagnosis()) << "not twice about the same";
}

TEST(FailureStreak, AnotherFailureStartsAnew) {
  FailureStreak streak(2);
  for (int i = 0; i < 10; ++i) {
    streak.AddFailure(Of(i % 2 == 0 ? "even" : "odd"));
    EXPECT_FALSE(streak.TakeDiagnosis());
  }
  Failure other_stage = Of("odd");
  other_stage.stage = "run.signal";
  streak.AddFailure(other_stage);
  EXPECT_FALSE(streak.TakeDiagnosis());
}

TEST(FailureStreak, NothingIsDiagnosedWhereSomethingWorks) {
  FailureStreak streak(2);
  streak.AddFailure(Of("x"));
  streak.AddSuccess();
  for (int i = 0; i < 10; ++i) streak.AddFailure(Of("x"));
  EXPECT_FALSE(streak.TakeDiagnosis());
}

TEST(FailureStreak, InDoubtFewerAreEnough) {
  FailureStreak streak(100);
  streak.AddSuccess();
  streak.Restart(2);
  streak.AddFailure(Of("x"));
  EXPECT_FALSE(streak.TakeDiagnosis());
  streak.AddFailure(Of("x"));
  EXPECT_EQ(streak.TakeDiagnosis(),
            "the last 2 candidates failed alike, and none has been correct since the best one so "
            "far stopped working (run.exit: x); if that is how this space is, the same command "
            "resumes");
  FailureStreak strict(1);
  strict.Restart(2);
  strict.AddFailure(Of("x"));
  EXPECT_TRUE(strict.TakeDiagnosis()) << "the limit that was asked for still holds";
}

}  // namespace
}  // namespace foothold::measure

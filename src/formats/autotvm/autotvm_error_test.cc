#include "formats/autotvm/autotvm_error.h"

#include <gtest/gtest.h>

namespace foothold::formats {
namespace {

int NumberOf(Outcome outcome, const std::string& stage) {
  Measurement measurement;
  measurement.failure = Failure{outcome, stage, "some reason"};
  return AutotvmErrorOf(measurement);
}

TEST(AutotvmError, FollowsFromOutcomeAndStage) {
  EXPECT_EQ(NumberOf(Outcome::kConstraints, "constraints"), 1);
  EXPECT_EQ(NumberOf(Outcome::kCompile, "lower.dma"), 2);
  EXPECT_EQ(NumberOf(Outcome::kCompile, "build.exit"), 2);
  EXPECT_EQ(NumberOf(Outcome::kCompile, "build.timeout"), 6);
  EXPECT_EQ(NumberOf(Outcome::kCompile, "build.cpu"), 6);
  EXPECT_EQ(NumberOf(Outcome::kRuntime, "jit.hazard"), 4);
  EXPECT_EQ(NumberOf(Outcome::kRuntime, "build.timeout"), 4) << "only a build has a limit of it";
  EXPECT_EQ(NumberOf(Outcome::kCorrectness, "verify"), 5);
  EXPECT_EQ(NumberOf(Outcome::kTimeout, "run.timeout"), 7);
}

TEST(AutotvmError, OfWhatDidNotFail) {
  Measurement measurement;
  EXPECT_EQ(AutotvmErrorOf(measurement), 0);
  measurement.slower_than_s = 1;
  EXPECT_EQ(AutotvmErrorOf(measurement), 7);
}

TEST(AutotvmError, AnImportedNumberComesBack) {
  EXPECT_EQ(FailureOfAutotvmError(0), std::nullopt);
  for (int number = 1; number <= kMaxAutotvmError; ++number) {
    Measurement measurement;
    measurement.failure = FailureOfAutotvmError(number);
    EXPECT_EQ(AutotvmErrorOf(measurement), number);
  }
  EXPECT_EQ(FailureOfAutotvmError(3),
            (Failure{Outcome::kCompile, "autotvm", "error 3 (COMPILE_DEVICE)"}));
}

}  // namespace
}  // namespace foothold::formats

#include "tune/first_failures.h"

#include <gtest/gtest.h>

namespace foothold::tune {
namespace {

void Count(Outcome outcome, const std::string& reason, TuneResult& result) {
  Measurement measurement;
  if (outcome == Outcome::kSlow) measurement.slower_than_s = 1;
  if (IsFailure(outcome)) measurement.failure = {outcome, "run.exit", reason};
  ++result.progress.outcomes[outcome];
  NoteFirstFailure(measurement, result);
}

TEST(FirstFailures, KeepsTheFirstThreeThatDifferInMoreThanNumbers) {
  TuneResult result;
  Count(Outcome::kRuntime, "exited with code 1", result);
  Count(Outcome::kRuntime, "exited with code 2", result);
  Count(Outcome::kCompile, "exited with code 2", result);
  Count(Outcome::kSlow, "", result);
  Count(Outcome::kRuntime, "crashed", result);
  Count(Outcome::kRuntime, "hung", result);
  ASSERT_EQ(result.first_failures.size(), 3U);
  EXPECT_EQ(result.first_failures[0].reason, "exited with code 1");
  EXPECT_EQ(result.first_failures[0].stage, "run.exit");
  EXPECT_EQ(result.first_failures[1].outcome, Outcome::kCompile);
  EXPECT_EQ(result.first_failures[2].reason, "crashed");
}

TEST(FirstFailures, AreOfNoInterestOnceSomethingIsCorrect) {
  TuneResult result;
  Count(Outcome::kRuntime, "crashed", result);
  Count(Outcome::kCorrect, "", result);
  Count(Outcome::kRuntime, "crashed", result);
  EXPECT_TRUE(result.first_failures.empty());
}

}  // namespace
}  // namespace foothold::tune

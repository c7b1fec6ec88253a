#include "tune/withdrawals.h"

#include <gtest/gtest.h>

namespace foothold::tune {
namespace {

TEST(Withdrawals, GivesUpAtTheSecondThatMayBeTheConfigs) {
  Withdrawals withdrawals;
  withdrawals.Count(3, WithdrawalCause::kOther);
  EXPECT_FALSE(withdrawals.IsSuspect(3));
  withdrawals.Count(3, WithdrawalCause::kInfrastructure);
  EXPECT_TRUE(withdrawals.IsSuspect(3));
  EXPECT_FALSE(withdrawals.IsGivenUp(3));
  withdrawals.Count(3, WithdrawalCause::kInfrastructure);
  EXPECT_TRUE(withdrawals.IsGivenUp(3));
  EXPECT_FALSE(withdrawals.IsGivenUp(4));
  const Failure failure = withdrawals.FailureOf(3, "sh: exited with code 75");
  EXPECT_EQ(failure.outcome, Outcome::kRuntime);
  EXPECT_EQ(failure.stage, "tuner");
  EXPECT_EQ(failure.reason,
            "given up: the infrastructure failed 2 times for this config, last: sh: exited with "
            "code 75");
}

TEST(Withdrawals, CountsThoseOfEarlierSessions) {
  RunLog run;
  run.withdrawal_causes = {{7, {WithdrawalCause::kSignal}}};
  Withdrawals withdrawals(run);
  EXPECT_TRUE(withdrawals.IsSuspect(7));
  withdrawals.Count(7, WithdrawalCause::kSignal);
  EXPECT_EQ(withdrawals.FailureOf(7, "").reason,
            "given up: 2 sessions ended while this config ran, the last one by a signal whose "
            "sender was gone, as a candidate is that ends the tuner");
}

TEST(Withdrawals, ABuildIsGivenUpAsOneThatDoesNotCompile) {
  EXPECT_EQ(GivenUpBuild("cc: no license").outcome, Outcome::kCompile);
  EXPECT_EQ(GivenUpBuild("").reason, "given up: the infrastructure failed 2 times for this config");
}

}  // namespace
}  // namespace foothold::tune

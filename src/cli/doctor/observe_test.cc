#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/env_over_env.h"
#include "cli/doctor/facts.h"
#include "process/testing/fault_env.h"

namespace foothold::doctor {
namespace {

using Operation = process::FaultEnv::Operation;
using ::testing::HasSubstr;

TEST(Observe, ThisMachineRunsProcessesAndHasAClock) {
  process::FaultEnv env(Env::Default());
  const Facts facts = Observe(env);
  EXPECT_EQ(facts.process_error, "");
  EXPECT_EQ(facts.temporary_error, "");
  EXPECT_GT(facts.cores, 0U);
  EXPECT_GT(facts.clock_resolution_s, 0);
  EXPECT_LT(facts.clock_resolution_s, 1);
  EXPECT_EQ(facts.loop_seconds.size(), 41U);
  EXPECT_GT(env.calls(Operation::kCreateTemporaryDirectory), 0);
  EXPECT_EQ(env.calls(Operation::kRemoveTree), env.calls(Operation::kCreateTemporaryDirectory))
      << "temporary folders go";
}

TEST(Observe, SaysWhatTheSystemRefuses) {
  process::FaultEnv env(Env::Default());
  env.FailFrom(Operation::kRunProcess, 1, Status::Unavailable("cannot fork"));
  env.FailFrom(Operation::kCreateTemporaryDirectory, 1, Status::IoError("/tmp: read-only"));
  env.FailFrom(Operation::kRead, 1, Status::IoError("no /proc"));
  const Facts facts = Observe(env);
  EXPECT_THAT(facts.process_error, HasSubstr("cannot fork"));
  EXPECT_EQ(facts.temporary_error, "/tmp: read-only");
  EXPECT_EQ(facts.compiler, "");
  EXPECT_FALSE(facts.load.has_value());
  EXPECT_FALSE(facts.turbo.has_value());
}

class UncontainedEnv : public base::EnvOverEnv {
 public:
  using EnvOverEnv::EnvOverEnv;
  Containment FindContainment() override { return {{.missing = "no cgroups"}, "no /proc"}; }
};

TEST(Observe, AsksTheEnvHowCandidatesAreContained) {
  const Containment here = Env::Default()->FindContainment();
  EXPECT_EQ(Observe(*Env::Default()).containment.cgroups.missing, here.cgroups.missing);
  UncontainedEnv env(*Env::Default());
  const Facts facts = Observe(env);
  EXPECT_FALSE(facts.containment.cgroups.groups);
  EXPECT_EQ(facts.containment.cgroups.missing, "no cgroups");
  EXPECT_EQ(facts.containment.daemons_error, "no /proc");
}

TEST(Observe, AFullTemporaryFolderAndAClockThatStands) {
  process::FaultEnv env(Env::Default());
  env.FailFrom(Operation::kWriteAtomically, 1, Status::IoError("disk full"));
  env.StopClocks(1'700'000'000, 5);
  const Facts facts = Observe(env);
  EXPECT_EQ(facts.temporary_error, "disk full");
  EXPECT_EQ(facts.clock_resolution_s, 0);
}

}  // namespace
}  // namespace foothold::doctor

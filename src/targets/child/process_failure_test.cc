#include "targets/child/process_failure.h"

#include <gtest/gtest.h>

#include "targets/child/folder.h"

namespace foothold::child {
namespace {

TEST(ProcessFailure, SaysWhichStepFailedAndWhy) {
  ProcessResult result;
  result.exit_code = 3;
  EXPECT_EQ(ReasonOf(result, {}, "wrong sum"), "exited with code 3: wrong sum");
  EXPECT_EQ(ReasonOf(result, {}, ""), "exited with code 3");
  const RunResult run = FailedRun(Outcome::kTimeout, StepOf(ProcessEnd::kWallLimit), "too long");
  EXPECT_EQ(run.outcome(), Outcome::kTimeout);
  EXPECT_EQ(run.failure->stage, "run.timeout");
  const BuildResult build = FailedBuild("exit", "no such header");
  EXPECT_FALSE(build.ok());
  EXPECT_TRUE(build.status.ok());
  EXPECT_EQ(build.failure->stage, "build.exit");
  EXPECT_TRUE(IsTimeLimit(ProcessEnd::kCpuLimit));
  EXPECT_FALSE(IsTimeLimit(ProcessEnd::kMemoryLimit));
}

TEST(OwnedFolder, GoesWithItsOwner) {
  Env& env = *Env::Default();
  std::string path;
  {
    Result<OwnedFolder> folder = OwnedFolder::Create(env, "foothold-test-");
    ASSERT_TRUE(folder.ok());
    const OwnedFolder owner = *std::move(folder);  // the one moved from removes nothing
    path = owner.path();
    ASSERT_TRUE(env.WriteFileAtomically(path + "/file", "text").ok());
    EXPECT_TRUE(env.FileExists(path + "/file"));
  }
  EXPECT_FALSE(env.FileExists(path));
}

}  // namespace
}  // namespace foothold::child

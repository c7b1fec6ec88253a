#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "foothold/env.h"
#include "process/testing/fault_env.h"

namespace foothold::process {
namespace {

using ::testing::HasSubstr;

class InterruptibleEnvTest : public ::testing::Test {
 protected:
  std::atomic<bool> interrupt_ = false;
  FaultEnv base_{Env::Default()};
  const std::unique_ptr<Env> env_ = MakeInterruptibleEnv(base_, interrupt_);
};

ProcessCommand Shell(const std::string& script) { return {{"/bin/sh", "-c", script}, "", {}, {}}; }

TEST_F(InterruptibleEnvTest, IsItsBaseUntilItIsInterrupted) {
  const auto result = env_->RunProcess(Shell("echo hello"), nullptr);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->out.text, "hello\n");
  const auto cancelled = env_->RunProcess(Shell("sleep 1000"), [] { return true; });
  ASSERT_TRUE(cancelled.ok()) << "the caller cancelled it, and gets the result";
  EXPECT_EQ(cancelled->end, ProcessEnd::kCancelled);
  const std::string path = *env_->CreateTemporaryDirectory("foothold_interruptible_");
  EXPECT_TRUE(env_->WriteFileAtomically(path + "/file", "text").ok());
  EXPECT_EQ(*env_->ReadFile(path + "/file"), "text");
  EXPECT_TRUE(env_->RemoveTree(path).ok());
  EXPECT_FALSE(env_->FileExists(path));
}

TEST_F(InterruptibleEnvTest, EndsAProcessInTheMiddle) {
  bool begun = false;
  const auto result = env_->RunProcess(Shell("sleep 1000"), [&] {
    interrupt_ = begun;  // at the second look it has run for a while
    begun = true;
    return false;
  });
  EXPECT_EQ(result.status().code(), StatusCode::kCancelled);
  EXPECT_THAT(result.status().message(), HasSubstr("/bin/sh: interrupted"));
}

TEST_F(InterruptibleEnvTest, BeginsNoProcessAfterAnInterrupt) {
  interrupt_ = true;
  EXPECT_EQ(env_->RunProcess(Shell("exit 0"), nullptr).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(base_.calls(FaultEnv::Operation::kRunProcess), 0);
}

TEST_F(InterruptibleEnvTest, SleepsNoLongerThanItMust) {
  base_.StopClocks(1000, 50);
  env_->Sleep(3);
  EXPECT_NEAR(env_->MonotonicSeconds(), 53, 1e-9);
  interrupt_ = true;
  env_->Sleep(3);
  EXPECT_NEAR(env_->MonotonicSeconds(), 53, 1e-9);
}

}  // namespace
}  // namespace foothold::process

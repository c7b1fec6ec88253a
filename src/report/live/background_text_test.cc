#include "report/live/background_text.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "process/testing/fault_env.h"

namespace foothold::live {
namespace {

class BackgroundTextTest : public ::testing::Test {
 protected:
  BackgroundTextTest() { env_.StopClocks(0, 100); }

  /// What it says once the making under way has ended.
  std::string Settled() {
    std::string text = *text_.Get();
    while (waiting_) Env::Default()->Sleep(0.001);
    return text;
  }

  process::FaultEnv env_{Env::Default()};
  std::atomic<int> made_ = 0;
  std::atomic<double> takes_ = 0;
  std::atomic<bool> waiting_ = false;
  std::atomic<bool> blocks_ = false;
  BackgroundText text_{env_,
                       [this] {
                         waiting_ = true;
                         while (blocks_) Env::Default()->Sleep(0.001);
                         env_.AdvanceClocks(takes_);
                         const std::string text = std::to_string(++made_);
                         waiting_ = false;
                         return text;
                       },
                       "before"};
};

TEST_F(BackgroundTextTest, IsMadeOnceASecondAtMost) {
  EXPECT_EQ(Settled(), "1");
  env_.AdvanceClocks(0.9);
  EXPECT_EQ(Settled(), "1");
  env_.AdvanceClocks(0.2);
  EXPECT_EQ(Settled(), "2");
}

TEST_F(BackgroundTextTest, WhatTakesLongIsMadeSeldom) {
  takes_ = 2;
  EXPECT_EQ(Settled(), "1");
  env_.AdvanceClocks(39);
  EXPECT_EQ(Settled(), "1") << "2 s are a twentieth of 40 s";
  env_.AdvanceClocks(2);
  EXPECT_EQ(Settled(), "2");
}

TEST_F(BackgroundTextTest, NobodyWaitsForWhatTakesLong) {
  blocks_ = true;
  EXPECT_EQ(*text_.Get(), "before") << "after its patience";
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*text_.Get(), "before");
  blocks_ = false;
  while (made_ == 0) Env::Default()->Sleep(0.001);
  env_.AdvanceClocks(2);
  while (*text_.Get() == "before") Env::Default()->Sleep(0.001);
}

TEST_F(BackgroundTextTest, IsNotMadeWhenNobodyAsks) {
  env_.AdvanceClocks(1000);
  EXPECT_EQ(made_, 0);
}

TEST(BackgroundText, TriesAgainAfterItCouldNotBeMade) {
  std::atomic<int> calls = 0;
  BackgroundText text(
      *Env::Default(),
      [&]() -> std::string {
        if (++calls == 1) throw std::runtime_error("no");
        return "yes";
      },
      "before");
  EXPECT_THROW(text.Get(), std::runtime_error);
  EXPECT_EQ(*text.Get(), "yes");
}

}  // namespace
}  // namespace foothold::live

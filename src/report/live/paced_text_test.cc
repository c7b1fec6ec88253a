#include "report/live/paced_text.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "process/testing/fault_env.h"

namespace foothold::live {
namespace {

class PacedTextTest : public ::testing::Test {
 protected:
  PacedTextTest() { env_.StopClocks(0, 100); }

  FaultEnv env_{Env::Default()};
  int made_ = 0;
  double takes_ = 0;
  PacedText text_{env_, [this] {
                    env_.AdvanceClocks(takes_);
                    return std::to_string(++made_);
                  }};
};

TEST_F(PacedTextTest, IsMadeOnceASecondAtMost) {
  EXPECT_EQ(text_.Get(), "1");
  env_.AdvanceClocks(0.9);
  EXPECT_EQ(text_.Get(), "1");
  env_.AdvanceClocks(0.2);
  EXPECT_EQ(text_.Get(), "2");
}

TEST_F(PacedTextTest, WhatTakesLongIsMadeSeldom) {
  takes_ = 2;
  EXPECT_EQ(text_.Get(), "1");
  env_.AdvanceClocks(39);
  EXPECT_EQ(text_.Get(), "1") << "2 s are a twentieth of 40 s";
  env_.AdvanceClocks(2);
  EXPECT_EQ(text_.Get(), "2");
}

TEST(PacedText, TriesAgainAfterItCouldNotBeMade) {
  int calls = 0;
  PacedText text(*Env::Default(), [&]() -> std::string {
    if (++calls == 1) throw std::runtime_error("no");
    return "yes";
  });
  EXPECT_THROW(text.Get(), std::runtime_error);
  EXPECT_EQ(text.Get(), "yes");
}

}  // namespace
}  // namespace foothold::live

#include "targets/vta/simulator/dram_port.h"

#include <gtest/gtest.h>

namespace foothold::vta {
namespace {

TEST(DramPortTest, ATransferAloneTakesItsOwnTime) {
  DramPort port(false);
  EXPECT_EQ(port.Transfer(Unit::kLoad, 100, {50, 50}), 150);
  EXPECT_EQ(port.Transfer(Unit::kStore, 150, {10, 2}), 160);
}

TEST(DramPortTest, TwoThatFitDoNotSlowEachOther) {
  DramPort port(false);
  EXPECT_EQ(port.Transfer(Unit::kLoad, 0, {100, 40}), 100);
  EXPECT_EQ(port.Transfer(Unit::kStore, 10, {100, 60}), 110);
}

TEST(DramPortTest, AFullPortMakesTheNextWait) {
  DramPort port(false);
  EXPECT_EQ(port.Transfer(Unit::kLoad, 0, {100, 100}), 100);
  // Nothing is left for 60 cycles.
  EXPECT_EQ(port.Transfer(Unit::kStore, 40, {30, 30}), 130);
}

TEST(DramPortTest, TheNextGetsWhatIsLeft) {
  DramPort port(false);
  EXPECT_EQ(port.Transfer(Unit::kLoad, 0, {100, 50}), 100);
  // Half a beat per cycle for 100 cycles, then one: 50 beats by 100, the other 50 by 150.
  EXPECT_EQ(port.Transfer(Unit::kCompute, 0, {100, 100}), 150);
  // The third finds the port full until 100, then a compute transfer that had 100 beats in 150
  // cycles.
  EXPECT_GT(port.Transfer(Unit::kStore, 0, {40, 20}), 100);
}

TEST(DramPortTest, WritesOfTheirOwnChannelDoNotContend) {
  DramPort port(true);
  EXPECT_EQ(port.Transfer(Unit::kLoad, 0, {100, 100}), 100);
  EXPECT_EQ(port.Transfer(Unit::kStore, 0, {100, 100}), 100);
  EXPECT_EQ(port.Transfer(Unit::kFetch, 50, {10, 10}), 110);
}

}  // namespace
}  // namespace foothold::vta

#include "targets/vta/roofline.h"

#include <gtest/gtest.h>

#include "targets/vta/vta_target.h"

namespace foothold::vta {
namespace {

/// One GEMM micro-op a cycle, two cycles an ALU element, 8 bytes a cycle, no cost per burst.
Timing Plain() {
  Timing timing;
  timing.clock_mhz = 1;  // a cycle is a microsecond
  timing.alu_imm.per_uop = timing.alu_tensor.per_uop = 2;
  return timing;
}

BlockedShape Shape(const Conv2d& conv) { return *BlockShape({"test", conv, {}}, Geometry{}); }

TEST(RooflineTest, PaddingNeedNotBeMultiplied) {
  const Roofline roofline =
      ComputeRoofline(Shape({1, 16, 7, 7, 16, 3, 3, 1, 1, 1, 1}), false, Geometry{}, Plain());
  EXPECT_DOUBLE_EQ(roofline.compute_seconds, 19 * 19 * 1e-6);  // 3 * 7 - 2 pairs along each axis
}

TEST(RooflineTest, RowsThatNoOutputReadsNeedNotBeLoaded) {
  const BlockedShape shape = Shape({1, 16, 8, 8, 16, 1, 1, 0, 0, 2, 2});
  const UnitBounds bounds = ComputeUnitBounds(shape, {}, Geometry{}, Plain());
  // Four rows of columns 0..6, 16 bytes each, and one weight element of 256 bytes.
  EXPECT_DOUBLE_EQ(bounds.load_seconds, (4 * 7 * 16 + 256) / 8 * 1e-6);
}

TEST(RooflineTest, BurstsAndStartsOfLoadsCannotBeAvoided) {
  Timing timing = Plain();
  timing.load_wgt.start_up = 60;
  timing.load_wgt.per_burst = 5;
  timing.load_wgt.per_burst_ns = 3000;  // three cycles
  const BlockedShape shape = Shape({1, 512, 4, 4, 1024, 1, 1, 0, 0, 1, 1});
  // 2,048 weight elements fill the scratchpad twice; each is two bursts.
  const double weights = 2 * 60 + 2048 * (256 / 8 + 2 * (5 + 3));
  const double inputs = 16 * 32 * 16 / 8;
  EXPECT_DOUBLE_EQ(ComputeUnitBounds(shape, {}, Geometry{}, timing).load_seconds,
                   (weights + inputs) * 1e-6);
}

TEST(RooflineTest, OutputsCostAResetAndThreePasses) {
  const BlockedShape shape = Shape({1, 16, 8, 8, 16, 1, 1, 0, 0, 1, 1});
  EXPECT_DOUBLE_EQ(ComputeUnitBounds(shape, {}, Geometry{}, Plain()).compute_seconds,
                   64 * (1 + 1 + 3 * 2) * 1e-6);
  EXPECT_DOUBLE_EQ(ComputeUnitBounds(shape, {.bias = true}, Geometry{}, Plain()).compute_seconds,
                   64 * (1 + 1 + 4 * 2) * 1e-6);
}

TEST(RooflineTest, TheSlowestUnitIsTheBottleneck) {
  EXPECT_EQ((UnitBounds{3, 2, 1}.Bottleneck()), "compute");
  EXPECT_EQ((UnitBounds{2, 3, 1}.Bottleneck()), "load");
  EXPECT_EQ((UnitBounds{2, 1, 3}.Bottleneck()), "store");
  EXPECT_DOUBLE_EQ((UnitBounds{2, 1, 3}.Seconds()), 3);
}

TEST(RooflineTest, TheUnitsNeverBeatTheRoofline) {
  for (const std::string& name : BuiltinMachines()) {
    const VtaMachine machine = *FindMachine(*Env::Default(), name);
    for (const Conv2d& conv : {Conv2d{4, 64, 14, 14, 64, 3, 3, 1, 1, 1, 1},
                               Conv2d{4, 64, 14, 14, 64, 1, 1, 0, 0, 2, 2}}) {
      const BlockedShape shape = *BlockShape({"test", conv, {}}, machine.geometry);
      EXPECT_GE(ComputeUnitBounds(shape, {}, machine.geometry, machine.timing).compute_seconds,
                ComputeRoofline(shape, false, machine.geometry, machine.timing).compute_seconds);
    }
  }
}

}  // namespace
}  // namespace foothold::vta

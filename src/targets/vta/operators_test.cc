// The operators and shapes beside plain convolutions that fill their blocks: every config of small
// layers, in TVM's template and in the extended one, computes the right result.

#include <gtest/gtest.h>

#include "targets/vta/testing/program_oracle.h"

namespace foothold::vta {
namespace {

/// How many configs must be valid at the least in TVM's template, and in the extended one.
struct AtLeast {
  int tvm;
  int extended;
};

void CheckBoth(const std::string& shape, AtLeast valid, const std::string& board = "pynq") {
  const Result<Workload> workload = ParseInlineWorkload(shape);
  ASSERT_TRUE(workload.ok()) << workload.status().message();
  ProgramOracle(*workload, board).CheckAll(valid.tvm);
  ProgramOracle(*workload, board + ":extended").CheckAll(valid.extended);
}

TEST(OperatorsTest, GroupsOfWholeBlocks) {
  CheckBoth("conv2d:1x64x6x4,64,3x3,pad=1,groups=4", {20, 1424});
  CheckBoth("conv2d:1x64x6x4,32,3x3,pad=1,groups=2,bias", {20, 1168});
  CheckBoth("conv2d:1x32x7x6,64,3x3,pad=1,stride=2,groups=2", {20, 920});
  CheckBoth("conv2d:2x64x4x4,64,1x1,groups=2,bias", {200, 2784});
  // Tiles that hold a part of a group, whole groups, and those of TVM across a border.
  CheckBoth("conv2d:1x48x4x3,144,1x1,groups=3", {26, 432});
}
TEST(OperatorsTest, GroupsThatShareABlock) {
  CheckBoth("conv2d:1x32x6x4,32,3x3,pad=1,groups=32,bias", {20, 688});
  CheckBoth("conv2d:1x32x6x6,32,3x3,pad=1,stride=2,groups=32", {6, 144});
  CheckBoth("conv2d:1x24x5x4,24,3x3,pad=1,groups=24,bias,clip_min=3", {8, 224});
  CheckBoth("conv2d:1x16x4x4,32,3x3,groups=16", {9, 64});
  CheckBoth("conv2d:1x48x4x4,48,1x1,groups=6,bias", {26, 288});
  CheckBoth("conv2d:1x48x4x4,24,3x3,pad=1,groups=3", {12, 688});
}
TEST(OperatorsTest, TransposedConvolutions) {
  CheckBoth("conv2d_transpose:1x32x4x4,32,4x4,pad=1,stride=2", {26, 672});
  CheckBoth("conv2d_transpose:1x32x3x4,16,3x3,stride=2,bias", {3, 48});
  CheckBoth("conv2d_transpose:1x16x4x3,32,2x2,stride=2,bias", {26, 864});
  CheckBoth("conv2d_transpose:1x16x4x3,16,3x3,pad=1,stride=1", {2, 144});
  CheckBoth("conv2d_transpose:1x16x3x3,16,5x4,pad=2x0,stride=3x2", {4, 32});
  CheckBoth("conv2d_transpose:1x16x3x3,16,1x1,stride=2", {4, 48});
  CheckBoth("conv2d_transpose:2x20x4x3,8,3x2,pad=1,stride=2x1", {1, 1});
}
TEST(OperatorsTest, ChannelsAndBatchesThatFillNoBlock) {
  CheckBoth("conv2d:1x3x9x8,24,3x3,pad=1,stride=2,bias", {12, 192});
  CheckBoth("conv2d:1x40x4x4,20,1x1,clip_max=-2,clip_min=-7", {64, 720});
  CheckBoth("dense:1x100,10,bias", {2, 48});
  CheckBoth("conv2d:3x12x4x4,20,3x3,pad=1,bias", {18, 712}, "pynq-4x8");
  CheckBoth("dense:1x20,12,bias", {6, 144}, "pynq-4x8");
}
TEST(OperatorsTest, PaddingOfOneSideOnly) {
  CheckBoth("conv2d:1x32x7x6,32,3x3,pad_end=1,stride=2", {9, 336});
  CheckBoth("conv2d:1x32x6x6,32,3x3,pad=1,pad_end=0", {9, 336});
  CheckBoth("conv2d:1x16x6x5,32,3x3,pad=1x0,pad_end=2x1,bias", {12, 192});
}
TEST(OperatorsTest, OnTheOtherGeometry) {
  CheckBoth("conv2d:4x16x4x4,16,3x3,pad=1,groups=16,bias", {12, 448}, "pynq-4x8");
  CheckBoth("conv2d_transpose:4x16x3x3,8,4x4,pad=1,stride=2", {8, 288}, "pynq-4x8");
}

}  // namespace
}  // namespace foothold::vta

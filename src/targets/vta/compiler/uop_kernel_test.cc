#include "targets/vta/compiler/uop_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

UopKernel Made(std::variant<UopKernel, Rejection> made) {
  EXPECT_TRUE(std::holds_alternative<UopKernel>(made)) << std::get<Rejection>(made).reason;
  return std::holds_alternative<UopKernel>(made) ? std::get<UopKernel>(made) : UopKernel{};
}

TEST(UopKernelTest, OneLoopBecomesTheOuterLoopOfAGemm) {
  const UopKernel kernel =
      Made(MakeGemmKernel(std::vector<ComputeLoop>{{1}, {5, 1, 2, 3}}, {7, 8, 9}, false, {}));
  EXPECT_EQ(kernel.instruction.iter_out, 5U);
  EXPECT_EQ(kernel.instruction.iter_in, 1U);
  EXPECT_EQ(kernel.instruction.src_factor_out, 2U);
  EXPECT_THAT(kernel.uops, ElementsAre(MicroOp{7, 8, 9}));
}

TEST(UopKernelTest, LoopsBeyondTwoAreUnrolledInnermostLast) {
  const UopKernel kernel = Made(MakeGemmKernel(
      std::vector<ComputeLoop>{{2, 100, 0, 0}, {2, 50, 0, 0}, {2, 10, 1, 0}, {2, 1, 0, 5}}, {},
      false, {}));
  EXPECT_THAT(kernel.uops, ElementsAre(MicroOp{0, 0, 0}, MicroOp{1, 0, 5}, MicroOp{10, 1, 0},
                                       MicroOp{11, 1, 5}));
}

// docs/reference/vta-and-autotvm.md#rejected-configs, row 15: a reduction loop left unrolled over
// fewer than three output positions.
TEST(UopKernelTest, WritingAnAccumulatorTwiceWithinThreeMicroOpsIsRefused) {
  const std::vector<ComputeLoop> two_positions = {
      {8, 1, 1, 0}, {3, 0, 1, 1}, {3, 0, 9, 3}, {2, 8, 9, 0}};
  auto refused = MakeGemmKernel(two_positions, {}, false, {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(refused));
  EXPECT_EQ(std::get<Rejection>(refused).phase, Phase::kJit);
  EXPECT_EQ(std::get<Rejection>(refused).phase, Phase::kJit);
  EXPECT_THAT(std::get<Rejection>(refused).reason, HasSubstr("write accumulator 0"));
  std::vector<ComputeLoop> three_positions = two_positions;
  three_positions[3].extent = 3;
  EXPECT_EQ(Made(MakeGemmKernel(three_positions, {}, false, {})).uops.size(), 9U);
}

TEST(UopKernelTest, AKernelLargerThanTheMicroOpBufferIsRefused) {
  auto refused = MakeGemmKernel(std::vector<ComputeLoop>{{2, 1}, {2, 2}, {8193, 4}}, {}, true, {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(refused));
  EXPECT_EQ(std::get<Rejection>(refused).reason,
            "micro-op buffer: one kernel needs 8,193 micro-ops of 8,192");
}

TEST(UopKernelTest, ALoneAluLoopIsTheInnerOne) {
  const UopKernel kernel =
      Made(MakeAluKernel({AluOpcode::kShr, true, 8, {{6, 1, 1, 0}}}, {3, 3, 0}));
  EXPECT_EQ(kernel.instruction.iter_out, 1U);
  EXPECT_EQ(kernel.instruction.iter_in, 6U);
  EXPECT_EQ(kernel.instruction.imm, 8);
}

TEST(UopKernelTest, AnAluPassOfThreeLoopsIsRefused) {
  auto refused = MakeAluKernel({AluOpcode::kAdd, false, 0, {{2, 9, 1}, {2, 3, 0}, {2, 1, 5}}}, {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(refused));
  EXPECT_EQ(std::get<Rejection>(refused).stage, "jit.loops");
}

using Access = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

std::vector<Access> Executed(const UopKernel& kernel) {
  std::vector<Access> accesses;
  const Instruction& i = kernel.instruction;
  for (std::uint32_t y = 0; y < i.iter_out; ++y)
    for (std::uint32_t x = 0; x < i.iter_in; ++x)
      for (const MicroOp& uop : kernel.uops)
        accesses.emplace_back(uop.dst + y * i.dst_factor_out + x * i.dst_factor_in,
                              uop.src + y * i.src_factor_out + x * i.src_factor_in,
                              uop.wgt + y * i.wgt_factor_out + x * i.wgt_factor_in);
  return accesses;
}

/// The oracle: plain nested loops over all six, as the schedule defines them.
std::vector<Access> Naive(const std::vector<ComputeLoop>& l) {
  std::vector<Access> accesses;
  for (std::int64_t a = 0; a < l[0].extent; ++a)
    for (std::int64_t b = 0; b < l[1].extent; ++b)
      for (std::int64_t c = 0; c < l[2].extent; ++c)
        for (std::int64_t d = 0; d < l[3].extent; ++d) {
          const auto sum = [&](std::int64_t ComputeLoop::*m) {
            return static_cast<std::uint32_t>(a * l[0].*m + b * l[1].*m + c * l[2].*m +
                                              d * l[3].*m);
          };
          accesses.emplace_back(sum(&ComputeLoop::dst), sum(&ComputeLoop::src),
                                sum(&ComputeLoop::wgt));
        }
  return accesses;
}

TEST(UopKernelTest, KernelsPerformTheNestInOrder) {
  const std::uint64_t seed = 7;
  Rng rng(seed);
  int made_count = 0;
  for (int trial = 0; trial < 5000; ++trial) {
    std::vector<ComputeLoop> loops(4);
    for (ComputeLoop& loop : loops) {
      const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(rng.Below(n)); };
      loop = {1 + below(4), below(9), below(9), below(9)};
    }
    auto made = MakeGemmKernel(loops, {}, false, {});
    if (!std::holds_alternative<UopKernel>(made)) continue;
    ++made_count;
    ASSERT_EQ(Executed(std::get<UopKernel>(made)), Naive(loops))
        << "seed " << seed << " trial " << trial;
  }
  EXPECT_GT(made_count, 500);
}

}  // namespace
}  // namespace foothold::vta

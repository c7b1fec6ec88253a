#include "targets/vta/compiler/kernel_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

TEST(KernelPoolTest, ListsFollowEachOtherUpToTheMemorysDepth) {
  const Geometry geometry;
  KernelPool pool(geometry);
  EXPECT_FALSE(pool.Reserve(2));
  pool.Add(1, 2, 3);
  pool.Add(4, 5, 6);
  EXPECT_EQ(pool.Finish(), (KernelPool::Range{0, 2}));
  EXPECT_FALSE(pool.Reserve(8190));
  const auto rejection = pool.Reserve(8191);
  ASSERT_TRUE(rejection);
  EXPECT_EQ(rejection->stage, "lower.micro-op");
  EXPECT_EQ(rejection->reason,
            "micro-op scratchpad: kernel 2 needs 8,191 micro-ops beside the 2 before it, the "
            "scratchpad holds 8,192");
}

TEST(KernelPoolTest, AnRtlThatHoldsFewerMicroOpsHasTheLastWord) {
  KernelPool pool(Geometry{.log_uop_memory = 11});
  EXPECT_FALSE(pool.Reserve(2048));
  ASSERT_TRUE(pool.Reserve(2049));
  EXPECT_THAT(pool.Reserve(2049)->reason, HasSubstr("holds 2,048"));
}

/// The rule by its definition: all micro-ops written out, every three in a row compared.
bool HasHazard(const Instruction& gemm, const std::vector<MicroOp>& uops) {
  std::vector<std::uint32_t> accumulators;
  for (std::uint32_t out = 0; out < gemm.iter_out; ++out)
    for (std::uint32_t in = 0; in < gemm.iter_in; ++in)
      for (const MicroOp& uop : uops)
        accumulators.push_back(uop.dst + out * gemm.dst_factor_out + in * gemm.dst_factor_in);
  for (std::size_t i = 0; i < accumulators.size(); ++i)
    for (std::size_t d = 1; d <= 2 && i + d < accumulators.size(); ++d)
      if (accumulators[i] == accumulators[i + d]) return true;
  return false;
}

TEST(AccumulatorHazardTest, AgreesWithTheDefinition) {
  Rng rng(1);
  int hazards = 0;
  for (int n = 0; n < 20000; ++n) {
    Instruction gemm;
    gemm.iter_out = 1 + static_cast<std::uint32_t>(rng.Below(5));
    gemm.iter_in = 1 + static_cast<std::uint32_t>(rng.Below(5));
    gemm.dst_factor_out = static_cast<std::uint32_t>(rng.Below(4));
    gemm.dst_factor_in = static_cast<std::uint32_t>(rng.Below(4));
    std::vector<MicroOp> uops(1 + rng.Below(6));
    for (MicroOp& uop : uops) uop.dst = static_cast<std::uint32_t>(rng.Below(8));
    const auto rejection = CheckAccumulatorHazard(gemm, uops);
    ASSERT_EQ(rejection.has_value(), HasHazard(gemm, uops)) << "seed 1, case " << n;
    hazards += rejection ? 1 : 0;
  }
  EXPECT_GT(hazards, 1000);
  EXPECT_LT(hazards, 19000);
}

TEST(AccumulatorHazardTest, TheReasonNamesTheAccumulator) {
  Instruction gemm;
  gemm.iter_out = 4;
  gemm.iter_in = 1;
  const auto rejection = CheckAccumulatorHazard(gemm, std::vector<MicroOp>{{7, 0, 0}, {8, 1, 0}});
  ASSERT_TRUE(rejection);
  EXPECT_EQ(rejection->stage, "lower.hazard");
  EXPECT_THAT(rejection->reason,
              HasSubstr("writes accumulator 7, which is written again within 2"));
}

}  // namespace
}  // namespace foothold::vta

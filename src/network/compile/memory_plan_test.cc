#include "network/compile/memory_plan.h"

#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::network {
namespace {

TEST(PlanMemoryTest, WhatLivesOneAfterTheOtherSharesMemory) {
  const MemoryPlan plan = PlanMemory({{100, 0, 1}, {200, 1, 2}, {100, 2, 3}}, 0, 1);
  EXPECT_EQ(plan.bytes, 300U);
  EXPECT_EQ(plan.offsets, (std::vector<std::uint64_t>{200, 0, 200}));
}

TEST(PlanMemoryTest, PinnedOnesStandAtTheBeginningInOrder) {
  const MemoryPlan plan = PlanMemory({{10, 0, 9}, {20, 0, 9}, {300, 0, 9}}, 2, 16);
  EXPECT_EQ(plan.offsets, (std::vector<std::uint64_t>{0, 16, 48}));
  EXPECT_EQ(plan.bytes, 348U);
}

TEST(PlanMemoryTest, NothingOverlapsThatLivesAtTheSameTime) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    std::vector<Lifetime> lifetimes;
    std::int64_t sum = 0;
    for (int i = 0; i < 20; ++i) {
      const auto first = static_cast<std::int64_t>(rng.Below(10));
      lifetimes.push_back({static_cast<std::int64_t>(rng.Below(1000)) + 1, first,
                           first + static_cast<std::int64_t>(rng.Below(5))});
      sum += lifetimes.back().bytes + 16;
    }
    const MemoryPlan plan = PlanMemory(lifetimes, 2, 16);
    EXPECT_LE(plan.bytes, static_cast<std::uint64_t>(sum));
    for (std::size_t a = 0; a < lifetimes.size(); ++a) {
      EXPECT_EQ(plan.offsets[a] % 16, 0U);
      for (std::size_t b = 0; b < a; ++b) {
        if (lifetimes[a].last < lifetimes[b].first || lifetimes[b].last < lifetimes[a].first)
          continue;
        const auto end = [&](std::size_t i) {
          return plan.offsets[i] + static_cast<std::uint64_t>(lifetimes[i].bytes);
        };
        EXPECT_TRUE(end(a) <= plan.offsets[b] || end(b) <= plan.offsets[a]) << a << " and " << b;
      }
    }
  }
}

}  // namespace
}  // namespace foothold::network

#include "studies/synthetic_spaces/synthetic_space.h"

#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::studies {
namespace {

TEST(SyntheticSpace, NoValidConfigIsFasterThanTheOptimum) {
  for (const std::string family : {"categories", "permutation", "many"}) {  // quick to go through
    const SyntheticSpace space = MakeSyntheticSpace(family, 3);
    Rng rng(7);
    std::uint64_t valid = 0;
    for (int i = 0; i < 2000; ++i) {
      const Config config = space.space.Sample(rng);
      if (space.failure(config)) continue;
      ++valid;
      EXPECT_GE(space.seconds(config), space.optimum) << space.name;
    }
    EXPECT_NEAR(static_cast<double>(valid) / 2000, space.valid_share, 0.05) << space.name;
  }
}

TEST(SyntheticSpace, IsTheSameEachTimeAndAnotherForEachInstance) {
  const SyntheticSpace one = MakeSyntheticSpace("permutation", 1);
  const SyntheticSpace again = MakeSyntheticSpace("permutation", 1);
  const SyntheticSpace other = MakeSyntheticSpace("permutation", 2);
  Rng rng(7);
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    const Config config = one.space.Sample(rng);
    EXPECT_EQ(one.seconds(config), again.seconds(config));
    EXPECT_EQ(one.failure(config).has_value(), again.failure(config).has_value());
    differs = differs || one.seconds(config) != other.seconds(config);
  }
  EXPECT_TRUE(differs);
}

TEST(SyntheticSpace, TheReportSetHasFamiliesAndInstancesOfItsOwn) {
  EXPECT_EQ(SyntheticSetOf("modulo", 1), SpaceSet::kTuning);
  EXPECT_EQ(SyntheticSetOf("modulo", 2), SpaceSet::kReport);
  EXPECT_EQ(SyntheticSetOf("equality", 1), SpaceSet::kReport);
}

}  // namespace
}  // namespace foothold::studies

#include "models/gaussian_process/prior_mean.h"

#include <gtest/gtest.h>

#include <vector>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

std::vector<double> Normals(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(rng.Uniform() - 0.5);
  return values;
}

TEST(TrustInPrior, IsFullBeforeAnythingWasObserved) { EXPECT_EQ(TrustInPrior({}, {}, 0.25), 1); }

TEST(TrustInPrior, StaysFullWhereThePriorIsRightButForAConstant) {
  const std::vector<double> expected = Normals(50, 1);
  std::vector<double> targets = expected;
  for (double& target : targets) target += 3;
  EXPECT_NEAR(TrustInPrior(targets, expected, 0.1), 1, 1e-12);
}

TEST(TrustInPrior, FadesWhereThePriorTellsNothing) {
  EXPECT_LT(TrustInPrior(Normals(300, 1), Normals(300, 2), 0.01), 0.2);
}

TEST(TrustInPrior, IsNoneWhereThePriorIsTheWrongWayRound) {
  const std::vector<double> expected = Normals(300, 1);
  std::vector<double> targets = expected;
  for (double& target : targets) target = -target;
  EXPECT_EQ(TrustInPrior(targets, expected, 0.01), 0);
}

}  // namespace
}  // namespace foothold::models

#include "tests/faithfulness/rank_tests.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace foothold {
namespace {

// Cases that can be worked out by hand: U = 0 of 9, variance 5.25; and
// the times 1, 2, 3 with 1/2, 1/3, 1/2 of the risk in the first sample.
TEST(RankTestsTest, GiveTheKnownValues) {
  const std::vector<double> low = {1, 2, 3};
  const std::vector<double> high = {4, 5, 6};
  EXPECT_NEAR(MannWhitneyP(low, high), std::erfc(4.5 / std::sqrt(5.25) / std::sqrt(2.0)), 1e-12);
  EXPECT_NEAR(MannWhitneyP(high, low), MannWhitneyP(low, high), 1e-12);
  EXPECT_NEAR(MannWhitneyP(std::vector<double>{1, 2, 2}, std::vector<double>{2, 3, 4}),
              0.10457099306437284, 1e-9);

  const std::vector<double> odd = {1, 3};
  const double z = (2 - (0.5 + 1.0 / 3 + 0.5)) / std::sqrt(0.25 + 2.0 / 9 + 0.25);
  const double p = std::erfc(z / std::sqrt(2.0));
  EXPECT_NEAR(LogRankP(odd, std::vector<double>{2, 4}, 100), p, 1e-12);
  EXPECT_NEAR(LogRankP(odd, std::vector<double>{2, 4}, 4), p, 1e-12);
}

}  // namespace
}  // namespace foothold

#include "report/page/curve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/page/testing.h"

namespace foothold::report {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(RunCurve, HasAPointForEachImprovementWithWhatItCost) {
  RunLog run = testing::EmptyRun();
  testing::AddFailed(run, {{0, 0, 0}}, "no");
  testing::AddCorrect(run, {{1, 0, 0}}, 0.5);
  testing::AddCorrect(run, {{2, 0, 0}}, 0.7);
  testing::AddCorrect(run, {{2, 1, 0}}, 0.5);  // an equal is no improvement
  testing::AddCorrect(run, {{1, 1, 0}}, 0.2);
  testing::AddBuild(run, 1015, "no");  // before the second trial
  testing::AddBuild(run, 9999, "no");  // after the last

  const RunCurve curve = CurveOf(run);
  ASSERT_EQ(curve.improvements.size(), 2U);
  EXPECT_EQ(curve.improvements[0].measurements, 2U);
  EXPECT_DOUBLE_EQ(curve.improvements[0].cost_s, 2 * 3 + 0.5);
  EXPECT_DOUBLE_EQ(curve.improvements[0].best_s, 0.5);
  EXPECT_EQ(curve.improvements[1].measurements, 5U);
  EXPECT_DOUBLE_EQ(curve.improvements[1].cost_s, 5 * 3 + 0.5);
  EXPECT_EQ(curve.measurements, 5U);
  EXPECT_DOUBLE_EQ(curve.costs.search_build_s, 1);
  EXPECT_DOUBLE_EQ(curve.costs.build_s, 5);
  EXPECT_DOUBLE_EQ(curve.costs.run_s, 10);
}

RunCurve CurveWith(std::vector<Improvement> improvements, std::uint64_t measurements) {
  return {std::move(improvements), measurements, {}};
}

TEST(Band, TakesQuartilesOverRunsAndKeepsTheBestOfShorterOnes) {
  const std::vector<RunCurve> curves = {CurveWith({{1, 0, 8}, {4, 0, 4}}, 4),
                                        CurveWith({{2, 0, 6}}, 8), CurveWith({{1, 0, 2}}, 2)};
  const Band band = BandOf(curves, EffortAxis::kMeasurements, 4);
  EXPECT_THAT(band.x, ElementsAre(1, 2, 4, 8));
  // At 1: 2, 8, nothing yet. At 2: 2, 6, 8. From 4 on: 2, 4, 6.
  EXPECT_THAT(band.low, ElementsAre(Optional(5), Optional(4), Optional(3), Optional(3)));
  EXPECT_THAT(band.median, ElementsAre(Optional(8), Optional(6), Optional(4), Optional(4)));
  EXPECT_THAT(band.high, ElementsAre(std::nullopt, Optional(7), Optional(5), Optional(5)));
}

TEST(Band, ByCostEndsAtTheCostOfTheDearestRun) {
  RunCurve cheap = CurveWith({{1, 3, 8}}, 1);
  cheap.costs.run_s = 3;
  RunCurve dear = CurveWith({{1, 6, 4}}, 2);
  dear.costs.run_s = 12;
  const Band band = BandOf({cheap, dear}, EffortAxis::kSeconds, 3);
  EXPECT_THAT(band.x, ElementsAre(3, 6, 12));
  EXPECT_THAT(band.median, ElementsAre(std::nullopt, Optional(6), Optional(6)));
}

TEST(Band, OfRunsThatFoundNothingIsEmpty) {
  EXPECT_TRUE(BandOf({CurveWith({}, 8)}, EffortAxis::kMeasurements, 4).x.empty());
}

TEST(Band, OfOneMeasurementIsOnePoint) {
  EXPECT_THAT(BandOf({CurveWith({{1, 0, 8}}, 1)}, EffortAxis::kMeasurements, 4).x, ElementsAre(1));
}

}  // namespace
}  // namespace foothold::report

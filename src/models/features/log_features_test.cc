#include "models/features/log_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace foothold {
namespace {

using ::testing::Each;
using ::testing::FloatNear;

Space SpaceOf(std::vector<Parameter> parameters) {
  return Space::Create(std::move(parameters)).value();
}

TEST(LogFeatures, EqualRatiosAreEqualSteps) {
  const LogFeatures features(SpaceOf({{"tile", {1, 4, 16}}}));
  ASSERT_EQ(features.columns(), 1u);
  const FeatureMatrix rows = features.Extract(std::vector<Config>{{{0}}, {{1}}, {{2}}});
  const float step = rows.row(1)[0] - rows.row(0)[0];
  EXPECT_GT(step, 0);
  EXPECT_FLOAT_EQ(rows.row(2)[0] - rows.row(1)[0], step);
}

TEST(LogFeatures, HaveMeanZeroAndVarianceOneOverTheValues) {
  const LogFeatures features(SpaceOf({{"a", {1, 2, 4, 8, 64}}, {"b", {-3, 0, 7}}}));
  for (std::size_t column = 0; column < 2; ++column) {
    const std::uint32_t count = column == 0 ? 5 : 3;
    double sum = 0, squares = 0;
    for (std::uint32_t choice = 0; choice < count; ++choice) {
      Config config{{0, 0}};
      config.choices[column] = choice;
      std::vector<float> row(2);
      features.Extract(config, row);
      sum += row[column];
      squares += row[column] * row[column];
    }
    EXPECT_NEAR(sum, 0, 1e-5);
    EXPECT_NEAR(squares / count, 1, 1e-5);
  }
}

TEST(LogFeatures, ParametersWithOneValueHaveNoColumn) {
  const LogFeatures features(SpaceOf({{"one", {5}}, {"two", {0, 1}}, {"also one", {0}}}));
  EXPECT_EQ(features.columns(), 1u);
}

TEST(LogFeatures, ASpaceOfOneConfigHasAColumnOfZeros) {
  const LogFeatures features(SpaceOf({{"one", {5}}}));
  ASSERT_EQ(features.columns(), 1u);
  EXPECT_THAT(features.Extract(std::vector<Config>{{{0}}}).values(), Each(FloatNear(0, 0)));
}

}  // namespace
}  // namespace foothold

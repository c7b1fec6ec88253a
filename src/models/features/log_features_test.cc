#include "models/features/log_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace foothold::models {
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

/// Squared distance of the rows of two choices of a space with one parameter.
double SquaredDistance(const LogFeatures& features, std::uint32_t a, std::uint32_t b) {
  const FeatureMatrix rows = features.Extract(std::vector<Config>{{{a}}, {{b}}});
  double square = 0;
  for (std::size_t i = 0; i < features.columns(); ++i) {
    square += std::pow(double{rows.row(0)[i]} - double{rows.row(1)[i]}, 2);
  }
  return square;
}

TEST(LogFeatures, WithoutAnOrderAllValuesAreEquallyFarApart) {
  for (const std::size_t count : {3U, 5U, 20U}) {
    Parameter parameter{"layout", {}, {}, false};
    for (std::size_t i = 0; i < count; ++i) {
      parameter.values.push_back(static_cast<std::int64_t>(i));
    }
    const LogFeatures features(SpaceOf({parameter}));
    ASSERT_EQ(features.columns(), count);
    double sum = 0;
    for (std::uint32_t a = 0; a < count; ++a) {
      for (std::uint32_t b = 0; b < count; ++b) {
        const double square = SquaredDistance(features, a, b);
        sum += square;
        EXPECT_NEAR(square, a == b ? 0 : SquaredDistance(features, 0, 1), 1e-5);
      }
    }
    // As of a parameter of variance 1.
    EXPECT_NEAR(sum / static_cast<double>(count * count), 2, 1e-4);
  }
}

TEST(LogFeatures, TwoValuesAreOneColumnWithOrWithoutAnOrder) {
  const LogFeatures ordered(SpaceOf({{"p", {0, 1}}, {"q", {1, 2, 3}}}));
  const LogFeatures unordered(SpaceOf({{"p", {0, 1}, {}, false}, {"q", {1, 2, 3}}}));
  const std::vector<Config> configs = {{{0, 2}}, {{1, 0}}};
  EXPECT_EQ(ordered.Extract(configs).values(), unordered.Extract(configs).values());
}

TEST(LogFeatures, ColumnsAfterOneWithoutAnOrderAreTheirOwn) {
  const LogFeatures features(SpaceOf({{"layout", {0, 1, 2}, {}, false}, {"tile", {1, 4}}}));
  ASSERT_EQ(features.columns(), 4u);
  const FeatureMatrix rows = features.Extract(std::vector<Config>{{{1, 0}}, {{1, 1}}});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(rows.row(0)[i], rows.row(1)[i]);
  EXPECT_FLOAT_EQ(rows.row(0)[3], -rows.row(1)[3]);
  std::vector<float> other(4);
  const std::vector<Parameter> parameters = {{"tile", {2}}, {"layout", {1}}};
  ASSERT_TRUE(features.ExtractOther(parameters, Config{{0, 0}}, other));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(other[i], rows.row(0)[i]);
  EXPECT_NEAR(other[3], 0, 1e-6);
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
}  // namespace foothold::models

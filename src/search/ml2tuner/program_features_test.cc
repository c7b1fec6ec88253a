#include "search/ml2tuner/program_features.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

std::vector<float> FeaturesOf(const ProgramFeatures& features, const Config& config,
                              const Metrics& program) {
  std::vector<float> row(features.columns(), -7);
  features.Extract(config, program, row);
  return row;
}

// FreeSpace's three parameters have the values 1, 2, ...
TEST(ProgramFeatures, PutsMetricsInNameOrderAfterTheKnobs) {
  ProgramFeatures features(FreeSpace());
  EXPECT_EQ(features.columns(), 3U);
  EXPECT_EQ(FeaturesOf(features, {{0, 1, 2}}, {{"uops", 9}}), (std::vector<float>{1, 2, 3}));
  features.AddColumns({{"uops", 9}, {"bytes", 8}});
  features.AddColumns({{"cache", 5}, {"uops", 1}});
  EXPECT_EQ(features.columns(), 6U);
  EXPECT_EQ(FeaturesOf(features, {{2, 1, 0}}, {{"uops", 4}, {"cache", 6}, {"bytes", 5}}),
            (std::vector<float>{3, 2, 1, 5, 6, 4}));
}

TEST(ProgramFeatures, WhatIsMissingOrNoNumberIsZero) {
  ProgramFeatures features(FreeSpace());
  features.AddColumns({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}});
  EXPECT_EQ(FeaturesOf(features, {{0, 0, 0}},
                       {{"a", std::numeric_limits<double>::quiet_NaN()},
                        {"c", std::numeric_limits<double>::max()},
                        {"d", 2},
                        {"unknown", 3}}),
            (std::vector<float>{1, 1, 1, 0, 0, 0, 2}));
}

}  // namespace
}  // namespace foothold::search

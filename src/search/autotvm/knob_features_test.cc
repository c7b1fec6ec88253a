#include "search/autotvm/knob_features.h"

#include <gtest/gtest.h>

namespace foothold::search {
namespace {

/// The space of VTA's conv2d template for ResNet-18's C8.
Space ConvSpace() {
  return Space::Create({{"tile_b", {1}},
                        {"tile_h", {1, 2, 7, 14}},
                        {"tile_w", {1, 2, 7, 14}},
                        {"tile_ci", {1, 2, 4, 8, 16}},
                        {"tile_co", {1, 2, 4, 8, 16}},
                        {"oc_nthread", {1, 2}},
                        {"h_nthread", {1, 2}}})
      .value();
}

TEST(KnobFeatures, SplitsGiveTheirOuterSizeToo) {
  const Space space = ConvSpace();
  const KnobFeatures knobs(space);
  EXPECT_EQ(knobs.columns(), 12u);
  const std::vector<Config> configs = {space.AtIndex(0), {{0, 3, 2, 1, 4, 0, 1}}};
  const models::FeatureMatrix rows = knobs.Extract(configs);
  ASSERT_EQ(rows.rows(), 2u);
  EXPECT_EQ(rows.values(), (std::vector<float>{-1, 1, -1, 1,  -1, 1, -1, 1, -1, 1,  1, 1,  //
                                               -1, 1, -1, 14, -1, 7, -1, 2, -1, 16, 1, 2}));
}

TEST(KnobFeatures, OtherParametersGiveTheirValue) {
  const Space space = Space::Create({{"a", {5, 3}}, {"tile_x", {2, 4}}, {"tiles", {-6}}}).value();
  const KnobFeatures knobs(space);
  EXPECT_EQ(knobs.columns(), 4u);
  EXPECT_EQ(knobs.Extract(std::vector<Config>{{{1, 1, 0}}}).values(),
            (std::vector<float>{3, -1, 4, -6}));
}

TEST(KnobFeatures, TheCallerCanSayWhatASplitIs) {
  const Space space = Space::Create({{"a", {5, 3}}, {"tile_x", {2, 4}}}).value();
  const KnobFeatures knobs(space, [](const Parameter& p) { return p.name == "a"; });
  EXPECT_EQ(knobs.Extract(std::vector<Config>{{{0, 1}}}).values(), (std::vector<float>{-1, 5, 4}));
}

}  // namespace
}  // namespace foothold::search

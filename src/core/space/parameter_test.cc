#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/space.h"

namespace foothold::space {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Parameter Layout() { return {"layout", {0, 1, 2}, {"row", "column", "tiled"}, false}; }

TEST(ParameterTest, ValuesOfAnyKindHaveAText) {
  EXPECT_EQ(ValueText(std::int64_t{-3}), "-3");
  EXPECT_EQ(ValueText(0.5), "0.5");
  EXPECT_EQ(ValueText(2.0), "2.0");
  EXPECT_EQ(ValueText(1e-5), "1e-05");
  EXPECT_EQ(ValueText(true), "True");
  EXPECT_EQ(ValueText(std::string("left")), "left");
}

TEST(ParameterTest, LabelsAreWhatConfigsSay) {
  const Space space = Space::Create({{"tile", {4, 8}}, Layout()}).value();
  EXPECT_EQ(space.ToString(Config{{1, 2}}), "tile=8 layout=tiled");
  EXPECT_EQ(space.parameters()[1].ValueAt(1), ParameterValue("column"));
  EXPECT_EQ(space.parameters()[0].ValueAt(1), ParameterValue(std::int64_t{8}));
}

TEST(ParameterTest, WithoutAnOrderAllValuesAreNeighbours) {
  const Space space = Space::Create({{"tile", {1, 2, 4, 8}}, Layout()}).value();
  EXPECT_THAT(space.Neighbours(Config{{0, 0}}),
              ElementsAre(Config{{1, 0}}, Config{{0, 1}}, Config{{0, 2}}));
  EXPECT_THAT(space.Neighbours(Config{{2, 1}}),
              ElementsAre(Config{{1, 1}}, Config{{3, 1}}, Config{{2, 0}}, Config{{2, 2}}));
}

TEST(ParameterTest, LabelsAreOneForEachValueAndDiffer) {
  const auto error = [](std::vector<ParameterValue> labels) {
    return Space::Create({{"p", {0, 1}, std::move(labels)}}).status().message();
  };
  EXPECT_THAT(error({"a"}), HasSubstr("parameter 'p' has 1 labels for 2 values"));
  EXPECT_THAT(error({"a", "a"}), HasSubstr("parameter 'p' has the value a twice"));
  EXPECT_EQ(error({std::int64_t{1}, "1"}), "");
}

}  // namespace
}  // namespace foothold::space

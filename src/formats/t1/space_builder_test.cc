#include "foothold/space_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::t1 {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::vector<ParameterValue> Whole(std::initializer_list<std::int64_t> values) {
  return {values.begin(), values.end()};
}

std::vector<std::string> AllConfigs(const Space& space) {
  std::vector<std::string> all;
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
    all.push_back(space.ToString(space.Unrank(rank)));
  }
  return all;
}

SpaceRule If(std::string expression) { return {std::move(expression)}; }

TEST(SpaceBuilderTest, WholeNumbersStandForThemselvesAndOtherValuesAreLabels) {
  SpaceBuilder builder;
  builder.Add("tile", Whole({4, 8}), true);
  builder.Add("layout", {"row", "column"}, false);
  builder.Add("rate", {0.5, 1.0}, true);
  const Space space = builder.Build().value();
  EXPECT_EQ(space.parameters()[0], (Parameter{"tile", {4, 8}}));
  EXPECT_EQ(space.parameters()[1], (Parameter{"layout", {0, 1}, {"row", "column"}, false}));
  EXPECT_EQ(space.parameters()[2], (Parameter{"rate", {0, 1}, {0.5, 1.0}}));
}

TEST(SpaceBuilderTest, ExpressionsAndPredicatesSeeTheValues) {
  SpaceBuilder builder;
  builder.Add("tile", Whole({4, 8}), true);
  builder.Add("layout", {"row", "column"}, false);
  builder.Add("rate", {0.5, 1.0}, true);
  builder.Require(If("tile == 4 or layout == 'row'"));
  builder.Require(
      {"rate below tile / 8", {"rate", "tile"}, [](std::span<const ParameterValue> values) {
         return std::get<double>(values[0]) <=
                static_cast<double>(std::get<std::int64_t>(values[1])) / 8;
       }});
  EXPECT_THAT(AllConfigs(builder.Build().value()),
              UnorderedElementsAre("tile=4 layout=row rate=0.5", "tile=4 layout=column rate=0.5",
                                   "tile=8 layout=row rate=0.5", "tile=8 layout=row rate=1.0"));
}

TEST(SpaceBuilderTest, AConditionalParameterHasOneValueWhereItIsInactive) {
  SpaceBuilder builder;
  builder.Add("layout", {"row", "tiled"}, false);
  builder.AddIf(If("layout == 'tiled'"), "tile", Whole({4, 8}), true);
  builder.AddIf(If("tile > 4"), "unroll", {false, true}, true);
  const Space space = builder.Build().value();
  EXPECT_THAT(
      AllConfigs(space),
      UnorderedElementsAre("layout=row tile=(inactive) unroll=(inactive)",
                           "layout=tiled tile=4 unroll=(inactive)",
                           "layout=tiled tile=8 unroll=False", "layout=tiled tile=8 unroll=True"));
}

TEST(SpaceBuilderTest, ARuleOverAnInactiveParameterIsMet) {
  SpaceBuilder builder;
  builder.Add("block", Whole({16, 32}), true);
  builder.Add("tiled", {false, true}, true);
  builder.AddIf(If("tiled"), "tile", Whole({4, 8}), true);
  builder.Require(If("block * tile <= 128"));
  EXPECT_THAT(
      AllConfigs(builder.Build().value()),
      UnorderedElementsAre("block=16 tiled=False tile=(inactive)",
                           "block=32 tiled=False tile=(inactive)", "block=16 tiled=True tile=4",
                           "block=16 tiled=True tile=8", "block=32 tiled=True tile=4"));
}

TEST(SpaceBuilderTest, ProblemsNameTheRule) {
  const auto problem = [](const std::string& expression) {
    SpaceBuilder builder;
    builder.Add("tile", Whole({4, 8}), true);
    builder.Add("layout", {"row", "column"}, false);
    builder.Require(If(expression));
    return builder.Build().status().message();
  };
  EXPECT_THAT(problem("tile <="), HasSubstr("space: 'tile <=': column"));
  EXPECT_THAT(problem("tiel < 4"), HasSubstr("\"tiel\" is no parameter"));
  EXPECT_THAT(problem("1 < 4"), HasSubstr("names no parameter"));
  EXPECT_THAT(problem("layout + tile > 4"), HasSubstr("space: 'layout + tile > 4': column"));
  EXPECT_EQ(problem("layout == 'row' or tile < 8"), "");
}

TEST(SpaceBuilderTest, AConditionSpeaksOfEarlierParametersOnly) {
  SpaceBuilder builder;
  builder.AddIf(If("tile > 4"), "unroll", {false, true}, true);
  builder.Add("tile", Whole({4, 8}), true);
  EXPECT_THAT(builder.Build().status().message(), HasSubstr("\"tile\" is no parameter"));
}

}  // namespace
}  // namespace foothold::t1

#include "studies/charts/line_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

LineChart TwoLines() {
  LineChart chart;
  chart.title = "a & b";
  chart.x_label = "measurements";
  chart.y_label = "speed of the best";
  chart.lines = {{"one", {1, 10, 100}, {0, 0.5, 1}, {0, 0.25, 0.5}, {0.5, 0.75, 1}},
                 {"two <", {1, 100}, {1, 2}, {}, {}}};
  return chart;
}

// The plot spans 64..550 across and 368..40 upwards; x is logarithmic over two decades.
TEST(LineChart, PointsAreWhereTheAxesPutThem) {
  const std::string svg = TwoLines().ToSvg();
  EXPECT_THAT(svg, HasSubstr("points=\"64.0,368.0 307.0,204.0 550.0,40.0 \""));
  EXPECT_THAT(svg, HasSubstr("64.0,204.0 307.0,122.0 550.0,40.0 550.0,204.0 307.0,286.0"))
      << "the band goes along its top and back along its bottom";
  EXPECT_THAT(svg, HasSubstr("points=\"64.0,40.0 550.0,40.0 \"")) << "2 is drawn at the end, 1";
}

TEST(LineChart, NamesAreEscapedAndInTheLegend) {
  const std::string svg = TwoLines().ToSvg();
  EXPECT_THAT(svg, HasSubstr("a &amp; b"));
  EXPECT_THAT(svg, HasSubstr(">two &lt;</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("two <")));
}

TEST(LineChart, TicksAreRoundNumbers) {
  const std::string svg = TwoLines().ToSvg();
  for (const char* tick : {">1</text>", ">2</text>", ">5</text>", ">10</text>", ">100</text>"}) {
    EXPECT_THAT(svg, HasSubstr(tick));
  }
  EXPECT_THAT(svg, Not(HasSubstr(">200</text>")));
}

TEST(LineChart, OnePointIsEnough) {
  LineChart chart = TwoLines();
  chart.lines = {{"one", {3}, {0.5}, {}, {}}};
  EXPECT_THAT(chart.ToSvg(), HasSubstr("points=\"64.0,204.0 \""));
}

}  // namespace
}  // namespace foothold::studies

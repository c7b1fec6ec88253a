#include "targets/child/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::child {
namespace {

using ::testing::ElementsAre;

TEST(RunReport, APlainNumberOnTheLastLineIsSeconds) {
  for (const char* out : {"0.25", "0.25\n", "warming up\n 0.25 \n\n \r\n", "2.5e-1"}) {
    const auto report = ParseRunReport(out);
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_THAT(report->seconds, ElementsAre(0.25)) << out;
    EXPECT_TRUE(report->correct);
  }
}

TEST(RunReport, AnObjectSaysMore) {
  const auto report = ParseRunReport(
      "log\n{\"seconds\": [0.5, 2], \"correct\": true, \"metrics\": {\"cycles\": 12}}\n");
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_THAT(report->seconds, ElementsAre(0.5, 2));
  EXPECT_EQ(report->metrics, (Metrics{{"cycles", 12}}));
  EXPECT_THAT(ParseRunReport("{\"seconds\": 3}")->seconds, ElementsAre(3));
  EXPECT_FALSE(ParseRunReport("{\"correct\": false}")->correct);
}

TEST(RunReport, AnythingElseIsRefused) {
  const auto message = [](std::string_view out) { return ParseRunReport(out).status().message(); };
  EXPECT_EQ(message(""), "printed nothing, must print its seconds");
  EXPECT_EQ(message(" \n\n"), "printed nothing, must print its seconds");
  EXPECT_EQ(message("0.5\nall done"),
            "printed \"all done\", must end with a number of seconds or a JSON object");
  EXPECT_EQ(message("0"), "stdout:1: must be above 0");
  EXPECT_EQ(message("-1"), "stdout:1: must be above 0");
  EXPECT_EQ(message("{\"seconds\": [1, 0]}"), "stdout:1: seconds[1]: must be above 0");
  EXPECT_EQ(message("{\"seconds\": []}"), "stdout:1: seconds: has 0 times, must have 1 to 100000");
  EXPECT_EQ(message("{}"), "stdout:1: seconds: is missing");
  EXPECT_EQ(message("{\"seconds\": 1, \"time\": 1}"),
            "stdout:1: time: is unknown; the fields are correct, seconds, metrics");
  for (const char* out : {"nan", "inf", "1e999", "\xff\xfe", "[1]", "\"1\"", "1 2"}) {
    EXPECT_FALSE(ParseRunReport(out).ok()) << out;
  }
}

}  // namespace
}  // namespace foothold::child

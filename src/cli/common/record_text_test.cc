#include "cli/common/record_text.h"

#include <gtest/gtest.h>

namespace foothold::cli {
namespace {

LogContents SmallLog() {
  RunLog run;
  run.header.foothold_version = "0.1.0";
  run.header.target = "vta:pynq";
  run.header.workload = {"lstm", Dense{1, 256, 128}, Requantize{}};
  run.header.searcher = "random";
  run.header.seed = 7;
  run.header.options = {{"batch_size", "8"}};
  run.header.parameters = {{"tile", {1, 2, 4}}, {"fixed", {3}}};
  run.header.wall_clock = 86400.5;

  TrialRecord correct{0, {}, 0};
  correct.measurement.config = {{2, 0}};
  correct.measurement.seconds = {0.000141};
  TrialRecord failed{1, {}, 0};
  failed.measurement.config = {{0, 0}};
  failed.measurement.failure = {Outcome::kCompile, "lower", "too small"};
  run.trials = {correct, failed};
  run.unfinished = {{2, {{1, 0}}}};
  run.withdrawn = {{3, {{2, 0}}}};
  LogContents contents;
  contents.runs = {run};
  return contents;
}

TEST(DumpText, ShowsRunsTrialsAndWhatNeverFinishedOrWasWithdrawn) {
  EXPECT_EQ(DumpText(SmallLog()), "run 1: lstm (" + ToString(SmallLog().runs[0].header.workload) +
                                      ") on vta:pynq\n" +
                                      "  searcher random, seed 7, batch_size 8\n"
                                      "  foothold 0.1.0, 1970-01-02 00:00:00 UTC\n"
                                      "      0  correct      tile=4  [0.1410 ms]\n"
                                      "      1  compile      tile=1  [lower: too small]\n"
                                      "      2  -            tile=2  [started, never finished]\n"
                                      "      3  -            tile=4  [withdrawn, counts as never "
                                      "started]\n");
}

TEST(ToJsonLines, ReadsBackAsTheSameLog) {
  const std::string lines = ToJsonLines(SmallLog());
  const auto again = ParseLog(lines, "again.jsonl");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(DumpText(*again), DumpText(SmallLog()));
}

TEST(TimeOfDay, TakesWhateverALogHolds) {
  EXPECT_EQ(TimeOfDay(-1), "-1 s since 1970");
  EXPECT_EQ(TimeOfDay(1e300), "1e+300 s since 1970");
}

TEST(TimeOfDay, IsUtc) { EXPECT_EQ(TimeOfDay(1795218412.9), "2026-11-20 23:46:52 UTC"); }

}  // namespace
}  // namespace foothold::cli

#include "cli/common/progress.h"

#include <gtest/gtest.h>

#include "foothold/explore.h"

namespace foothold::cli {
namespace {

Workload LayerC8() {
  return {"resnet18.C8", Conv2d{1, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1}, Requantize{}};
}

TunerProgress Progress(std::uint64_t finished, double elapsed_s) {
  TunerProgress progress;
  progress.finished = finished;
  progress.planned = 300;
  progress.elapsed_s = elapsed_s;
  return progress;
}

TEST(ProgressLine, ShowsBestCountsAndTimes) {
  TunerProgress progress = Progress(96, 3.14);
  progress.outcomes = {{Outcome::kCompile, 83}, {Outcome::kRuntime, 2}, {Outcome::kCorrect, 11}};
  progress.incumbent = Measurement{};
  progress.incumbent->seconds = {0.004934};
  EXPECT_EQ(ProgressLine(LayerC8(), progress, 6.6),
            "resnet18.C8     96/300 trials  best 4.934 ms, 46.9 GOPS  "
            "(11 correct, 2 runtime, 83 compile)  3.1 s, 6.6 s left");
}

TEST(ProgressLine, SaysWhenNothingIsCorrectYet) {
  EXPECT_EQ(ProgressLine(LayerC8(), Progress(0, 0), std::nullopt),
            "resnet18.C8      0/300 trials  nothing correct yet  0.0 s");
}

TEST(ProgressLine, SaysWhatTheFinalDoes) {
  TunerProgress progress = Progress(300, 41);
  progress.measured = 300;
  progress.final = FinalProgress{5, 3, 12, 30};
  EXPECT_EQ(ProgressLine(LayerC8(), progress, SecondsLeft(progress)),
            "resnet18.C8    300/300 trials  nothing correct yet  final: 12/30 rounds, 3 of 5 "
            "leaders tied  41 s");
}

TEST(ProgressLine, OfAnExplorationCountsConfigs) {
  ExploreProgress progress;
  progress.done = 4096;
  progress.total = 279'936;
  progress.elapsed_s = 3.14;
  progress.left_s = 211;
  progress.outcomes = {{Outcome::kCompile, 3096}, {Outcome::kCorrect, 1000}};
  progress.best_seconds = 0.004934;
  EXPECT_EQ(ProgressLine(LayerC8(), progress),
            "resnet18.C8      4096/279936 configs  best 4.934 ms, 46.9 GOPS  "
            "(1000 correct, 3096 compile)  3.1 s, 3 min 31 s left");
  progress.done = progress.total;
  progress.left_s = 0;
  progress.best_seconds.reset();
  EXPECT_EQ(ProgressLine(LayerC8(), progress),
            "resnet18.C8    279936/279936 configs  nothing correct yet  "
            "(1000 correct, 3096 compile)  3.1 s");
}

TEST(SecondsLeft, IsUnknownUntilSomethingWasMeasured) {
  EXPECT_EQ(SecondsLeft(Progress(100, 0.5)), std::nullopt);
}

TEST(SecondsLeft, LeavesTheResumedTrialsOutOfThePace) {
  // 100 trials came from the log; 50 took 5 s, so the other 150 will take 15 s.
  TunerProgress progress = Progress(150, 5);
  progress.measured = 50;
  EXPECT_DOUBLE_EQ(SecondsLeft(progress).value(), 15);
}

TEST(SecondsLeft, IsAtMostTheTimeBudget) {
  TunerProgress progress = Progress(50, 5);
  progress.measured = 50;
  progress.max_seconds = 7;
  EXPECT_DOUBLE_EQ(SecondsLeft(progress).value(), 2);
  progress.max_seconds = 4;
  EXPECT_DOUBLE_EQ(SecondsLeft(progress).value(), 0);
}

TEST(Duration, PicksItsUnits) {
  EXPECT_EQ(Duration(0.04), "0.0 s");
  EXPECT_EQ(Duration(9.94), "9.9 s");
  EXPECT_EQ(Duration(9.96), "10 s");
  EXPECT_EQ(Duration(59.6), "1 min 00 s");
  EXPECT_EQ(Duration(185), "3 min 05 s");
  EXPECT_EQ(Duration(7800), "2 h 10 min");
}

TEST(ProgressDisplay, IsSilentWhenTold) {
  std::FILE* stream = std::tmpfile();
  ASSERT_NE(stream, nullptr);
  const Workload workload = LayerC8();
  ProgressDisplay display(ProgressDisplay::Mode::kSilent, stream, *Env::Default());
  display.Begin(workload);
  display.Update(Progress(1, 100));
  display.End(Progress(300, 200), "");
  EXPECT_EQ(std::ftell(stream), 0);
  std::fclose(stream);
}

TEST(ProgressDisplay, EndsWithThePlainLastState) {
  std::FILE* stream = std::tmpfile();
  ASSERT_NE(stream, nullptr);
  const Workload workload = LayerC8();
  ProgressDisplay display(ProgressDisplay::ModeFor(stream), stream, *Env::Default());
  display.Begin(workload);
  display.End(Progress(300, 12), ", 120 resumed");
  std::rewind(stream);
  char text[200] = {};
  ASSERT_NE(std::fgets(text, sizeof text, stream), nullptr);
  EXPECT_STREQ(text, "resnet18.C8    300/300 trials  nothing correct yet  12 s, 120 resumed\n");
  std::fclose(stream);
}

TEST(RunsDone, ForeseesTheRestByWhatIsDone) {
  EXPECT_EQ(RunsDone(25, 100, 10), "25/100 runs, " + Duration(10) + ", " + Duration(30) + " left");
  EXPECT_EQ(RunsDone(0, 4, 0), "0/4 runs, " + Duration(0) + ", " + Duration(0) + " left");
}

}  // namespace
}  // namespace foothold::cli

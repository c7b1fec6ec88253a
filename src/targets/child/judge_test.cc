#include "targets/child/judge.h"

#include <gtest/gtest.h>

#include "foothold/env.h"
#include "targets/child/folder.h"

namespace foothold::child {
namespace {

ProcessResult Exited(int code, const std::string& out, const std::string& err = "") {
  ProcessResult process;
  process.exit_code = code;
  process.out = {out, out.size(), 0};
  process.err = {err, err.size(), 0};
  process.wall_seconds = 0.5;
  return process;
}

ProcessResult Ended(ProcessEnd end) {
  ProcessResult process;
  process.end = end;
  process.signal = 11;
  return process;
}

TEST(JudgeRun, BelievesTheReportOfASuccess) {
  const RunResult run = JudgeRun(Exited(0, "{\"seconds\": [0.25, 0.5]}\n"), {}, {});
  EXPECT_EQ(run.outcome(), Outcome::kCorrect);
  EXPECT_EQ(run.seconds, (std::vector<double>{0.25, 0.5}));
  EXPECT_EQ(run.metrics.at("process.wall_seconds"), 0.5);
}

TEST(JudgeRun, AReportWithoutSecondsIsNoSuccess) {
  const RunResult run = JudgeRun(Exited(0, "done\n"), {}, {});
  EXPECT_EQ(run.outcome(), Outcome::kRuntime);
  EXPECT_EQ(run.failure->stage, "run.result");
}

TEST(JudgeRun, WhoSaysThatItsOutputIsWrongIsWrong) {
  for (const std::string wrong : {R"({"seconds": 1, "correct": false})", R"({"correct": false})"}) {
    EXPECT_EQ(JudgeRun(Exited(0, wrong), {}, {}).outcome(), Outcome::kCorrectness) << wrong;
  }
}

TEST(JudgeRun, ExitCodesMeanWhatTheCallerSays) {
  const ExitMeanings exits = {{3, Outcome::kCorrectness}};
  EXPECT_EQ(JudgeRun(Exited(3, "", "sum is off\n"), {}, exits).outcome(), Outcome::kCorrectness);
  EXPECT_FALSE(MeansInfrastructure(exits, Exited(3, "")));
  EXPECT_TRUE(MeansInfrastructure({{3, std::nullopt}}, Exited(3, "")));
  EXPECT_FALSE(MeansInfrastructure({{3, std::nullopt}}, Ended(ProcessEnd::kSignalled)));
  const RunResult other = JudgeRun(Exited(4, "", "no idea\n"), {}, exits);
  EXPECT_EQ(other.outcome(), Outcome::kRuntime);
  EXPECT_EQ(other.failure->reason, "exited with code 4: no idea");
  EXPECT_EQ(other.failure->stage, "run.exit");
}

TEST(JudgeRun, LimitsAndSignals) {
  ProcessLimits limits;
  limits.wall_s = 2;
  const RunResult hung = JudgeRun(Ended(ProcessEnd::kWallLimit), limits, {});
  EXPECT_EQ(hung.outcome(), Outcome::kTimeout);
  EXPECT_EQ(JudgeRun(Ended(ProcessEnd::kSignalled), limits, {}).failure->stage, "run.signal");
}

TEST(JudgeBuild, NamesTheFirstError) {
  const BuildResult built =
      JudgeBuild(Exited(1, "", "a.c: in f\na.c:3: error: no x\na.c:4: error: no y\n"), {});
  const Failure failure = built.failure.value();
  EXPECT_FALSE(built.ok());
  EXPECT_EQ(failure.outcome, Outcome::kCompile);
  EXPECT_EQ(failure.stage, "build.exit");
  EXPECT_EQ(failure.reason, "exited with code 1: a.c:3: error: no x");
  ProcessLimits limits;
  limits.wall_s = 2;
  EXPECT_EQ(JudgeBuild(Ended(ProcessEnd::kWallLimit), limits).failure->stage, "build.timeout");
}

}  // namespace
}  // namespace foothold::child

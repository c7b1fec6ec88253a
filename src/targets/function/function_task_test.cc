#include "foothold/function_task.h"

#include <gtest/gtest.h>

#include "foothold/explanation.h"

namespace foothold::function {
namespace {

Space TwoByThree() { return Space::Create({{"a", {1, 2}}, {"b", {4, 8, 16}}}).value(); }

RunResult AreaBelow20(const Space& space, const Config& config) {
  const std::int64_t area = space.Value(config, "a") * space.Value(config, "b");
  if (area > 20) return Failed(Outcome::kRuntime, "area", "too large");
  return Took(1e-3 * static_cast<double>(area));
}

TEST(FunctionTask, CallsTheFunctionWithConfigAndOptions) {
  const Space space = TwoByThree();
  std::vector<double> timeouts;
  const auto task =
      MakeFunctionTask("area", space, [&](const Config& config, const RunOptions& options) {
        timeouts.push_back(options.timeout_s);
        return AreaBelow20(space, config);
      });
  EXPECT_EQ(std::get<Kernel>(task->workload().op).name, "area");
  EXPECT_TRUE(Validate(task->workload()).ok());

  const BuildResult good = task->Build(Config{{1, 1}});
  ASSERT_TRUE(good.ok());
  const RunResult run = task->Run(*good.program, {7.5, true});
  EXPECT_EQ(run.outcome(), Outcome::kCorrect);
  EXPECT_EQ(run.seconds, std::vector<double>{16e-3});
  EXPECT_EQ(timeouts, std::vector<double>{7.5});

  const BuildResult bad = task->Build(Config{{1, 2}});
  const RunResult failed = task->Run(*bad.program, {});
  EXPECT_EQ(failed.outcome(), Outcome::kRuntime);
  EXPECT_EQ(failed.failure->stage, "area");
}

TEST(FunctionTask, DependsOnTheProgramThatItsFunctionIsIn) {
  const auto task = MakeFunctionTask("area", TwoByThree(),
                                     [](const Config&, const RunOptions&) { return Took(1); });
  const Dependencies dependencies = task->DependsOn(*Env::Default()).value();
  EXPECT_TRUE(dependencies.at("the program").starts_with("sha256 "));
}

TEST(FunctionTask, TimesSayHowItIsMeasured) {
  const TunedFunction one = [](const Config&, const RunOptions&) { return Took(1); };
  const auto measured = MakeFunctionTask("f", TwoByThree(), one);
  EXPECT_TRUE(measured->traits().candidates_can_harm_host);
  EXPECT_FALSE(measured->traits().times_are_exact);
  const auto exact = MakeFunctionTask("f", TwoByThree(), one, FunctionTimes::kExact);
  EXPECT_FALSE(exact->traits().candidates_can_harm_host);
  EXPECT_TRUE(exact->traits().times_are_exact);
}

TEST(FunctionTask, ExplainsByTheValues) {
  const auto task =
      MakeFunctionTask("f", TwoByThree(), [](const Config&, const RunOptions&) { return Took(1); });
  EXPECT_EQ(ToText(task->Explain(Config{{0, 2}})),
            "workload  kernel f\nconfig    a=1 b=16  (index 4)\n");
}

TEST(FunctionTask, FailuresHaveTheErrorNumbersOfAutotvm) {
  EXPECT_EQ(MakeFailure(Outcome::kTimeout, "s", "r"), (Failure{Outcome::kTimeout, "s", "r"}));
  EXPECT_DEATH(MakeFailure(Outcome::kCorrect, "s", "r"), "no failure");
}

}  // namespace
}  // namespace foothold::function

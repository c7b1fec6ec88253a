// What the trials of the simulated board teach, against what its compiler says of other configs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/targets.h"
#include "report/rules/rules_report.h"

namespace foothold {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Random trials of a layer on the simulated board, as a tuning run's log has them.
RunLog SimulatedTrials(const TargetTask& task, std::size_t count) {
  RunLog run;
  run.header.target = "vta:pynq:extended";
  run.header.workload = task.workload();
  run.header.parameters = task.space().parameters();
  Rng rng(1);
  for (std::size_t i = 0; i < count; ++i) {
    TrialRecord& trial = run.trials.emplace_back();
    trial.trial = i;
    Measurement& measurement = trial.measurement;
    measurement.config = task.space().Sample(rng);
    const BuildResult build = task.Build(measurement.config);
    measurement.failure = build.failure;
    if (build.ok()) {
      const RunResult result = task.Run(*build.program, {.verify = false});
      measurement.seconds = result.seconds;
      measurement.failure = result.failure;
    }
  }
  return run;
}

// The rules of the scratchpads come out of a log, and hold for configs that are not in it.
TEST(RulesOfVta, AreThoseOfTheHardware) {
  const auto target = *MakeTarget(*Env::Default(), "vta:pynq:extended");
  const auto task = *target->Prepare(FindWorkloads("resnet18.C8")->front());
  const RunLog run = SimulatedTrials(*task, 2000);
  const RunLog* const runs[] = {&run};
  const report::RulesReport report = report::ReportRules(runs, task->KnownConstraints());
  const std::string text = ToText(report);
  EXPECT_THAT(text, HasSubstr("  tile_co * tile_ci * co_threads * wgt_buffers > 64\n"));
  EXPECT_THAT(text, HasSubstr("known: \"weight tiles fit the scratchpad\""));
  EXPECT_THAT(text, HasSubstr("  tile_co * co_threads > 16\n"));
  EXPECT_THAT(text, Not(HasSubstr("DISAGREES")));

  Rng rng(77);
  int matched = 0;
  int wrong = 0;
  int failed = 0;
  int explained = 0;
  for (int i = 0; i < 3000; ++i) {
    const Config config = task->space().Sample(rng);
    const auto values = task->space().Values(config);
    const bool matches = std::any_of(report.learned.begin(), report.learned.end(),
                                     [&](const auto& l) { return l.rule.Matches(values); });
    const bool builds = task->Build(config).ok();
    matched += matches ? 1 : 0;
    wrong += matches && builds ? 1 : 0;
    failed += builds ? 0 : 1;
    explained += matches && !builds ? 1 : 0;
  }
  EXPECT_GT(explained, 0.9 * failed) << explained << " of " << failed;
  EXPECT_LT(wrong, 0.005 * matched) << wrong << " of " << matched;
}

}  // namespace
}  // namespace foothold

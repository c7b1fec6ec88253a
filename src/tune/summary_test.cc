#include "tune/summary.h"

#include <gtest/gtest.h>

#include "measure/testing/formula_task.h"

namespace foothold {
namespace {

/// Trials with these times; 0 stands for one that failed.
RunLog RunWithTimes(const FormulaTask& task, const std::vector<double>& times) {
  RunLog run;
  run.header.workload = task.workload();
  run.header.parameters = task.space().parameters();
  for (std::uint64_t trial = 0; trial < times.size(); ++trial) {
    TrialRecord record;
    record.trial = trial;
    record.measurement.config = task.space().Unrank(trial);
    if (times[trial] > 0) {
      record.measurement.outcome = Outcome::kCorrect;
      record.measurement.seconds = {times[trial]};
    } else {
      record.measurement.outcome = Outcome::kCompile;
    }
    run.trials.push_back(record);
  }
  return run;
}

std::vector<std::uint64_t> Trials(const std::vector<SummaryRow>& rows) {
  std::vector<std::uint64_t> trials;
  for (const SummaryRow& row : rows) trials.push_back(row.trial);
  return trials;
}

TEST(Summary, TheFastestCorrectTrialsInOrder) {
  const FormulaTask task;
  const RunLog run = RunWithTimes(task, {5e-6, 0, 2e-6, 3e-6, 0, 2e-6, 9e-6});
  EXPECT_EQ(Trials(BestTrials(run, {}, 3)), (std::vector<std::uint64_t>{2, 5, 3}));
  EXPECT_EQ(Trials(BestTrials(run, {}, 100)), (std::vector<std::uint64_t>{2, 5, 3, 0, 6}));
  EXPECT_TRUE(BestTrials(run, {}, 0).empty());
  EXPECT_TRUE(BestTrials(RunWithTimes(task, {0, 0}), {}, 5).empty());
}

TEST(Summary, ARowSaysHowGoodTheScheduleIs) {
  const FormulaTask task;
  const RunLog run = RunWithTimes(task, {4e-6});
  const HardwareLimits limits = LimitsOf(task);
  const std::vector<SummaryRow> rows = BestTrials(run, limits, 1);
  ASSERT_EQ(rows.size(), 1u);
  const double operations = static_cast<double>(OperationCount(task.workload()));
  EXPECT_EQ(rows[0].config, task.space().Unrank(0));
  EXPECT_EQ(rows[0].values, task.space().ToString(task.space().Unrank(0)));
  EXPECT_DOUBLE_EQ(rows[0].seconds, 4e-6);
  EXPECT_DOUBLE_EQ(rows[0].gops, operations / 4e-6 * 1e-9);
  EXPECT_DOUBLE_EQ(rows[0].share_of_peak.value(), operations / 4e-6 / 4e6);
  EXPECT_DOUBLE_EQ(rows[0].share_of_roofline.value(), 0.25);
}

TEST(Summary, UnknownLimitsGiveNoShares) {
  const FormulaTask task;
  const std::vector<SummaryRow> rows = BestTrials(RunWithTimes(task, {4e-6}), {}, 1);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].share_of_peak, std::nullopt);
  EXPECT_EQ(rows[0].share_of_roofline, std::nullopt);
}

}  // namespace
}  // namespace foothold

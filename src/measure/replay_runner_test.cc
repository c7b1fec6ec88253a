#include "measure/replay_runner.h"

#include <gtest/gtest.h>

#include <vector>

namespace foothold::measure {
namespace {

Config Numbered(std::uint32_t number) {
  Config config;
  config.choices = {number};
  return config;
}

/// A trial of config N takes N seconds to build and 10 to run; a build alone takes N.
Replay Known() {
  Replay replay;
  replay.measure = [](const Config& config) {
    Measurement measurement;
    measurement.config = config;
    measurement.seconds = {1e-3};
    measurement.build_seconds = config.choices[0];
    measurement.run_seconds = 10;
    return measurement;
  };
  replay.build = [](const Config& config) {
    BuildReport report;
    report.config = config;
    report.seconds = config.choices[0];
    return report;
  };
  return replay;
}

TEST(ReplayRunner, AnswersInOrderAndAdvancesTheClock) {
  VirtualClock clock;
  const auto runner = MakeReplayRunner(Known(), clock);
  const std::vector<Config> configs = {Numbered(3), Numbered(1)};
  const MeasuredBatch measured = runner->Measure(configs, [] { return false; });
  ASSERT_EQ(measured.measurements.size(), 2U);
  EXPECT_EQ(measured.measurements[0].config, configs[0]);
  EXPECT_EQ(measured.measurements[1].config, configs[1]);
  EXPECT_TRUE(measured.status.ok());
  EXPECT_EQ(clock.MonotonicSeconds(), 3 + 10 + 1 + 10);
  const BuiltBatch built = runner->Build(configs, [] { return false; });
  ASSERT_EQ(built.reports.size(), 2U);
  EXPECT_EQ(built.reports[1].config, configs[1]);
  EXPECT_EQ(clock.MonotonicSeconds(), 24 + 3 + 1);
}

TEST(ReplayRunner, TheTrialThatCrossesALimitIsTheLast) {
  VirtualClock clock;
  const auto runner = MakeReplayRunner(Known(), clock);
  const std::vector<Config> configs = {Numbered(1), Numbered(1), Numbered(1)};
  const auto is_late = [&] { return clock.MonotonicSeconds() >= 15; };
  EXPECT_EQ(runner->Measure(configs, is_late).measurements.size(), 2U);
  EXPECT_EQ(clock.MonotonicSeconds(), 22);
  EXPECT_TRUE(runner->Build(configs, is_late).reports.empty());
}

}  // namespace
}  // namespace foothold::measure

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "foothold/record.h"
#include "records/log/testing.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using testing::FailedTrial;
using testing::SomeBuild;
using testing::SomeRun;

TrialRecord OfSeveralRuns() {
  TrialRecord record = CorrectTrial(1, {{0}});
  record.measurement.seconds = {0.5, 0.25, 0.125};
  record.measurement.times_per_run = {2, 1};
  return record;
}

FinalRecord SomeFinal() { return {2, {{1, true, {0.5, 0.25}}, {1, false, {1}}}, 1700000004}; }

DemotedRecord SomeDemotion() {
  return {0, 2, {Outcome::kRuntime, "run.crash", "was correct, and crashed"}, 1700000005};
}

/// Two runs that interleave; one with an unfinished trial, a withdrawn and a demoted one, the other
/// with a final.
std::string SomeLog(bool with_demotion = true) {
  const RunHeader first = SomeRun();
  RunHeader second = SomeRun();
  second.workload = FindWorkloads("lstm.dense")->front();
  second.seed = 2;
  second.options.clear();
  second.machine.clear();
  second.parameters = {{"only", {5}}};
  second.wall_clock = 0;
  second.device_numbers.clear();
  second.dependencies.reset();
  std::string text;
  text += ToJsonLine(first, 1) + "\n";
  text += ToJsonLine(StartedRecord{0, {{0, 1}}}, 1, first.parameters) + "\n";
  text += ToJsonLine(StartedRecord{1, {{2, 0}}}, 1, first.parameters) + "\n";
  text += ToJsonLine(CorrectTrial(0, {{0, 1}}), 1, first.parameters) + "\n";
  text += ToJsonLine(SomeBuild(0, {{2, 1}}, true), 1, first.parameters) + "\n";
  text += ToJsonLine(second, 2) + "\n";
  text += ToJsonLine(FailedTrial(0, {{0}}, Outcome::kCompile), 2, second.parameters) + "\n";
  text += ToJsonLine(FailedTrial(1, {{2, 0}}, Outcome::kTimeout), 1, first.parameters) + "\n";
  text += ToJsonLine(StartedRecord{3, {{1, 0}}}, 1, first.parameters) + "\n";
  text += ToJsonLine(WithdrawnRecord{3}, 1) + "\n";
  text += ToJsonLine(StartedRecord{2, {{1, 1}}}, 1, first.parameters) + "\n";
  text += ToJsonLine(SomeBuild(1, {{1, 0}}, false), 1, first.parameters) + "\n";
  text += ToJsonLine(OfSeveralRuns(), 2, second.parameters) + "\n";
  text += ToJsonLine(SomeFinal(), 2) + "\n";
  if (with_demotion) text += ToJsonLine(SomeDemotion(), 1) + "\n";
  return text;
}

TEST(LogLines, AreGolden) {
  EXPECT_EQ(SomeLog(), testing::ProjectFile("src/records/log/testdata/record_log.golden"));
}

TEST(LogLines, OfVersion1AreReadAsEver) {
  const auto old =
      ParseLog(testing::ProjectFile("src/records/log/testdata/record_log_v1.golden"), "log");
  ASSERT_TRUE(old.ok()) << old.status().message();
  EXPECT_TRUE(old->damaged.empty());
  EXPECT_EQ(ToJsonLines(*old), ToJsonLines(*ParseLog(SomeLog(false), "log")));
}

/// What ParseLog returns says the same as the text it was given.
std::string WrittenAgain(const LogContents& contents) {
  std::string text;
  for (const RunLog& run : contents.runs) {
    const std::vector<Parameter>& parameters = run.header.parameters;
    text += ToJsonLine(run.header, run.run) + "\n";
    for (const TrialRecord& trial : run.trials) {
      text += ToJsonLine(trial, run.run, parameters) + "\n";
    }
    for (const BuildRecord& build : run.builds) {
      text += ToJsonLine(build, run.run, parameters) + "\n";
    }
    for (const StartedRecord& started : run.unfinished) {
      text += ToJsonLine(started, run.run, parameters) + "\n";
    }
    for (const FinalRecord& final : run.finals) text += ToJsonLine(final, run.run) + "\n";
  }
  return text;
}

TEST(LogLines, ReadBackTheSame) {
  const auto contents = ParseLog(SomeLog(), "log");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_FALSE(contents->repaired.has_value());
  EXPECT_EQ(contents->intact_bytes, SomeLog().size());
  ASSERT_EQ(contents->runs.size(), 2U);
  const RunLog& first = contents->runs[0];
  const RunHeader expected = SomeRun();
  EXPECT_EQ(first.run, 1U);
  EXPECT_EQ(first.header.workload, expected.workload);
  EXPECT_EQ(first.header.seed, expected.seed);
  EXPECT_EQ(first.header.options, expected.options);
  EXPECT_EQ(first.header.machine, expected.machine);
  EXPECT_EQ(first.header.parameters, expected.parameters);
  EXPECT_EQ(first.header.wall_clock, expected.wall_clock);
  ASSERT_EQ(first.trials.size(), 2U);
  EXPECT_EQ(first.trials[0].measurement.config, (Config{{0, 1}}));
  EXPECT_EQ(first.trials[0].measurement.failure, SomeDemotion().failure);
  ASSERT_EQ(first.demotions.size(), 1U);
  EXPECT_EQ(first.demotions[0].measured.seconds, CorrectTrial(0, {{0, 1}}).measurement.seconds);
  EXPECT_EQ(first.trials[0].measurement.metrics, CorrectTrial(0, {{0, 1}}).measurement.metrics);
  EXPECT_EQ(first.trials[1].measurement.outcome(), Outcome::kTimeout);
  EXPECT_EQ(first.trials[1].measurement.failure->stage, "lower.dma");
  ASSERT_EQ(first.unfinished.size(), 1U);
  EXPECT_EQ(first.unfinished[0].trial, 2U);
  EXPECT_EQ(first.unfinished[0].config, (Config{{1, 1}}));
  const RunLog& second = contents->runs[1];
  ASSERT_EQ(second.trials.size(), 2U);
  EXPECT_TRUE(first.trials[0].measurement.times_per_run.empty());
  EXPECT_EQ(second.trials[1].measurement.times_per_run, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(second.trials[1].measurement.RunSeconds(), (std::vector<double>{0.375, 0.125}));
  ASSERT_EQ(second.finals.size(), 1U);
  EXPECT_EQ(second.finals[0].trials, 2U);
  ASSERT_EQ(second.finals[0].finalists.size(), 2U);
  EXPECT_TRUE(second.finals[0].finalists[0].tied);
  EXPECT_EQ(second.finals[0].finalists[0].seconds, (std::vector<double>{0.5, 0.25}));
  EXPECT_FALSE(second.finals[0].finalists[1].tied);
  ASSERT_EQ(first.builds.size(), 2U);
  EXPECT_TRUE(first.builds[0].report.ok());
  EXPECT_EQ(first.builds[0].report.metrics, SomeBuild(0, {}, true).report.metrics);
  EXPECT_EQ(first.builds[0].report.config, (Config{{2, 1}}));
  EXPECT_EQ(first.builds[0].report.seconds, 0.25);
  ASSERT_FALSE(first.builds[1].report.ok());
  EXPECT_EQ(first.builds[1].report.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(first.builds[1].report.failure->stage, "lower.dma");

  const auto again = ParseLog(WrittenAgain(*contents), "log");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(WrittenAgain(*again), WrittenAgain(*contents));
}

std::uint64_t Bits(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

TEST(LogLines, DoublesReadBackBitForBit) {
  const RunHeader header = SomeRun();
  Rng rng(1);
  std::vector<double> values = {0.0,
                                -0.0,
                                0.1,
                                1e-5,
                                1e15,
                                1e16,
                                123456789012345680.0,
                                9e-320,
                                5e-324,
                                std::numeric_limits<double>::max(),
                                4294967296.0};
  while (values.size() < 5000) {
    const std::uint64_t bits = rng.Next();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) values.push_back(value);
  }
  TrialRecord record = CorrectTrial(0, {{0, 0}});
  record.measurement.metrics.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    record.measurement.metrics[std::to_string(i)] = values[i];
  }
  const auto contents = ParseLog(
      ToJsonLine(header, 1) + "\n" + ToJsonLine(record, 1, header.parameters) + "\n", "log");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  const Metrics& read = contents->runs[0].trials[0].measurement.metrics;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(Bits(read.at(std::to_string(i))), Bits(values[i])) << values[i];
  }
}

TEST(LogLines, BytesThatAreNotTextDoNotBreakTheLog) {
  const RunHeader header = SomeRun();
  TrialRecord record = FailedTrial(0, {{0, 0}}, Outcome::kRuntime);
  record.measurement.failure->reason = "a\nb\x01\xff";
  const auto contents = ParseLog(
      ToJsonLine(header, 1) + "\n" + ToJsonLine(record, 1, header.parameters) + "\n", "log");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_EQ(contents->runs[0].trials[0].measurement.failure->reason, "a\nb\x01\xef\xbf\xbd");
}

}  // namespace
}  // namespace foothold::records

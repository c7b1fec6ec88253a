#include "studies/peers/cpu_benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "targets/child/folder.h"

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;

Workload Parsed(const char* text) { return ParseInlineWorkload(text).value(); }

CpuBenchmarkRow Row(double ours, std::optional<double> any, std::optional<double> plain) {
  CpuBenchmarkRow row;
  row.workload = Parsed("conv2d:1x4x8x8,4,3x3,float32");
  row.times["foothold"].seconds = {ours, 2 * ours, 2 * ours};
  const auto add = [&](const char* name, std::optional<double> seconds) {
    if (seconds) row.times[name].seconds = {*seconds, *seconds, *seconds};
    if (!seconds) row.times[name].skipped = "not here";
  };
  add("onednn", any);
  add("onednn-plain", plain);
  add("openblas", std::nullopt);
  return row;
}

TEST(CpuBenchmark, RatiosAreOfTheFastestRoundsAndTheBetterPeer) {
  const CpuBenchmarkRow row = Row(1.0, 0.5, 4.0);
  EXPECT_EQ(row.BestPeer(true), "onednn");
  EXPECT_EQ(row.Ratio("onednn"), 0.5);
  EXPECT_EQ(row.MedianRatio("onednn"), 0.25);
  EXPECT_EQ(row.BestPeer(false), "onednn-plain");
  EXPECT_EQ(row.Ratio("onednn-plain"), 4.0);
  EXPECT_EQ(row.Ratio("openblas"), std::nullopt);
}

TEST(CpuBenchmark, GeometricMean) {
  EXPECT_DOUBLE_EQ(*GeometricMean({0.5, 2.0}), 1.0);
  EXPECT_DOUBLE_EQ(*GeometricMean({4.0}), 4.0);
  EXPECT_EQ(GeometricMean({}), std::nullopt);
}

TEST(CpuBenchmark, TablesNameWhatWasSkipped) {
  CpuBenchmark benchmark;
  benchmark.rows = {Row(1.0, 0.5, 4.0), Row(1.0, 2.0, 4.0)};
  EXPECT_THAT(ToPage(benchmark).ToText(),
              HasSubstr("ratio to the better peer: 1.000; of medians: 0.500"));
  EXPECT_THAT(ToPage(benchmark).ToText(), HasSubstr("openblas skipped: not here"));
  EXPECT_THAT(ToPage(benchmark).ToMarkdown(), HasSubstr("layouts: 4.000"));
  EXPECT_EQ(base::Json::Parse(ToPage(benchmark).ToJson()).value()["data"]["rows"][1]["ratio"], 2.0);
}

TEST(CpuBenchmark, WithoutPeersEveryPeerIsSkipped) {
  Env& env = *Env::Default();
  const auto directory = child::OwnedFolder::Create(env, "foothold-test-");
  ASSERT_TRUE(directory.ok());
  CpuBenchmarkOptions options;
  options.trials = 4;
  options.searcher = "random";
  options.rounds = 1;
  options.log = directory->path() + "/log.jsonl";
  const std::atomic<bool> never = false;
  const auto benchmark = RunCpuBenchmark(
      env, {Parsed("dense:8x16,16,float32")}, options, [](const std::string&) {}, never);
  ASSERT_TRUE(benchmark.ok()) << benchmark.status().message();
  const CpuBenchmarkRow& row = benchmark->rows.at(0);
  EXPECT_EQ(row.trials, 4U);
  EXPECT_EQ(row.times.at("foothold").seconds.size(), 1U);
  EXPECT_EQ(row.times.at("onednn").skipped, "there is no program cpu_peers");
  EXPECT_EQ(row.BestPeer(true), "");
}

// Also what the figures rest on: that everybody computes the same.
TEST(CpuPeers, ComputeWhatTheReferenceComputes) {
  for (const auto& [peer, unused] : CpuPeers()) {
    for (const char* workload : {"conv2d:2x5x9x8,7,3x3,pad=1,stride=2,float32",
                                 "conv2d:1x16x7x7,32,1x1,float32", "dense:5x33,17,float32"}) {
      ProcessCommand command;
      command.argv = {FOOTHOLD_CPU_PEERS, peer, workload, "1", "verify"};
      const auto process = Env::Default()->RunProcess(command, nullptr);
      ASSERT_TRUE(process.ok()) << process.status().message();
      if (process->exit_code == 69) continue;  // a build without the library
      EXPECT_EQ(process->exit_code, 0) << peer << " " << workload;
      EXPECT_THAT(process->out.text, HasSubstr("\"correct\": true")) << peer << " " << workload;
    }
  }
}

}  // namespace
}  // namespace foothold::studies

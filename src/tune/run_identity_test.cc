#include "tune/run_identity.h"

#include <gtest/gtest.h>

#include "measure/testing/formula_task.h"

namespace foothold {
namespace {

class RunIdentityTest : public testing::Test {
 protected:
  RunHeader Header() const { return DescribeRun(task_, "formula", "random", {}, *Env::Default()); }
  /// Where a log with these headers has the run of Header().
  std::optional<std::size_t> Find(const std::vector<RunHeader>& headers) const {
    LogContents log;
    for (const RunHeader& header : headers) {
      log.runs.push_back({log.runs.size() + 1, header, {}, {}, {}});
    }
    const auto found = FindRun(log, "log", Header());
    EXPECT_TRUE(found.ok()) << found.status().message();
    return found.ok() ? *found : std::nullopt;
  }

  FormulaTask task_;
};

TEST_F(RunIdentityTest, WhatChangesTheResultIsAnotherRun) {
  EXPECT_EQ(Find({}), std::nullopt);
  EXPECT_EQ(Find({Header()}), 0u);
  std::vector<RunHeader> others(6, Header());
  others[0].target = "vta";
  others[1].workload.name = "another";
  others[2].workload.op = Dense{1, 2, 3};
  others[3].searcher = "grid";
  others[4].seed = 9;
  others[5].options["batch_size"] = "9";
  for (const RunHeader& other : others) EXPECT_EQ(Find({other}), std::nullopt);
}

TEST_F(RunIdentityTest, WhatWasLearnedFromIsPartOfIt) {
  EarlierRun earlier{"formula", {}, task_.workload(), task_.space().parameters(), {}};
  Measurement& trial = earlier.trials.emplace_back();
  trial.config = task_.space().AtIndex(0);
  trial.outcome = Outcome::kCorrect;
  trial.seconds = {0.5};
  const auto header = [&] {
    TunerOptions options;
    options.earlier_runs = {earlier};
    return DescribeRun(task_, "formula", "random", options, *Env::Default());
  };
  const RunHeader warm = header();
  EXPECT_TRUE(warm.options.at("earlier_runs").starts_with("1 trials and 0 builds of 1 runs, crc32"))
      << warm.options.at("earlier_runs");
  EXPECT_EQ(Find({warm}), std::nullopt);
  EXPECT_EQ(header().options, warm.options);
  trial.seconds = {0.25};
  EXPECT_NE(header().options, warm.options);
}

TEST_F(RunIdentityTest, WhereAndWhenItRanIsNot) {
  RunHeader elsewhere = Header();
  elsewhere.machine = {{"host", "elsewhere"}};
  elsewhere.wall_clock = 5;
  elsewhere.foothold_version = "0.0.1";
  EXPECT_EQ(Find({elsewhere}), 0u);
}

TEST_F(RunIdentityTest, TheLastOfSeveralIsFound) {
  RunHeader other = Header();
  other.seed = 9;
  EXPECT_EQ(Find({Header(), other, Header(), other}), 2u);
}

TEST_F(RunIdentityTest, OtherParametersAreAnError) {
  LogContents log;
  log.runs.push_back({3, Header(), {}, {}, {}});
  log.runs[0].header.foothold_version = "0.0.1";
  log.runs[0].header.parameters.pop_back();
  const auto found = FindRun(log, "dir/tune.jsonl", Header());
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(found.status().message(),
            "dir/tune.jsonl: run 3 was recorded over other parameters by version 0.0.1; this is "
            "version " +
                Header().foothold_version + ": use another log");
}

TEST_F(RunIdentityTest, OnlyWhatChangesTheSequenceIsAmongTheOptions) {
  TunerOptions options;
  options.trials = 7;
  options.jobs = 3;
  options.max_seconds = 5;
  options.retry_unfinished = true;
  EXPECT_EQ(DescribeRun(task_, "formula", "random", options, *Env::Default()).options,
            Header().options);
  options.timeout_s = 0.125;
  EXPECT_EQ(DescribeRun(task_, "formula", "random", options, *Env::Default()).options["timeout_s"],
            "0.125");
}

}  // namespace
}  // namespace foothold

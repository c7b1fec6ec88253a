#include "tune/run_identity.h"

#include <gtest/gtest.h>

#include "core/target/dependencies.h"
#include "measure/testing/formula_task.h"
#include "records/log/changes.h"

namespace foothold::tune {
namespace {

class RunIdentityTest : public ::testing::Test {
 protected:
  RunHeader Header() const {
    return DescribeRun(task_, "formula", "random", {}, *Env::Default()).value();
  }
  /// Where a log with these headers has the run of Header().
  std::optional<std::size_t> Find(const std::vector<RunHeader>& headers,
                                  Resume resume = Resume::kUnchanged) const {
    LogContents log;
    for (const RunHeader& header : headers) {
      log.runs.push_back({log.runs.size() + 1, header, {}, {}, {}});
    }
    const auto found = FindRun(log, "log", Header(), resume);
    EXPECT_TRUE(found.ok()) << found.status().message();
    return found.ok() ? found->index : std::nullopt;
  }

  measure::FormulaTask task_;
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
  trial.seconds = {0.5};
  const auto header = [&] {
    TunerOptions options;
    options.earlier_runs = {earlier};
    return DescribeRun(task_, "formula", "random", options, *Env::Default()).value();
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

TEST_F(RunIdentityTest, WhatItDependsOnIsPartOfIt) {
  EXPECT_EQ(Header().dependencies->at("formula"), "1");
  RunHeader edited = Header();
  edited.dependencies->at("formula") = "0";
  EXPECT_EQ(Find({edited}), std::nullopt);
  EXPECT_EQ(Find({edited}, Resume::kIgnoreChanges), 0u);
  EXPECT_EQ(Find({Header(), edited}), 0u) << "sources that were put back to what they were";
  EXPECT_EQ(Find({Header(), edited}, Resume::kIgnoreChanges), 1u) << "the last one, whatever it is";
  EXPECT_EQ(Find({Header()}, Resume::kNever), std::nullopt);
  RunHeader unknown = Header();
  unknown.dependencies.reset();
  EXPECT_EQ(Find({unknown}), 0u);
  EXPECT_EQ(Find({unknown, edited}), std::nullopt) << "the later one is known to be another";
  RunHeader other = Header();
  other.parameters.pop_back();
  EXPECT_EQ(Find({other}), std::nullopt);
}

TEST_F(RunIdentityTest, SaysSinceWhichRunWhatHasChanged) {
  LogContents log;
  for (const char* version : {"-1", "0"}) {
    log.runs.push_back({log.runs.size() + 1, Header(), {}, {}, {}});
    log.runs.back().header.dependencies->at("formula") = version;
  }
  const FoundRun found = FindRun(log, "log", Header(), Resume::kUnchanged).value();
  EXPECT_EQ(found.changed_since, 1u);
  ASSERT_EQ(found.changes.size(), 1u);
  EXPECT_EQ(ToString(found.changes[0]), "formula (0 -> 1)");
  log.runs.push_back({3, Header(), {}, {}, {}});
  EXPECT_EQ(FindRun(log, "log", Header(), Resume::kUnchanged)->changed_since, std::nullopt);
}

TEST_F(RunIdentityTest, ARunLearnsFromOtherVersionsInItsOwnLog) {
  LogContents log;
  const auto add = [&](RunHeader header) {
    Measurement trial;
    trial.config = task_.space().AtIndex(0);
    log.runs.push_back({log.runs.size() + 1, std::move(header), {{0, trial, 0}}, {}, {}});
  };
  add(Header());
  add(Header());
  log.runs[1].header.dependencies->at("formula") = "0";
  add(Header());
  log.runs[2].header.workload.name = "another layer";
  log.runs[2].header.dependencies->at("formula") = "0";
  add(Header());
  log.runs[3].header.parameters[0].values.pop_back();
  const auto runs = RunsOfOtherVersions(log, Header());
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].parameters, log.runs[1].header.parameters);
  EXPECT_EQ(runs[1].parameters, log.runs[3].header.parameters);
}

TEST_F(RunIdentityTest, AFileThatAppearedWasMissingUnlessATrialWasCorrectWithoutIt) {
  RunHeader header = Header();
  header.dependencies->emplace("out", target::kAbsentFile);
  RunHeader now = Header();
  now.dependencies->emplace("out", "sha256 12");
  LogContents log;
  log.runs.push_back({1, header, {}, {}, {}});
  Measurement trial;
  trial.config = task_.space().AtIndex(0);
  trial.failure = {Outcome::kRuntime, "run.exit", "crashed"};
  log.runs[0].trials.push_back({0, trial, 0});
  const FoundRun another = FindRun(log, "log", now, Resume::kUnchanged).value();
  EXPECT_EQ(another.index, std::nullopt);
  EXPECT_EQ(records::ListOf(another.changes), "out (new)");
  EXPECT_EQ(FindRun(log, "log", header, Resume::kUnchanged)->index, 0u);
  EXPECT_EQ(RunsOfOtherVersions(log, now).size(), 1u);
  log.runs[0].trials[0].measurement.failure.reset();
  EXPECT_EQ(FindRun(log, "log", now, Resume::kUnchanged)->index, 0u);
  EXPECT_EQ(RunsOfOtherVersions(log, now).size(), 0u);
}

TEST_F(RunIdentityTest, OnlyWhatChangesTheSequenceIsAmongTheOptions) {
  TunerOptions options;
  options.trials = 7;
  options.jobs = 3;
  options.max_seconds = 5;
  options.retry_unfinished = true;
  EXPECT_EQ(DescribeRun(task_, "formula", "random", options, *Env::Default()).value().options,
            Header().options);
  options.timeout_s = 0.125;
  EXPECT_EQ(DescribeRun(task_, "formula", "random", options, *Env::Default())
                .value()
                .options["timeout_s"],
            "0.125");
}

}  // namespace
}  // namespace foothold::tune

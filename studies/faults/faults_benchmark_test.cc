#include "studies/faults/faults_benchmark.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "base/json.h"

namespace foothold::studies {
namespace {

/// One of each sort; all with FOOTHOLD_ALL_FAULTS=1, as `foothold-study faults` does.
TEST(FaultsBenchmark, EveryKindEndsRight) {
  FaultsBenchmarkOptions options;
  options.program = FOOTHOLD_MISBEHAVE;
  const bool all = std::getenv("FOOTHOLD_ALL_FAULTS") != nullptr;
  options.kinds = {
      "signal_11",        "exit_1",        "hang",          "leave_daemon", "kill_keeper",
      "stop_keeper",      "garble_keeper", "remove_folder", "nest_folders", "print_nan",
      "print_many_times", "print_wrong",   "kill_tuner"};
  if (all) options.kinds = {};
  const auto rows = RunFaultsBenchmark(*Env::Default(), options);
  ASSERT_TRUE(rows.ok()) << rows.status().message();
  if (all) std::printf("%s", ToPage(*rows).ToText().c_str());
  std::set<std::string> names;
  for (const FaultsBenchmarkRow& row : *rows) {
    EXPECT_TRUE(row.all_right()) << row.kind << ": " << row.error;
    EXPECT_EQ(row.error, "") << row.kind;
    EXPECT_EQ(row.faults, 2);
    names.insert(row.kind.substr(0, row.kind.find(' ')));
  }
  if (all) return;
  EXPECT_EQ(names, std::set<std::string>(options.kinds.begin(), options.kinds.end()));
}

/// With this seed the config that kills the tuner is the last one: the resumed run has nothing left
/// to run, and still clears up.
TEST(FaultsBenchmark, NothingIsLeftWhereNothingIsLeftToRun) {
  FaultsBenchmarkOptions options;
  options.program = FOOTHOLD_MISBEHAVE;
  options.kinds = {"kill_tuner"};
  options.runs = 3;
  options.seed = 11;
  const auto rows = RunFaultsBenchmark(*Env::Default(), options);
  ASSERT_TRUE(rows.ok()) << rows.status().message();
  EXPECT_EQ(rows->at(0).clean, 3) << rows->at(0).error;
}

TEST(FaultsBenchmark, ThereAreManyKinds) {
  std::set<std::string> names;
  for (const FaultKind& kind : FaultKinds()) {
    EXPECT_FALSE(kind.becomes.empty()) << kind.name;
    names.insert(kind.name);
  }
  EXPECT_GE(names.size(), 130U);
}

TEST(FaultsBenchmark, AProgramThatIsNotThereIsAnError) {
  FaultsBenchmarkOptions options;
  options.program = "/no/such/program";
  const auto rows = RunFaultsBenchmark(*Env::Default(), options);
  ASSERT_FALSE(rows.ok());
  EXPECT_NE(rows.status().message().find("/no/such/program"), std::string::npos);
}

TEST(FaultsBenchmark, ARunThatFailsIsNotRight) {
  FaultsBenchmarkRow row;
  row.kind = "crash";
  row.runs = row.ended = row.best = row.clean = 3;
  row.complete = 2;
  row.becomes = {{"runtime, run.signal", 8}, {"timeout", 1}};
  row.error = "disk full";
  EXPECT_FALSE(row.all_right());
  const std::string text = ToPage({row}).ToText();
  EXPECT_NE(text.find("8 x runtime, run.signal; 1 x timeout  WRONG: disk full"), std::string::npos)
      << text;
  EXPECT_NE(text.find("0 of 1 kinds are right in all of 3 runs"), std::string::npos) << text;
  const base::Json json = base::Json::Parse(ToPage({row}).ToJson()).value()["data"];
  EXPECT_EQ(json.at(0).at("complete"), 2);
  EXPECT_EQ(json.at(0).at("error"), "disk full");
}

}  // namespace
}  // namespace foothold::studies

#include "foothold/explanation.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/target/explanation_json.h"

namespace foothold::target {
namespace {

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = FOOTHOLD_SOURCE_DIR "/src/core/target/testdata/" + name;
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) {
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(path, text).ok());
  }
  EXPECT_EQ(text, Env::Default()->ReadFile(path).value()) << "FOOTHOLD_APPROVE=1 accepts it";
}

/// Something of everything but a failure.
Explanation Everything() {
  Explanation e;
  e.workload = "dense 1x256 -> 512";
  e.target = "toy:one";
  e.is_replayed = true;
  e.config = "tile=4 threads=2";
  e.index = 17;
  e.seconds = 0.004942728;
  e.host_seconds = 8.1e-5;
  e.gops = 46.778;
  e.share_of_peak = 0.9136;
  e.share_of_roofline = 0.8287;
  e.cycles = 486153;
  e.bound = "GEMM";
  e.next_bound = "weight loads";
  e.works = {{"load", "weight loads", 64, 166592, 589824, {0.4941, 0}},
             {"load", "input loads", 64, 71744, 200704, {0.1, 0.2}},
             {"compute", "GEMM", 1064, 452864, 0, {0, 1.0 / 3}}};
  e.units = {{"load", 238346, 83, 1, 234436, 2, 3}, {"compute", 476514, 79, 2850, 6710, 4, 5}};
  e.piece_cycles = 4096;
  e.facts = {{"lanes", std::int64_t{1024}},
             {"cost", 0.131125, "s"},
             {"device", std::string("A GPU")},
             {"max group", std::vector<std::int64_t>{64, 2, 1}, "items"},
             {"run", std::vector<std::string>{"./a.out", "--tile=4"}}};
  e.metrics = {{"cycles", 486153}, {"occupancy", 0.25}};
  e.notes = {"scratchpads: input 25 %"};
  e.source = "int main() {}\n";
  return e;
}

TEST(Explanation, TextMatchesItsGoldenFile) {
  ExpectGolden("explanation.txt", ToText(Everything()));
}

TEST(Explanation, JsonMatchesItsGoldenFile) {
  ExpectGolden("explanation.json", ExplanationJson(Everything()).Dump(1) + "\n");
  EXPECT_EQ(ToJson(Everything()), ExplanationJson(Everything()).Dump());
}

TEST(Explanation, LeavesOutWhatIsNotKnown) {
  Explanation e;
  e.workload = "kernel blur";
  e.config = "a=1";
  EXPECT_EQ(ToText(e), "workload  kernel blur\nconfig    a=1  (index 0)\n");
  EXPECT_EQ(ToJson(e), R"({"workload":"kernel blur","config":"a=1","index":0})");
}

TEST(Explanation, MetricsAreListedWhereNoNotesAre) {
  Explanation e = Everything();
  EXPECT_EQ(ToText(e).find("occupancy"), std::string::npos);
  e.notes.clear();
  e.cycles = 0;
  EXPECT_NE(ToText(e).find("\n  occupancy                     0.25\n"), std::string::npos);
}

TEST(Explanation, OfAFailureSaysStageAndReason) {
  Explanation e;
  e.failure = Failure{Outcome::kRuntime, "run", "exit code 3"};
  EXPECT_NE(ToText(e).find("outcome   runtime at run: exit code 3\n"), std::string::npos);
  EXPECT_EQ(ExplanationJson(e)["stage"], "run");
  EXPECT_EQ(ExplanationJson(e)["reason"], "exit code 3");
  EXPECT_FALSE(ExplanationJson(e).contains("seconds"));
}

/// A task that says nothing of its own.
class PlainTask : public TargetTask {
 public:
  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  const TaskTraits& traits() const override { return given; }
  BuildResult Build(const Config&) const override { return {}; }
  RunResult Run(const Program&, const RunOptions&) const override { return {}; }

  TaskTraits given;

 private:
  Workload workload_{"d", Dense{1, 16, 16}, {}};
  Space space_ =
      Space::Create({{"a", {1, 2, 3}}},
                    {Constraint::Where("a is not 2", {"a"}, [](auto v) { return v[0] != 2; })})
          .value();
};

TEST(Explanation, OfATaskThatSaysNothingNamesTheConfigAndWhatItBreaks) {
  PlainTask task;
  task.given.target = "plain";
  const Explanation valid = task.Explain({{2}});
  EXPECT_EQ(ToText(valid),
            "workload  dense 1x16 -> 16\ntarget    plain\nconfig    a=3  (index 2)\n");
  const Explanation broken = task.Explain({{1}});
  EXPECT_EQ(broken.failure.value().outcome, Outcome::kConstraints);
  EXPECT_NE(ToText(broken).find("outcome   constraints: a is not 2\n"), std::string::npos);
}

TEST(Explanation, SecondsAreComparedWithWhatTheTaskKnows) {
  PlainTask task;
  Explanation unknown;
  SetSeconds(task, 1e-6, unknown);
  EXPECT_EQ(unknown.seconds, 1e-6);
  EXPECT_DOUBLE_EQ(unknown.gops, 0.512);
  EXPECT_EQ(unknown.share_of_peak, 0);
  EXPECT_EQ(unknown.share_of_roofline, 0);
  task.given.peak_operations_per_second = 1.024e9;
  task.given.roofline_seconds = 2e-7;
  Explanation known;
  SetSeconds(task, 1e-6, known);
  EXPECT_DOUBLE_EQ(known.share_of_peak, 0.5);
  EXPECT_DOUBLE_EQ(known.share_of_roofline, 0.2);
  Explanation at_once;
  SetSeconds(task, 0, at_once);
  EXPECT_EQ(at_once.gops, 0) << "of no time there is no rate";
}

TEST(TaskTraits, OfATaskThatSaysNothingAreCautious) {
  const TaskTraits unknown;
  EXPECT_TRUE(unknown.candidates_can_harm_host);
  EXPECT_FALSE(unknown.times_are_exact);
  EXPECT_EQ(unknown.builds_per_trial, 1);
}

}  // namespace
}  // namespace foothold::target

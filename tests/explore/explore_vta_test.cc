// Explorations of whole VTA spaces say what building and running each config says, and replaying
// them says it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <set>

#include "foothold/explore.h"
#include "foothold/targets.h"
#include "records/ground_truth/ground_truth.h"
#include "targets/replay/replay_target.h"

namespace foothold {
namespace {

using ::testing::HasSubstr;

// A layer small enough to explore, and a timeout that some of its configs exceed.
struct Case {
  std::string name;
  std::string target;
  std::string layer;
  double timeout_s;
  std::set<std::string> stages;  // that refuse some of them
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class ExploreVtaTest : public ::testing::TestWithParam<Case> {
 protected:
  ExploreVtaTest() {
    std::string name = (std::filesystem::temp_directory_path() / "explore_vta.XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ExploreVtaTest() override { std::filesystem::remove_all(folder_); }

  records::GroundTruth Explored(const TargetTask& task) {
    const std::string path = folder_ + "/tiny.explored";
    const auto explored = Explore(
        task, GetParam().target, path, {.timeout_s = GetParam().timeout_s}, env_,
        [](const ExploreProgress&) {}, false);
    EXPECT_TRUE(explored.ok()) << explored.status().message();
    EXPECT_EQ(explored->verified, 32U);
    auto exploration = records::ReadGroundTruth(env_, path);
    EXPECT_TRUE(exploration.ok()) << exploration.status().message();
    return std::move(exploration).value();
  }

  Env& env_ = *Env::Default();
  std::string folder_;
};

void ExpectSame(const Failure& a, const Failure& b) {
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(a.stage, b.stage);
}

TEST_P(ExploreVtaTest, SaysWhatBuildAndRunSay) {
  const Workload workload = *ParseInlineWorkload(GetParam().layer);
  const auto target = *MakeTarget(env_, GetParam().target);
  const auto task = std::move(target->Prepare(workload)).value();
  const RunOptions options{.timeout_s = GetParam().timeout_s};
  const auto exploration = std::make_shared<const records::GroundTruth>(Explored(*task));
  const auto replay = replay::MakeReplayTask(exploration);
  EXPECT_EQ(replay->workload(), task->workload());
  EXPECT_EQ(replay->traits().peak_operations_per_second, task->traits().peak_operations_per_second);
  EXPECT_EQ(replay->traits().roofline_seconds, task->traits().roofline_seconds);

  std::map<Outcome, std::uint64_t> outcomes;
  std::map<std::string, std::uint64_t> stages;
  std::optional<double> best;
  for (std::uint64_t index = 0; index < task->space().raw_size(); ++index) {
    SCOPED_TRACE(index);
    const Config config = task->space().AtIndex(index);
    const BuildResult build = task->Build(config), replayed = replay->Build(config);
    ASSERT_EQ(build.ok(), replayed.ok());
    if (!build.ok()) {
      ExpectSame(*build.failure, *replayed.failure);
      ++outcomes[build.failure->outcome], ++stages[build.failure->stage];
      EXPECT_EQ(exploration->outcome(index), build.failure->outcome);
      continue;
    }
    EXPECT_EQ(build.program->metrics(), replayed.program->metrics());
    const RunResult run = task->Run(*build.program, options);
    const RunResult rerun = replay->Run(*replayed.program, options);
    ASSERT_EQ(run.outcome(), rerun.outcome());
    ++outcomes[run.outcome()];
    EXPECT_EQ(run.seconds, rerun.seconds);
    EXPECT_EQ(run.metrics, rerun.metrics);
    if (run.outcome() != Outcome::kCorrect) {
      ExpectSame(*run.failure, *rerun.failure);
      ++stages[run.failure->stage];
      continue;
    }
    if (!best || run.seconds.at(0) < *best) best = run.seconds[0];
  }
  EXPECT_EQ(exploration->outcomes(), outcomes);
  EXPECT_EQ(exploration->stages(), stages);
  EXPECT_EQ(exploration->best_seconds(), best);
  EXPECT_GT(outcomes[Outcome::kCorrect], 40U);
  for (const std::string& stage : GetParam().stages) EXPECT_GT(stages[stage], 0U) << stage;
}

INSTANTIATE_TEST_SUITE_P(Templates, ExploreVtaTest,
                         ::testing::Values(Case{"Tvm",
                                                "vta:pynq",
                                                "conv2d:1x32x8x8,64,3x3,pad=1",
                                                0.003,
                                                {"jit.hazard", "jit.signature", "lower.dma",
                                                 "lower.threads", "run"}},
                                           Case{"Extended",
                                                "vta:pynq:extended",
                                                "conv2d:1x32x8x8,64,3x3,pad=1",
                                                0.0003,
                                                {"lower.capacity", "lower.dma", "lower.hazard",
                                                 "lower.threads", "run"}}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace foothold

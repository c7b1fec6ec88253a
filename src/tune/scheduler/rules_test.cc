#include "tune/scheduler/rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "foothold/rng.h"

namespace foothold::tune {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

/// A task with a valid config from its first batch on.
TaskState Task(double weight, double best_s, double gain) {
  return {.weight = weight, .trials = 8, .best_s = {best_s}, .gain = gain};
}

TEST(NextByGain, WeighsTheExpectedFallOfTheNetworksTime) {
  // 1 % of 10 ms twice, 1 % of 15 ms once, 5 % of 1 ms ten times.
  EXPECT_EQ(NextByGain(std::vector{Task(2, 0.010, 0.01), Task(1, 0.015, 0.01)}), 0U);
  EXPECT_EQ(NextByGain(std::vector{Task(2, 0.010, 0.01), Task(10, 0.001, 0.05)}), 1U);
}

TEST(NextByGain, CountsWhatATrialCosts) {
  std::vector<TaskState> tasks = {Task(1, 0.010, 0.02), Task(1, 0.010, 0.01)};
  EXPECT_EQ(NextByGain(tasks), 0U);
  tasks[0].trial_s = 3;
  EXPECT_EQ(NextByGain(tasks), 1U);
}

TEST(NextByGain, TasksWithoutAValidConfigComeFirstInTurns) {
  std::vector<TaskState> tasks = {Task(100, 1, 1), {}, {}};
  EXPECT_EQ(NextByGain(tasks), 1U);
  tasks[1].trials = 8;
  tasks[1].best_s = {kNone};
  EXPECT_EQ(NextByGain(tasks), 2U);
  tasks[2].has_ended = true;
  EXPECT_EQ(NextByGain(tasks), 1U);
}

TEST(NextByGain, ATaskThatNeverSucceedsLeavesTheOthersHalf) {
  std::vector<TaskState> tasks = {Task(1, 0.010, 0.01), {}};
  for (int batch = 0; batch < 100; ++batch) {
    const std::size_t next = NextByGain(tasks).value();
    tasks[next].trials += 8;
    tasks[next].best_s.push_back(next == 0 ? 0.010 : kNone);
  }
  EXPECT_NEAR(static_cast<double>(tasks[0].trials), static_cast<double>(tasks[1].trials), 8);
}

TEST(NextByGain, WithoutAModelWhatWasGainedLatelyCounts) {
  TaskState falling = {.trials = 24, .best_s = {0.010, 0.009, 0.008}};
  const TaskState still = {.trials = 24, .best_s = {0.010, 0.010, 0.010}};
  EXPECT_EQ(NextByGain(std::vector{still, falling}), 1U);
  // In the end both had as little luck, and the one that was tried less is next.
  falling.trials = 800;
  falling.best_s.resize(100, 0.008);
  EXPECT_EQ(NextByGain(std::vector{still, falling}), 0U);
}

TEST(NextByGain, EndsWithTheLastTask) {
  std::vector<TaskState> tasks = {Task(1, 0.010, 0), {}};
  tasks[1].has_ended = true;
  EXPECT_EQ(NextByGain(tasks), 0U);
  tasks[0].has_ended = true;
  EXPECT_EQ(NextByGain(tasks), std::nullopt);
}

TEST(NextByGain, IsTheBestOfAnyTasks) {
  const std::uint64_t seed = 20261130;
  SCOPED_TRACE(seed);
  Rng rng(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<TaskState> tasks;
    for (std::uint64_t i = 0; i < 1 + rng.Below(8); ++i) {
      tasks.push_back(Task(1.0 + static_cast<double>(rng.Below(5)),
                           1e-3 * static_cast<double>(1 + rng.Below(50)),
                           1e-4 * static_cast<double>(rng.Below(100))));
      tasks.back().has_ended = rng.Below(4) == 0;
    }
    const auto next = NextByGain(tasks);
    for (const TaskState& task : tasks) {
      if (task.has_ended) continue;
      ASSERT_TRUE(next.has_value());
      const TaskState& chosen = tasks[*next];
      EXPECT_FALSE(chosen.has_ended);
      EXPECT_GE(chosen.weight * chosen.best() * -std::expm1(-*chosen.gain) * (1 + 1e-12),
                task.weight * task.best() * -std::expm1(-*task.gain));
    }
  }
}

}  // namespace
}  // namespace foothold::tune

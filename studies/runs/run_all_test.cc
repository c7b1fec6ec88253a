#include "studies/runs/run_all.h"

#include <gtest/gtest.h>

#include <vector>

namespace foothold::studies {
namespace {

TEST(RunAll, CountsEveryRunOnce) {
  const std::atomic<bool> never = false;
  std::vector<std::atomic<int>> runs(20);
  std::vector<std::uint64_t> told;
  const auto all = RunAll(
      runs.size(), 3, [&](std::size_t i) { return ++runs[i], Status(); },
      [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_EQ(total, runs.size());
        told.push_back(done);
      },
      never);
  EXPECT_TRUE(all.value());
  for (const auto& count : runs) EXPECT_EQ(count, 1);
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i], i + 1);
  EXPECT_EQ(told.size(), runs.size());
}

TEST(RunAll, AFailureEndsItWithItsStatus) {
  const std::atomic<bool> never = false;
  const auto all = RunAll(
      9, 1, [](std::size_t i) { return i < 4 ? Status() : Status::NotFound(std::to_string(i)); },
      [](std::uint64_t done, std::uint64_t) { EXPECT_LE(done, 5U); }, never);
  EXPECT_EQ(all.status().message(), "4");
}

TEST(RunAll, SaysThatItWasInterrupted) {
  std::atomic<bool> interrupt = false;
  const auto all = RunAll(
      9, 1, [&](std::size_t i) { return interrupt = i == 2, Status(); },
      [](std::uint64_t done, std::uint64_t) { EXPECT_LE(done, 3U); }, interrupt);
  EXPECT_FALSE(all.value());
}

}  // namespace
}  // namespace foothold::studies

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace foothold {
namespace {

TEST(ParallelTest, CallsEachOnce) {
  for (const std::size_t threads : {1, 2, 7, 100}) {
    std::vector<std::atomic<int>> calls(50);
    RunInParallel(calls.size(), threads, [&](std::size_t i) { return ++calls[i] > 0; });
    for (const auto& count : calls) EXPECT_EQ(count, 1);
  }
  RunInParallel(0, 4, [](std::size_t) { return ADD_FAILURE(), true; });
}

TEST(ParallelTest, StopsWithAPrefix) {
  for (const std::size_t threads : {1, 4}) {
    std::vector<std::atomic<int>> calls(1000);
    RunInParallel(calls.size(), threads, [&](std::size_t i) {
      ++calls[i];
      return i != 100;
    });
    for (std::size_t i = 0; i <= 100; ++i) EXPECT_EQ(calls[i], 1) << i;
    for (std::size_t i = 101; i < calls.size(); ++i) EXPECT_LE(calls[i], calls[i - 1]) << i;
  }
}

TEST(ParallelTest, JobsAreThreads) {
  EXPECT_EQ(ThreadCount(3), 3U);
  EXPECT_GE(ThreadCount(0), 1U);
}

}  // namespace
}  // namespace foothold

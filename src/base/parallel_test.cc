#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace foothold::base {
namespace {

TEST(Parallel, MakesEachCallOnce) {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    for (const std::size_t count : {0U, 1U, 3U, 500U}) {
      std::vector<std::atomic<int>> calls(count);
      RunInParallel(count, threads, [&](std::size_t i) { return ++calls[i] == 1; });
      for (const std::atomic<int>& call : calls) EXPECT_EQ(call, 1);
    }
  }
}

/// The calls made, and that they are those of a prefix.
std::size_t PrefixLength(const std::vector<std::atomic<int>>& calls) {
  std::size_t length = 0;
  while (length < calls.size() && calls[length] == 1) ++length;
  for (std::size_t i = length; i < calls.size(); ++i) EXPECT_EQ(calls[i], 0) << i;
  return length;
}

TEST(Parallel, StopsAtAPrefixWhenACallReturnsFalse) {
  for (const std::size_t threads : {1U, 4U}) {
    std::vector<std::atomic<int>> calls(10'000);
    RunInParallel(calls.size(), threads, [&](std::size_t i) { return ++calls[i] == 1 && i != 20; });
    const std::size_t made = PrefixLength(calls);
    EXPECT_GE(made, 21u);
    EXPECT_LT(made, calls.size());
  }
}

TEST(Parallel, StopsAtAPrefixWhenToldTo) {
  for (const std::size_t threads : {1U, 4U}) {
    std::vector<std::atomic<int>> calls(10'000);
    std::atomic<int> done = 0;
    RunInParallel(
        calls.size(), threads, [&](std::size_t i) { return ++done > 0 && ++calls[i] == 1; },
        [&] { return done >= 30; });
    const std::size_t made = PrefixLength(calls);
    EXPECT_GE(made, 30u);
    EXPECT_LT(made, 30 + 2 * threads);
  }
}

TEST(Parallel, ZeroJobsMeansOnePerCore) {
  EXPECT_GE(ThreadCount(0), 1u);
  EXPECT_EQ(ThreadCount(3), 3u);
}

}  // namespace
}  // namespace foothold::base

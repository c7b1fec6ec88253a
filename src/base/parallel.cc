#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "base/check.h"

namespace foothold::base {

std::size_t ThreadCount(int jobs) {
  FOOTHOLD_CHECK(jobs >= 0);
  if (jobs > 0) return static_cast<std::size_t>(jobs);
  return std::max(1U, std::thread::hardware_concurrency());
}

void RunInParallel(std::size_t count, std::size_t threads,
                   const std::function<bool(std::size_t)>& work,
                   const std::function<bool()>& should_stop) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  const auto take = [&] {
    while (!stop && !should_stop()) {
      const std::size_t i = next++;
      if (i >= count) return;
      if (!work(i)) stop = true;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(threads, count); ++i) {
    try {
      others.emplace_back(take);
    } catch (const std::system_error&) {
      break;  // The system has no more threads to give; those there are will do.
    }
  }
  take();
}

}  // namespace foothold::base

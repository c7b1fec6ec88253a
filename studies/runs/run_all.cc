#include "studies/runs/run_all.h"

#include <mutex>

#include "base/parallel.h"

namespace foothold::studies {

Result<bool> RunAll(std::size_t count, int jobs, const std::function<Status(std::size_t)>& work,
                    const OnRun& on_run, const std::atomic<bool>& interrupt) {
  std::mutex mutex;
  std::uint64_t done = 0;
  Status failure;
  base::RunInParallel(
      count, base::ThreadCount(jobs),
      [&](std::size_t i) {
        const Status status = work(i);
        const std::lock_guard lock(mutex);
        if (failure.ok()) failure = status;
        on_run(++done, count);
        return status.ok();
      },
      [&] { return interrupt.load(); });
  FOOTHOLD_RETURN_IF_ERROR(failure);
  return done == count;
}

}  // namespace foothold::studies

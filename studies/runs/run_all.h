#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "foothold/status.h"

namespace foothold::studies {

/// Told after each run how many are done, and of how many: one call at a time, from any thread.
using OnRun = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Calls `work(i)` for i = 0, 1, ..., count - 1 on `jobs` threads; 0: one per core. The first run
/// that fails ends it with its status. False when `interrupt` turned true before all were done.
Result<bool> RunAll(std::size_t count, int jobs, const std::function<Status(std::size_t)>& work,
                    const OnRun& on_run, const std::atomic<bool>& interrupt);

}  // namespace foothold::studies

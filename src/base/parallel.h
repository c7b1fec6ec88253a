#pragma once

#include <cstddef>
#include <functional>

namespace foothold::base {

/// `jobs`, or one per core that this process may use when it is 0. REQUIRES: jobs >= 0.
std::size_t ThreadCount(int jobs);

/// Calls `work(i)` for i = 0, 1, ..., count - 1 on up to `threads` threads, the calling one among
/// them. Each takes the next i that nobody has taken; what is taken is finished. When a call
/// returns false, or `should_stop` says so before one is taken, no more are: the calls made are
/// those of a prefix. Neither may throw; both are called from several threads at once.
/// REQUIRES: threads >= 1.
void RunInParallel(
    std::size_t count, std::size_t threads, const std::function<bool(std::size_t)>& work,
    const std::function<bool()>& should_stop = [] { return false; });

}  // namespace foothold::base

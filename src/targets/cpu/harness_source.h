#pragma once

#include <string_view>

namespace foothold::cpu {

/// The C text around an operator: what it includes, how its parts are run, and main().
extern const std::string_view kHarnessHead;
/// `run(in, weights, out)` by `run_part`: in this thread, or in THREADS of them.
extern const std::string_view kOneThread;
extern const std::string_view kThreadPool;
extern const std::string_view kHarness;

}  // namespace foothold::cpu

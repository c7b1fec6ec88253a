#include <algorithm>

#include "base/env_over_env.h"
#include "foothold/env.h"

namespace foothold {
namespace {

/// Between two looks at the interrupt during a sleep.
constexpr double kSliceSeconds = 0.02;

class InterruptibleEnv final : public base::EnvOverEnv {
 public:
  InterruptibleEnv(Env& base, const std::atomic<bool>& interrupt)
      : EnvOverEnv(base), interrupt_(interrupt) {}

  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override {
    const Status interrupted =
        Status::Cancelled(command.argv.empty() ? "interrupted" : command.argv[0] + ": interrupted");
    if (interrupt_) return interrupted;
    bool by_interrupt = false;
    Result<ProcessResult> result = base_.RunProcess(command, [&] {
      by_interrupt = by_interrupt || interrupt_;
      return by_interrupt || (cancelled && cancelled());
    });
    const bool cut_short = by_interrupt && result.ok() && result->end == ProcessEnd::kCancelled;
    if (cut_short) return interrupted;
    return result;
  }

  void Sleep(double seconds) override {
    for (double left = seconds; left > 0 && !interrupt_; left -= kSliceSeconds) {
      base_.Sleep(std::min(left, kSliceSeconds));
    }
  }

 private:
  const std::atomic<bool>& interrupt_;
};

}  // namespace

std::unique_ptr<Env> MakeInterruptibleEnv(Env& base, const std::atomic<bool>& interrupt) {
  return std::make_unique<InterruptibleEnv>(base, interrupt);
}

}  // namespace foothold

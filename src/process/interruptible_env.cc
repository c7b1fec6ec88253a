#include <algorithm>

#include "foothold/env.h"

namespace foothold {
namespace {

/// Between two looks at the interrupt during a sleep.
constexpr double kSliceSeconds = 0.02;

class InterruptibleEnv final : public Env {
 public:
  InterruptibleEnv(Env& base, const std::atomic<bool>& interrupt)
      : base_(base), interrupt_(interrupt) {}

  Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) override {
    return base_.ReadFile(path, most_bytes);
  }
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) override {
    return base_.OpenForRead(path);
  }
  Result<FileInfo> Inspect(const std::string& path) override { return base_.Inspect(path); }
  Result<std::vector<std::string>> ListDirectory(const std::string& path) override {
    return base_.ListDirectory(path);
  }
  bool FileExists(const std::string& path) override { return base_.FileExists(path); }
  bool IsUsableDirectory(const std::string& path) override { return base_.IsUsableDirectory(path); }
  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override {
    return base_.OpenForAppend(path);
  }
  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    return base_.WriteFileAtomically(path, data);
  }
  Status CreateDirectories(const std::string& path) override {
    return base_.CreateDirectories(path);
  }
  Result<std::string> CreateTemporaryDirectory(std::string_view prefix) override {
    return base_.CreateTemporaryDirectory(prefix);
  }
  Status RemoveTree(const std::string& path) override { return base_.RemoveTree(path); }
  void Note(const std::string& topic, const std::string& line) override { base_.Note(topic, line); }

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

  double WallClockSeconds() override { return base_.WallClockSeconds(); }
  double MonotonicSeconds() override { return base_.MonotonicSeconds(); }
  void Sleep(double seconds) override {
    for (double left = seconds; left > 0 && !interrupt_; left -= kSliceSeconds) {
      base_.Sleep(std::min(left, kSliceSeconds));
    }
  }

 private:
  Env& base_;
  const std::atomic<bool>& interrupt_;
};

}  // namespace

std::unique_ptr<Env> MakeInterruptibleEnv(Env& base, const std::atomic<bool>& interrupt) {
  return std::make_unique<InterruptibleEnv>(base, interrupt);
}

}  // namespace foothold

#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"

namespace foothold::process {

/// An Env for tests: passes everything on to another Env, except for the faults it was told to
/// make. Thread-safe; must outlive the files it opened.
class FaultEnv final : public Env {
 public:
  enum class Operation {
    kRead,  ///< ReadFile and OpenForRead
    kOpenForAppend,
    kAppend,
    kSync,
    kWriteAtomically,
    kTruncate,
    kCreateDirectories,
    kCreateTemporaryDirectory,
    kRemoveTree,
    kRunProcess,
  };

  /// `base` must outlive this.
  explicit FaultEnv(Env* base) : base_(base) {}

  /// Lets the n-th call of `operation` from now (the next one is n = 1) fail with `status` and do
  /// nothing. Replaces the fault set for this operation before.
  void FailNth(Operation operation, int n, Status status);
  /// Like FailNth, and all later calls fail too: a full disk.
  void FailFrom(Operation operation, int n, Status status);
  /// Lets the n-th Append from now write only the first `bytes` bytes and fail with `status`; later
  /// ones fail without writing, as after a crash. Replaces the fault set for kAppend before.
  void TearAppend(int n, std::size_t bytes, Status status);
  /// The outside world is well again.
  void ClearFaults();
  /// Calls of `operation` so far, failed ones included.
  int calls(Operation operation) const;

  /// From now on the clocks stand at these times, in seconds, and move only with AdvanceClocks.
  void StopClocks(double wall_seconds, double monotonic_seconds);
  /// REQUIRES: StopClocks was called; seconds >= 0.
  void AdvanceClocks(double seconds);

  using Env::ReadFile;
  Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) override;
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) override;
  Result<FileInfo> Inspect(const std::string& path) override { return base_->Inspect(path); }
  Result<std::vector<std::string>> ListDirectory(const std::string& path) override {
    return base_->ListDirectory(path);
  }
  bool FileExists(const std::string& path) override;
  bool IsUsableDirectory(const std::string& path) override {
    return base_->IsUsableDirectory(path);
  }
  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override;
  Status WriteFileAtomically(const std::string& path, std::string_view data) override;
  Status CreateDirectories(const std::string& path) override;
  Result<std::string> CreateTemporaryDirectory(std::string_view prefix) override;
  Status RemoveTree(const std::string& path) override;
  /// What was noted, each topic's first line.
  std::vector<std::string> notes() const {
    const std::scoped_lock lock(mutex_);
    return notes_;
  }
  void Note(const std::string& topic, const std::string& line) override {
    {
      const std::scoped_lock lock(mutex_);
      if (noted_.insert(topic).second) notes_.push_back(line);
    }
    base_->Note(topic, line);
  }
  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override;
  Containment FindContainment() override { return base_->FindContainment(); }
  double WallClockSeconds() override;
  double MonotonicSeconds() override;
  /// Advances stopped clocks instead.
  void Sleep(double seconds) override;

 private:
  class File;

  struct Fault {
    int calls_until = 0;
    bool lasting = false;
    std::optional<std::size_t> torn_bytes;  // written by the first failing call
    Status status;
  };
  struct Clocks {
    double wall;
    double monotonic;
  };
  struct Verdict {
    Status status;
    std::size_t torn_bytes = 0;
  };
  static constexpr std::size_t kOperations = 10;

  void SetFault(Operation operation, Fault fault);
  /// Counts a call and says whether it fails.
  Verdict Count(Operation operation);

  Env* const base_;
  mutable std::mutex mutex_;  // guards all below
  std::array<std::optional<Fault>, kOperations> faults_;
  std::array<int, kOperations> calls_{};
  std::optional<Clocks> clocks_;
  std::set<std::string> noted_;  // topics
  std::vector<std::string> notes_;
};

}  // namespace foothold::process

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"

namespace foothold::base {

/// An Env that hands every call to another one: the base of those that change a few of them.
/// `base` must outlive it. As thread-safe as `base`.
class EnvOverEnv : public Env {
 public:
  explicit EnvOverEnv(Env& base) : base_(base) {}

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
    return base_.RunProcess(command, cancelled);
  }
  Containment FindContainment() override { return base_.FindContainment(); }
  double WallClockSeconds() override { return base_.WallClockSeconds(); }
  double MonotonicSeconds() override { return base_.MonotonicSeconds(); }
  void Sleep(double seconds) override { base_.Sleep(seconds); }

 protected:
  Env& base_;
};

}  // namespace foothold::base

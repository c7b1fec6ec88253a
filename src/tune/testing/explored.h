#pragma once

// What the tests of this module share.

#include <atomic>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "foothold/explore.h"
#include "process/testing/temporary_folder.h"

namespace foothold::testing {

/// Files in memory: for tests that write thousands and would wait for the disk each time. No locks.
class MemoryEnv : public Env {
 public:
  using Env::ReadFile;
  Result<std::string> ReadFile(const std::string& path, std::uint64_t) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return Status::NotFound(path + ": no such file");
    return found->second;
  }
  Result<std::vector<std::string>> ListDirectory(const std::string&) override { return kNone; }
  bool FileExists(const std::string& path) override { return files_.count(path) > 0; }
  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override {
    return std::unique_ptr<AppendFile>(std::make_unique<File>(files_[path]));
  }
  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    files_[path] = data;
    return {};
  }
  Status CreateDirectories(const std::string&) override { return {}; }
  double WallClockSeconds() override { return 0; }
  double MonotonicSeconds() override { return 0; }
  void Sleep(double) override {}

  // Explorations need none of these.
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string&) override { return kNone; }
  Result<FileInfo> Inspect(const std::string&) override { return kNone; }
  Result<std::string> CreateTemporaryDirectory(std::string_view) override { return kNone; }
  bool IsUsableDirectory(const std::string&) override { return false; }
  Status RemoveTree(const std::string&) override { return kNone; }
  Result<ProcessResult> RunProcess(const ProcessCommand&, const Cancelled&) override {
    return kNone;
  }

 private:
  static inline const Status kNone = Status::Unavailable("not in memory");

  class File : public AppendFile {
   public:
    explicit File(std::string& content) : content_(content) {}
    Status Append(std::string_view data) override { return content_ += data, Status(); }
    Status Sync() override { return {}; }
    Status Truncate(std::uint64_t bytes) override { return content_.resize(bytes), Status(); }
    Result<FileInfo> Info() override { return kNone; }

   private:
    std::string& content_;
  };

  std::map<std::string, std::string> files_;
};

/// Over a = 1, 2, 4 and b = 0..12: every kind of end, by index modulo 8.
class FakeTask : public TargetTask {
 public:
  struct FakeProgram : Program {
    FakeProgram(std::uint64_t at, Metrics numbers) : index(at), facts(std::move(numbers)) {}
    const Metrics& metrics() const override { return facts; }
    std::uint64_t index;
    Metrics facts;
  };

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  const TaskTraits& traits() const override { return traits_; }

  BuildResult Build(const Config& config) const override {
    const std::uint64_t index = space_.IndexOf(config);
    ++builds;
    if (index == throws_at) throw std::runtime_error("out of luck");
    if (index % 8 == 0) return {nullptr, Failure{Outcome::kCompile, "lower.dma", "too long"}};
    if (index % 8 == 1) return {nullptr, Failure{Outcome::kCompile, "lower.threads", "too many"}};
    if (index % 8 == 2) return {nullptr, Failure{Outcome::kTimeout, "build", "compiles for ever"}};
    const auto x = static_cast<double>(index);
    Metrics metrics = {{"occupancy", 1 / x}};
    if (index % 8 != 3) metrics["instructions"] = 100 * x;
    return {std::make_unique<FakeProgram>(index, metrics), {}};
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const std::uint64_t index = static_cast<const FakeProgram&>(program).index;
    if (index % 8 == 3) return {Failure{Outcome::kRuntime, "jit.hazard", "hazard"}};
    const double seconds = Seconds(index);
    if (seconds > options.timeout_s) return {Failure{Outcome::kTimeout, "run", "hangs"}};
    if (options.verify && index == wrong_at) return {Failure{Outcome::kCorrectness, "verify", ""}};
    RunResult result;
    result.seconds = {seconds * (options.verify ? pace_when_verified : 1)};
    if (index % 8 != 4) result.metrics["cycles"] = seconds * 1e8;
    return result;
  }

  /// Two correct configs, 15 and 20, share the least.
  static double Seconds(std::uint64_t index) {
    return 0.1 + std::abs(static_cast<double>(index) - 17.5);
  }

  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
  std::uint64_t throws_at = kNowhere;
  std::uint64_t wrong_at = kNowhere;
  double pace_when_verified = 1;
  mutable std::atomic<int> builds = 0;

 private:
  TaskTraits traits_{.target = "fake",
                     .times_are_exact = true,
                     .candidates_can_harm_host = false,
                     .builds_per_trial = 64,
                     .peak_operations_per_second = 51.2e9,
                     .roofline_seconds = 1.0 / 3};
  Workload workload_{"tiny", Dense{1, 32, 64}, {}};
  Space space_ = *Space::Create(
      {{"a", {1, 2, 4}}, {"b", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}},
      {Constraint::Where("b is not 9", {"b"}, [](auto values) { return values[0] != 9; })});
};

/// Timeouts are among its outcomes; blocks are small.
inline ExploreOptions SmallBlocks(int jobs = 1) {
  return {.jobs = jobs, .timeout_s = 18, .verify_sample = 5, .configs_per_block = 8};
}

inline Result<ExploreResult> ExploreFake(const FakeTask& task, const std::string& path,
                                         Env& env = *Env::Default(),
                                         const ExploreOptions& options = SmallBlocks()) {
  return Explore(
      task, "fake", path, options, env, [](const ExploreProgress&) {}, false);
}

inline std::string Bytes(const std::string& path) { return Env::Default()->ReadFile(path).value(); }

inline void WriteBytes(const std::string& path, std::string_view bytes) {
  const Status written = Env::Default()->WriteFileAtomically(path, bytes);
  if (!written.ok()) throw std::runtime_error(written.message());
}

}  // namespace foothold::testing

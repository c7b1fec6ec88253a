#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/errno.h"
#include "foothold/env.h"
#include "process/cgroup.h"
#include "process/descriptor.h"
#include "process/files_posix.h"
#include "process/orphans.h"
#include "process/process_posix.h"
#include "process/process_tree.h"
#include "process/remove_tree.h"
#include "process/temporary_folders.h"

namespace foothold {
namespace {

double SecondsSinceEpochOf(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class PosixEnv final : public Env {
 public:
  explicit PosixEnv(EnvOptions options) : options_(std::move(options)) {}

  Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) override {
    return process::ReadPosixFile(path, most_bytes);
  }
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) override {
    return process::OpenPosixForRead(path);
  }
  Result<FileInfo> Inspect(const std::string& path) override { return process::InspectPosix(path); }

  Result<std::vector<std::string>> ListDirectory(const std::string& path) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(path, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) return base::ErrnoStatus(path, "list the directory", error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  bool FileExists(const std::string& path) override {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
  }

  bool IsUsableDirectory(const std::string& path) override {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return false;
    if ((info.st_mode & S_IRWXU) != S_IRWXU) ::chmod(path.c_str(), S_IRWXU);
    return ::access(path.c_str(), R_OK | W_OK | X_OK) == 0;
  }

  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override {
    return process::OpenPosixForAppend(path);
  }

  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    return process::WritePosixFileAtomically(path, data);
  }

  Status CreateDirectories(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error) {
      process::TemporaryFolders::OfThisProcess().Made(path);
      return {};
    }
    return base::ErrnoStatus(path, "create the directory", error.value());
  }

  Result<std::string> CreateTemporaryDirectory(std::string_view prefix) override {
    return process::TemporaryFolders::OfThisProcess().Create(prefix);
  }

  Status RemoveTree(const std::string& path) override {
    Status removed = process::RemoveTree(path);
    if (removed.ok()) process::TemporaryFolders::OfThisProcess().Removed(path);
    return removed;
  }

  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override {
    Result<ProcessResult> result = process::RunPosixProcess(command, cancelled);
    if (result.ok() && result->out_of_reach > 0) {
      Note("out_of_reach",
           fmt::format("{}: could not end all that it started, which may still run ({} processes: "
                       "another user's, stuck in the system, or not to be found without /proc)",
                       command.argv.front(), result->out_of_reach));
    }
    return result;
  }

  void Note(const std::string& topic, const std::string& line) override {
    const std::scoped_lock lock(notes_);
    if (options_.on_note && noted_.insert(topic).second) options_.on_note(line);
  }

  Containment FindContainment() override {
    return {process::CgroupSubtree::OfThisProcess().support(), DaemonsError()};
  }

  double WallClockSeconds() override { return SecondsSinceEpochOf(CLOCK_REALTIME); }
  double MonotonicSeconds() override { return SecondsSinceEpochOf(CLOCK_MONOTONIC); }
  void Sleep(double seconds) override {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }

 private:
  std::string DaemonsError() {
    if (!FileExists("/proc/thread-self")) return "/proc is not mounted, or another namespace's";
    if (!process::ProcIsOfThisNamespace()) return "/proc belongs to another PID namespace";
    if (FileExists("/proc/thread-self/children")) return "";
    return "the kernel does not list the children of a process";
  }

  const EnvOptions options_;
  std::mutex notes_;  // over what follows, and over on_note
  std::set<std::string> noted_;
};

}  // namespace

}  // namespace foothold

namespace foothold {

Env* Env::Default() {
  static auto* const env = new PosixEnv({});  // never destroyed: other statics may still use it
  return env;
}

std::unique_ptr<Env> Env::Create(EnvOptions options) {
  if (options.owns_process) {
    process::CgroupSubtree::AllowMoving();
    process::AdoptOrphans();
    // A resumed run may have nothing left to run, and would never look.
    process::TemporaryFolders::RemoveStale();
    process::RemoveStaleCgroups();
  }
  return std::make_unique<PosixEnv>(std::move(options));
}

Containment Env::FindContainment() {
  const std::string unknown = "this Env does not say";
  return {.cgroups = {.missing = unknown}, .daemons_error = unknown};
}

void Env::Note(const std::string&, const std::string&) {}

}  // namespace foothold

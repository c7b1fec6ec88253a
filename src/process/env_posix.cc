#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include "foothold/env.h"
#include "process/descriptor.h"
#include "process/files_posix.h"
#include "process/process_posix.h"

namespace foothold {
namespace {

double SecondsSinceEpochOf(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class PosixEnv final : public Env {
 public:
  Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) override {
    return ReadPosixFile(path, most_bytes);
  }
  Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) override {
    return OpenPosixForRead(path);
  }
  Result<FileInfo> Inspect(const std::string& path) override { return InspectPosix(path); }

  bool FileExists(const std::string& path) override {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
  }

  Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) override {
    return OpenPosixForAppend(path);
  }

  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    return WritePosixFileAtomically(path, data);
  }

  Status CreateDirectories(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error) return {};
    return ErrnoStatus(path, "create the directory", error.value());
  }

  Result<std::string> CreateTemporaryDirectory(std::string_view prefix) override {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    if (error) return ErrnoStatus("TMPDIR", "find the directory", error.value());
    std::string path = (parent / prefix).string() + "XXXXXX";
    if (::mkdtemp(path.data()) != nullptr) return path;
    return ErrnoStatus(parent.string(), "create a temporary directory", errno);
  }

  Status RemoveTree(const std::string& path) override {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (!error) return {};
    return ErrnoStatus(path, "remove", error.value());
  }

  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override {
    return RunPosixProcess(command, cancelled);
  }

  double WallClockSeconds() override { return SecondsSinceEpochOf(CLOCK_REALTIME); }
  double MonotonicSeconds() override { return SecondsSinceEpochOf(CLOCK_MONOTONIC); }
  void Sleep(double seconds) override {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }
};

}  // namespace

Status ErrnoStatus(const std::string& subject, std::string_view action, int error) {
  std::string message =
      fmt::format("{}: cannot {}: {}", subject, action, std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return Status::NotFound(std::move(message));
    case EWOULDBLOCK:
      return Status::Unavailable(std::move(message));
    default:
      return Status::IoError(std::move(message));
  }
}

Env* Env::Default() {
  static auto* const env = new PosixEnv;  // never destroyed: other statics may still use it
  return env;
}

}  // namespace foothold

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "base/cgroup.h"
#include "base/descriptor.h"
#include "base/orphans.h"
#include "base/process_posix.h"
#include "base/remove_tree.h"
#include "base/temporary_folders.h"
#include "foothold/env.h"

namespace foothold {
namespace {

Descriptor Open(const std::string& path, int flags) {
  constexpr mode_t kMode = 0666;  // the umask takes away what the user does not want
  return Descriptor(
      RetryInterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kMode); }));
}

Status WriteAll(int fd, const std::string& path, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = RetryInterrupted([&] { return ::write(fd, data.data(), data.size()); });
    if (written < 0) return ErrnoStatus(path, "write", errno);
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status SyncDescriptor(int fd, const std::string& path) {
  if (RetryInterrupted([&] { return ::fsync(fd); }) == 0) return {};
  return ErrnoStatus(path, "sync", errno);
}

/// Makes a created or renamed file's name durable.
Status SyncDirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;
  const Descriptor fd = Open(directory, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open()) return ErrnoStatus(directory, "open the directory", errno);
  if (RetryInterrupted([&] { return ::fsync(fd.get()); }) == 0) return {};
  if (errno == EINVAL || errno == EROFS) return {};  // this file system has no such notion
  return ErrnoStatus(directory, "sync the directory", errno);
}

/// Why a file could not be created: most often because there is no folder for it.
Status CreationStatus(const std::string& path, std::string_view action, int error) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (error != ENOENT || parent.empty() || std::filesystem::exists(parent, ignored)) {
    return ErrnoStatus(path, action, error);
  }
  return Status::NotFound(
      fmt::format("{}: cannot {}: the folder {} does not exist; create it first", path, action,
                  parent.string()));
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Status Append(std::string_view data) override {
    FOOTHOLD_RETURN_IF_ERROR(sync_failure_);
    return WriteAll(fd_.get(), path_, data);
  }

  Status Sync() override {
    FOOTHOLD_RETURN_IF_ERROR(sync_failure_);
    // After a failed fsync Linux forgets the lost pages, and the next one would succeed falsely.
    sync_failure_ = SyncDescriptor(fd_.get(), path_);
    if (sync_failure_.ok() && !name_is_durable_) {
      sync_failure_ = SyncDirectoryOf(path_);
      name_is_durable_ = sync_failure_.ok();
    }
    return sync_failure_;
  }

 private:
  Descriptor fd_;
  std::string path_;
  bool name_is_durable_ = false;
  Status sync_failure_;
};

/// flock: bound to the open file, so that a second LockFile in this process conflicts too, and the
/// system drops it with the last descriptor. A forked child shares it until it execs or ends.
class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;
};

double SecondsSinceEpochOf(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class PosixEnv final : public Env {
 public:
  explicit PosixEnv(EnvOptions options) : options_(std::move(options)) {}

  Result<std::string> ReadFile(const std::string& path) override {
    const Descriptor fd = Open(path, O_RDONLY);
    if (!fd.is_open()) return ErrnoStatus(path, "open", errno);
    std::string content;
    struct stat info {};
    if (::fstat(fd.get(), &info) == 0 && info.st_size > 0) {
      content.reserve(static_cast<std::size_t>(info.st_size));
    }
    char buffer[1 << 16];
    while (true) {
      const ssize_t got = RetryInterrupted([&] { return ::read(fd.get(), buffer, sizeof buffer); });
      if (got < 0) return ErrnoStatus(path, "read", errno);
      if (got == 0) return content;
      content.append(buffer, static_cast<std::size_t>(got));
    }
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
    Descriptor fd = Open(path, O_WRONLY | O_APPEND | O_CREAT);
    if (!fd.is_open()) return CreationStatus(path, "open for appending", errno);
    return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(fd), path));
  }

  Status WriteFileAtomically(const std::string& path, std::string_view data) override {
    static std::atomic<unsigned> counter{0};
    const std::string temporary = fmt::format("{}.tmp.{}.{}", path, ::getpid(), counter++);
    Status status = WriteTemporary(temporary, path, data);
    if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
      status = ErrnoStatus(path, "replace", errno);
    }
    if (!status.ok()) {
      ::unlink(temporary.c_str());
      return status;
    }
    return SyncDirectoryOf(path);
  }

  Status TruncateFile(const std::string& path, std::uint64_t size) override {
    const auto cut = [&] { return ::truncate(path.c_str(), static_cast<off_t>(size)); };
    if (RetryInterrupted(cut) == 0) return {};
    return ErrnoStatus(path, "truncate", errno);
  }

  Status CreateDirectories(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error) {
      TemporaryFolders::OfThisProcess().Made(path);
      return {};
    }
    return ErrnoStatus(path, "create the directory", error.value());
  }

  Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) override {
    Descriptor fd = Open(path, O_RDWR | O_CREAT);
    if (!fd.is_open()) return CreationStatus(path, "open the lock", errno);
    if (RetryInterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno != EWOULDBLOCK) return ErrnoStatus(path, "lock", errno);
      return Status::Unavailable(path + ": is locked by another process");
    }
    return std::unique_ptr<FileLock>(std::make_unique<PosixFileLock>(std::move(fd)));
  }

  Result<std::string> CreateTemporaryDirectory(std::string_view prefix) override {
    return TemporaryFolders::OfThisProcess().Create(prefix);
  }

  Status RemoveTree(const std::string& path) override {
    Status removed = foothold::RemoveTree(path);
    if (removed.ok()) TemporaryFolders::OfThisProcess().Removed(path);
    return removed;
  }

  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override {
    Result<ProcessResult> result = RunPosixProcess(command, cancelled);
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

  double WallClockSeconds() override { return SecondsSinceEpochOf(CLOCK_REALTIME); }
  double MonotonicSeconds() override { return SecondsSinceEpochOf(CLOCK_MONOTONIC); }
  void Sleep(double seconds) override {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }

 private:
  /// All of `data`, on the disk, in the new file `temporary`, with the permissions of `path` if
  /// that exists. Messages name `path`: the user knows no other.
  static Status WriteTemporary(const std::string& temporary, const std::string& path,
                               std::string_view data) {
    Descriptor fd = Open(temporary, O_WRONLY | O_CREAT | O_EXCL);
    if (!fd.is_open()) return CreationStatus(path, "create", errno);
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && ::fchmod(fd.get(), info.st_mode & 07777) != 0) {
      return ErrnoStatus(path, "keep the permissions", errno);
    }
    FOOTHOLD_RETURN_IF_ERROR(WriteAll(fd.get(), path, data));
    FOOTHOLD_RETURN_IF_ERROR(SyncDescriptor(fd.get(), path));
    if (!fd.Close()) return ErrnoStatus(path, "close", errno);
    return {};
  }

  const EnvOptions options_;
  std::mutex notes_;  // over what follows, and over on_note
  std::set<std::string> noted_;
};

}  // namespace

Status ErrnoStatus(const std::string& subject, std::string_view action, int error) {
  std::string message =
      fmt::format("{}: cannot {}: {}", subject, action, std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return Status::NotFound(std::move(message));
    case EMFILE:
      return Status::IoError(message + "; allow this process more of them, as with ulimit -n 1024");
    case EWOULDBLOCK:
      return Status::Unavailable(std::move(message));
    default:
      return Status::IoError(std::move(message));
  }
}

Env* Env::Default() {
  static auto* const env = new PosixEnv({});  // never destroyed: other statics may still use it
  return env;
}

std::unique_ptr<Env> Env::Create(EnvOptions options) {
  if (options.owns_process) {
    CgroupSubtree::AllowMoving();
    internal::AdoptOrphans();
  }
  return std::make_unique<PosixEnv>(std::move(options));
}

void Env::Note(const std::string&, const std::string&) {}

}  // namespace foothold

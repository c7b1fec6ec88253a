#include "process/files_posix.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/errno.h"

namespace foothold::process {
namespace {

/// What is read at a time of a file whose size is unknown.
constexpr std::size_t kReadPieceBytes = std::size_t{1} << 16;
/// The most that is taken of what has no size and may have no end, such as /dev/zero.
constexpr std::uint64_t kMostUnsizedBytes = std::uint64_t{64} << 20;

Result<FileInfo> InfoOf(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return base::ErrnoStatus(path, "inspect", errno);
  return ToFileInfo(info);
}

class PosixInputFile final : public InputFile {
 public:
  PosixInputFile(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::string> Read(std::size_t most) override {
    std::string bytes(most, '\0');
    const ssize_t got =
        base::RetryInterrupted([&] { return ::read(fd_.get(), bytes.data(), most); });
    if (got < 0) return base::ErrnoStatus(path_, "read", errno);
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }

  Result<FileInfo> Info() override { return InfoOf(fd_.get(), path_); }

 private:
  Descriptor fd_;
  std::string path_;
};

/// The lock is flock's: bound to the open file and so to the inode, whichever name led to it. A
/// second opening in this process conflicts too, and the system drops the lock with the last
/// descriptor. A forked child shares it until it execs or ends.
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

  Status Truncate(std::uint64_t bytes) override {
    const auto cut = [&] { return ::ftruncate(fd_.get(), static_cast<off_t>(bytes)); };
    return base::RetryInterrupted(cut) == 0 ? Status()
                                            : base::ErrnoStatus(path_, "truncate", errno);
  }

  Result<FileInfo> Info() override { return InfoOf(fd_.get(), path_); }

 private:
  Descriptor fd_;
  std::string path_;
  bool name_is_durable_ = false;
  Status sync_failure_;
};

Status TooLarge(const std::string& path, std::uint64_t most_bytes) {
  return Status::InvalidArgument(
      fmt::format("{}: holds more than {} bytes, must hold at most that many", path, most_bytes));
}

}  // namespace

Descriptor OpenDescriptor(const std::string& path, int flags) {
  constexpr mode_t kMode = 0666;
  return Descriptor(
      base::RetryInterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kMode); }));
}

Status WriteAll(int fd, const std::string& path, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written =
        base::RetryInterrupted([&] { return ::write(fd, data.data(), data.size()); });
    if (written < 0) return base::ErrnoStatus(path, "write", errno);
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status SyncDescriptor(int fd, const std::string& path) {
  if (base::RetryInterrupted([&] { return ::fsync(fd); }) == 0) return {};
  return base::ErrnoStatus(path, "sync", errno);
}

Status SyncDirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;
  const Descriptor fd = OpenDescriptor(directory, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open()) return base::ErrnoStatus(directory, "open the directory", errno);
  if (base::RetryInterrupted([&] { return ::fsync(fd.get()); }) == 0) return {};
  if (errno == EINVAL || errno == EROFS) return {};  // this file system has no such notion
  return base::ErrnoStatus(directory, "sync the directory", errno);
}

Status CreationStatus(const std::string& path, std::string_view action, int error) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (error != ENOENT || parent.empty() || std::filesystem::exists(parent, ignored)) {
    return base::ErrnoStatus(path, action, error);
  }
  return Status::NotFound(
      fmt::format("{}: cannot {}: the folder {} does not exist; create it first", path, action,
                  parent.string()));
}

FileInfo ToFileInfo(const struct stat& info) {
  const auto kind = [&] {
    if (S_ISDIR(info.st_mode)) return FileInfo::Kind::kDirectory;
    if (S_ISFIFO(info.st_mode)) return FileInfo::Kind::kFifo;
    if (S_ISCHR(info.st_mode)) return FileInfo::Kind::kCharacterDevice;
    if (S_ISBLK(info.st_mode)) return FileInfo::Kind::kBlockDevice;
    return S_ISSOCK(info.st_mode) ? FileInfo::Kind::kSocket : FileInfo::Kind::kRegular;
  };
  return {kind(), static_cast<std::uint64_t>(info.st_size), info.st_nlink, info.st_dev,
          info.st_ino};
}

std::string_view ToText(FileInfo::Kind kind) {
  switch (kind) {
    case FileInfo::Kind::kRegular:
      return "a regular file";
    case FileInfo::Kind::kDirectory:
      return "a directory";
    case FileInfo::Kind::kFifo:
      return "a FIFO";
    case FileInfo::Kind::kCharacterDevice:
      return "a character device";
    case FileInfo::Kind::kBlockDevice:
      return "a block device";
    case FileInfo::Kind::kSocket:
      return "a socket";
  }
  return "unknown";
}

Result<FileInfo> InspectPosix(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return base::ErrnoStatus(path, "inspect", errno);
  return ToFileInfo(info);
}

Result<std::string> ReadPosixFile(const std::string& path, std::uint64_t most_bytes) {
  const Descriptor fd = OpenDescriptor(path, O_RDONLY);
  if (!fd.is_open()) return base::ErrnoStatus(path, "open", errno);
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, InfoOf(fd.get(), path));
  // Files of the system, such as those of /proc, say that they are empty.
  const bool is_sized = info.kind == FileInfo::Kind::kRegular && info.bytes > 0;
  const std::uint64_t most = is_sized ? most_bytes : std::min(most_bytes, kMostUnsizedBytes);
  if (is_sized && info.bytes > most) return TooLarge(path, most);
  std::string content;
  if (is_sized) content.reserve(static_cast<std::size_t>(info.bytes));
  std::string piece(kReadPieceBytes, '\0');
  while (true) {
    const ssize_t got =
        base::RetryInterrupted([&] { return ::read(fd.get(), piece.data(), piece.size()); });
    if (got < 0) return base::ErrnoStatus(path, "read", errno);
    if (got == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(got));
    if (content.size() > most) return TooLarge(path, most);
  }
}

Result<std::unique_ptr<InputFile>> OpenPosixForRead(const std::string& path) {
  Descriptor fd = OpenDescriptor(path, O_RDONLY);
  if (!fd.is_open()) return base::ErrnoStatus(path, "open", errno);
  return std::unique_ptr<InputFile>(std::make_unique<PosixInputFile>(std::move(fd), path));
}

Result<std::unique_ptr<AppendFile>> OpenPosixForAppend(const std::string& path) {
  // Without O_NONBLOCK the opening of a FIFO would wait for a reader. Regular files do not care.
  Descriptor fd = OpenDescriptor(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY);
  const int error = errno;
  const Result<FileInfo> at_path = InspectPosix(path);
  if (at_path.ok() && at_path->kind != FileInfo::Kind::kRegular) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be a regular file", path, ToText(at_path->kind)));
  }
  if (!fd.is_open()) return CreationStatus(path, "open for appending", error);
  if (base::RetryInterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return base::ErrnoStatus(path, "lock", errno);
    return Status::Unavailable(path + ": is being written by another process");
  }
  // It may have been replaced before the lock was there.
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo locked, InfoOf(fd.get(), path));
  if (!at_path.ok() || !locked.IsSameFileAs(*at_path)) {
    return Status::Unavailable(path + ": was replaced while it was opened; try again");
  }
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(fd), path));
}

}  // namespace foothold::process

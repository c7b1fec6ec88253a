// Writing a whole file. Whatever a path leads to, only a regular file is ever replaced.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>

#include "base/errno.h"
#include "process/files_posix.h"

namespace foothold::process {
namespace {

constexpr int kMostLinks = 40;  // as the kernel follows
/// How long a FIFO may be without a reader.
constexpr std::chrono::seconds kReaderPatience{10};
constexpr std::chrono::milliseconds kReaderLook{20};

/// Where an output goes: a path that is no symbolic link, or a descriptor of this process.
struct Destination {
  std::string path;
  std::optional<int> descriptor;
};

/// N of /dev/fd/N, /dev/stdout's target and the like. Opening that path would begin a regular file
/// from its start, over what the shell's redirection has there.
std::optional<int> OwnDescriptor(const std::filesystem::path& path) {
  std::error_code error;
  const auto parent = std::filesystem::canonical(path.parent_path(), error);
  if (error || parent != std::filesystem::canonical("/proc/self/fd", error) || error) return {};
  const std::string name = path.filename().string();
  int number = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (failure != std::errc() || end != name.data() + name.size()) return {};
  return number;
}

Result<Destination> Resolve(const std::string& path) {
  std::filesystem::path at = path;
  for (int links = 0; links < kMostLinks; ++links) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(at, error);
    if (status.type() != std::filesystem::file_type::symlink) return Destination{at.string(), {}};
    if (const auto own = OwnDescriptor(at)) return Destination{at.string(), own};
    const std::filesystem::path target = std::filesystem::read_symlink(at, error);
    if (error) return base::ErrnoStatus(path, "follow the link", error.value());
    at = at.parent_path() / target;  // which is `target` alone where that is absolute
  }
  return base::ErrnoStatus(path, "follow the link", ELOOP);
}

/// Of a FIFO, when somebody reads it; of a device at once.
Result<Descriptor> OpenToWriteThrough(const std::string& destination, const std::string& path) {
  const auto deadline = std::chrono::steady_clock::now() + kReaderPatience;
  while (true) {
    Descriptor fd = OpenDescriptor(destination, O_WRONLY | O_NONBLOCK | O_NOCTTY);
    if (fd.is_open()) {
      const int flags = ::fcntl(fd.get(), F_GETFL);
      if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
        return base::ErrnoStatus(path, "write", errno);
      }
      return fd;
    }
    if (errno != ENXIO) return base::ErrnoStatus(path, "open", errno);
    if (std::chrono::steady_clock::now() > deadline) {
      return Status::Unavailable(path + ": is a FIFO that nobody reads");
    }
    std::this_thread::sleep_for(kReaderLook);
  }
}

/// Somebody appends to the file: its writer would go on with what no longer has a name.
Status CheckUnused(const std::string& destination, const std::string& path) {
  const Descriptor fd = OpenDescriptor(destination, O_RDONLY | O_NONBLOCK);
  if (!fd.is_open()) return {};  // unreadable, and no log of this user then
  if (base::RetryInterrupted([&] { return ::flock(fd.get(), LOCK_SH | LOCK_NB); }) == 0) return {};
  if (errno != EWOULDBLOCK) return {};  // a file system without locks
  return Status::Unavailable(path + ": is being written by another process");
}

/// All of `data`, on the disk, in the new file `temporary`, with the permissions of `destination`
/// if that exists. Messages name `path`: the user knows no other.
Status WriteTemporary(const std::string& temporary, const std::string& destination,
                      const std::string& path, std::string_view data) {
  Descriptor fd = OpenDescriptor(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (!fd.is_open()) return CreationStatus(path, "create", errno);
  struct stat info {};
  if (::stat(destination.c_str(), &info) == 0 && ::fchmod(fd.get(), info.st_mode & 07777) != 0) {
    return base::ErrnoStatus(path, "keep the permissions", errno);
  }
  FOOTHOLD_RETURN_IF_ERROR(WriteAll(fd.get(), path, data));
  FOOTHOLD_RETURN_IF_ERROR(SyncDescriptor(fd.get(), path));
  if (!fd.Close()) return base::ErrnoStatus(path, "close", errno);
  return {};
}

Status Replace(const std::string& destination, const std::string& path, std::string_view data) {
  static std::atomic<unsigned> counter{0};
  FOOTHOLD_RETURN_IF_ERROR(CheckUnused(destination, path));
  const std::string temporary = fmt::format("{}.tmp.{}.{}", destination, ::getpid(), counter++);
  Status status = WriteTemporary(temporary, destination, path, data);
  if (status.ok() && ::rename(temporary.c_str(), destination.c_str()) != 0) {
    status = base::ErrnoStatus(path, "replace", errno);
  }
  if (!status.ok()) {
    ::unlink(temporary.c_str());
    return status;
  }
  return SyncDirectoryOf(destination);
}

}  // namespace

Status WritePosixFileAtomically(const std::string& path, std::string_view data) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Destination destination, Resolve(path));
  if (destination.descriptor) return WriteAll(*destination.descriptor, path, data);
  const Result<FileInfo> info = InspectPosix(destination.path);
  const auto kind = info.ok() ? info->kind : FileInfo::Kind::kRegular;
  if (kind == FileInfo::Kind::kRegular) return Replace(destination.path, path, data);
  if (kind != FileInfo::Kind::kFifo && kind != FileInfo::Kind::kCharacterDevice) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be a file to write to", path, ToText(kind)));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const Descriptor fd, OpenToWriteThrough(destination.path, path));
  return WriteAll(fd.get(), path, data);
}

}  // namespace foothold::process

#include "process/remove_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/errno.h"
#include "process/descriptor.h"

namespace foothold::process {
namespace {

/// Lets its owner read, change and enter a directory. False with errno.
bool Allow(int parent, const char* name) {
  struct stat info {};
  if (::fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (!S_ISDIR(info.st_mode)) {
    errno = ENOTDIR;
    return false;
  }
  return (info.st_mode & S_IRWXU) == S_IRWXU || ::fchmodat(parent, name, S_IRWXU, 0) == 0;
}

/// Null with errno when it cannot be opened.
DirectoryStream Open(int parent, const char* name) {
  (void)Allow(parent, name);
  Descriptor fd(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return fd.is_open() ? DirectoryStream(::fdopendir(fd.Release())) : nullptr;
}

/// Removes what is no directory, or an empty one; 0 or errno.
int Unlink(int parent, const char* name) {
  if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
  const int error = errno;
  if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
  return errno == ENOTDIR ? error : errno;
}

bool IsNotEmpty(int error) { return error == ENOTEMPTY || error == EEXIST; }

/// Empties a directory in passes. What is in a directory below it is first moved up, so that
/// nothing is ever deeper than two levels.
class Emptier {
 public:
  /// Outlives this.
  explicit Emptier(DIR* root) : root_(root) {}

  /// Whether nothing is left.
  bool Empty() {
    do {
      stuck_ = 0;
      removed_ = false;
      ::rewinddir(root_);
      ForEach(root_, [this](const char* name) { RemoveEntry(name); });
    } while (removed_);
    return stuck_ == 0;
  }

  /// Of what is left, the last pass's; the name and errno of the first one.
  int stuck() const { return stuck_; }
  const std::string& name() const { return name_; }
  int error() const { return error_; }

 private:
  template <typename Visit>
  static void ForEach(DIR* directory, const Visit& visit) {
    while (const dirent* entry = ::readdir(directory)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") visit(entry->d_name);
    }
  }

  void RemoveEntry(const char* name) {
    const int root = ::dirfd(root_);
    int error = Unlink(root, name);
    if (IsNotEmpty(error)) {  // so it is no mount point: that is busy
      const DirectoryStream directory = Open(root, name);
      if (!directory) return Fail(name, errno);
      MoveUp(::dirfd(directory.get()), directory.get());
      error = Unlink(root, name);
    }
    error == 0 ? Progress() : Fail(name, error);
  }

  void MoveUp(int from, DIR* directory) {
    ForEach(directory, [&](const char* name) {
      const int error = Unlink(from, name);
      if (error == 0 || (IsNotEmpty(error) && MoveUpOne(from, name))) Progress();
    });
  }

  /// Under a name that nothing has.
  bool MoveUpOne(int from, const char* name) {
    while (true) {
      const std::string free = fmt::format(".removed.{}", next_++);
      const auto move = [&] { return ::renameat(from, name, ::dirfd(root_), free.c_str()) == 0; };
      // A directory that gets another parent is written to.
      if (move() || (errno == EACCES && Allow(from, name) && move())) return true;
      if (!IsNotEmpty(errno) && errno != ENOTDIR) return false;
    }
  }

  void Progress() { removed_ = true; }

  void Fail(const char* name, int error) {
    if (stuck_++ > 0) return;
    name_ = name;
    error_ = error;
  }

  DIR* root_;
  std::uint64_t next_ = 0;
  bool removed_ = false;
  int stuck_ = 0;
  std::string name_;
  int error_ = 0;
};

}  // namespace

Status RemoveTree(const std::string& path) {
  const int error = Unlink(AT_FDCWD, path.c_str());
  if (error == 0 || error == ENOTDIR) return {};
  if (!IsNotEmpty(error)) return base::ErrnoStatus(path, "remove", error);
  const DirectoryStream root = Open(AT_FDCWD, path.c_str());
  if (!root) return base::ErrnoStatus(path, "open to remove", errno);
  Emptier emptier(root.get());
  if (!emptier.Empty()) {
    const Status first =
        base::ErrnoStatus(path, fmt::format("remove {} in it", emptier.name()), emptier.error());
    if (emptier.stuck() == 1) return first;
    return Status::IoError(
        fmt::format("{}; {} others stay too", first.message(), emptier.stuck() - 1));
  }
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return {};
  return base::ErrnoStatus(path, "remove", errno);
}

}  // namespace foothold::process

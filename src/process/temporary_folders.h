#pragma once

#include <sys/types.h>

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "process/descriptor.h"

namespace foothold::process {

/// The temporary folders of a process, all in one of its own where the system keeps such (TMPDIR):
///
///     TMPDIR/foothold.<pid>.<n>/<prefix>XXXXXX/
///
/// The process holds a lock on the outer one while it lives. Outer ones that nobody holds, of this
/// user, were left by processes that were killed; whoever makes an outer one removes them first.
/// What a candidate does to the outer one is mended at the next call. Thread-safe.
class TemporaryFolders {
 public:
  /// Those of this process.
  static TemporaryFolders& OfThisProcess();

  TemporaryFolders() = default;
  TemporaryFolders(const TemporaryFolders&) = delete;
  TemporaryFolders& operator=(const TemporaryFolders&) = delete;

  /// Removes those of TMPDIR that killed processes left, without making one.
  static void RemoveStale();

  /// A new, empty folder; its path.
  Result<std::string> Create(std::string_view prefix);
  /// To be called when the directory `path` was made: if it is one of these again, it counts again.
  void Made(const std::string& path);
  /// To be called when `path` was removed: the last one takes the outer one with it, and what else
  /// candidates left there.
  void Removed(const std::string& path);

 private:
  struct Outer {
    std::string path;
    std::string parent;
    pid_t pid = 0;                  // a fork of the process needs one of its own
    Descriptor lock;                // of its directory; not locked where the file system cannot
    std::set<std::string> folders;  // those in it that were not removed

    bool IsThere() const;
  };

  Result<Outer*> FindOuter();
  Result<Outer*> MakeOuter(const std::string& parent);

  std::mutex mutex_;
  std::vector<Outer>
      outers_;  // a new one where TMPDIR changed, or a candidate removed the last one
};

}  // namespace foothold::process

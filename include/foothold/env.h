#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/export.h"
#include "foothold/process.h"
#include "foothold/status.h"

namespace foothold {

/// What a path leads to, links followed.
struct FileInfo {
  enum class Kind { kRegular, kDirectory, kFifo, kCharacterDevice, kBlockDevice, kSocket };

  Kind kind = Kind::kRegular;
  std::uint64_t bytes = 0;   ///< its size; of regular files only
  std::uint64_t names = 0;   ///< hard links; 0: it was removed while it was open
  std::uint64_t device = 0;  ///< with `inode`: which file it is, whatever it is called
  std::uint64_t inode = 0;

  bool IsSameFileAs(const FileInfo& other) const {
    return device == other.device && inode == other.inode;
  }
};

/// A file opened for reading from its beginning. Not thread-safe.
class FOOTHOLD_EXPORT InputFile {
 public:
  virtual ~InputFile() = default;
  /// The next bytes, at most `most` > 0 of them; none at the end. When a regular file has grown
  /// since then, the next call returns the new bytes.
  virtual Result<std::string> Read(std::size_t most) = 0;
  /// What was opened, as it is now.
  virtual Result<FileInfo> Info() = 0;
};

/// A regular file opened for appending, which is this writer's alone while it is open. Not
/// thread-safe. The destructor closes without syncing.
class FOOTHOLD_EXPORT AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// Hands all of `data` to the operating system in order; after an error the file may hold a
  /// prefix of it.
  virtual Status Append(std::string_view data) = 0;
  /// Returns when everything appended would survive a power loss. A failure is final: what was
  /// appended may be lost, and every later call fails alike.
  virtual Status Sync() = 0;
  /// Cuts the file to its first `bytes` bytes. REQUIRES: it has as many.
  virtual Status Truncate(std::uint64_t bytes) = 0;
  /// What was opened, as it is now, even if it was renamed or removed since.
  virtual Result<FileInfo> Info() = 0;
};

/// What the real Env may do to the process that uses it. By default it changes nothing about the
/// process, as a library must.
struct EnvOptions {
  /// The process is Foothold's own and starts no other children, as the command `foothold` is. Then
  /// (docs/concepts/isolation.md):
  /// - The first RunProcess may move the process into a cgroup below its own, if it is alone there.
  ///   So the system can limit the memory of its children.
  /// - Processes that its children leave behind become its own children (it is a "subreaper"). So
  ///   they are found and ended even if a child kills the process that watches it.
  bool owns_process = false;
  /// Receives the notes. Called from any thread, one at a time. Empty: notes are dropped.
  std::function<void(const std::string&)> on_note;
};

/// All files, clocks, processes and other outside things that Foothold touches go through an Env,
/// so that tests can fill the disk, tear a line or stop the clock. Thread-safe.
class FOOTHOLD_EXPORT Env {
 public:
  virtual ~Env() = default;

  /// The real one with default options. Never destroyed.
  static Env* Default();
  /// The real one with others. What `owns_process` does to the process outlives it.
  static std::unique_ptr<Env> Create(EnvOptions options);

  /// The most that ReadFile takes into memory unless it is told otherwise.
  static constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;

  /// The whole file. NotFound; InvalidArgument when it holds more than `most_bytes`; or IoError
  /// with the system's reason. Messages begin with the path.
  virtual Result<std::string> ReadFile(const std::string& path, std::uint64_t most_bytes) = 0;
  Result<std::string> ReadFile(const std::string& path) { return ReadFile(path, kMostFileBytes); }
  /// For files that need not be in memory at once. Errors are those of ReadFile.
  virtual Result<std::unique_ptr<InputFile>> OpenForRead(const std::string& path) = 0;
  /// NotFound when there is nothing.
  virtual Result<FileInfo> Inspect(const std::string& path) = 0;
  /// The names in the directory, in alphabetical order, without "." and "..". NotFound when there
  /// is no such directory.
  virtual Result<std::vector<std::string>> ListDirectory(const std::string& path) = 0;
  /// Of files and directories; false also when that cannot be told.
  virtual bool FileExists(const std::string& path) = 0;
  /// Whether `path` is a directory, and no symbolic link to one, that this user can write and
  /// enter. Changes the permissions of a directory that this user owns and cannot enter.
  virtual bool IsUsableDirectory(const std::string& path) = 0;
  /// Creates the file where there is none; keeps what is there. The file is locked, whichever of
  /// its names it was opened by: Unavailable when another writer has it. The operating system ends
  /// the lock when the process dies, however it dies. InvalidArgument when it is no regular file.
  virtual Result<std::unique_ptr<AppendFile>> OpenForAppend(const std::string& path) = 0;
  /// The file holds either its old content or all of `data`, whatever happens: temporary file,
  /// sync, rename. A symbolic link is followed and stays. A FIFO, a terminal, /dev/null or
  /// /dev/stdout is written to and stays what it is; a FIFO must have a reader within ten seconds.
  /// InvalidArgument for anything else that is no regular file; Unavailable while somebody has the
  /// file open for appending.
  virtual Status WriteFileAtomically(const std::string& path, std::string_view data) = 0;
  /// The directory with all its parents; ok for those that are there.
  virtual Status CreateDirectories(const std::string& path) = 0;
  /// Creates an empty temporary directory whose name begins with `prefix`, readable by this user
  /// only, and returns its path. It lies in TMPDIR, in a folder of this process
  /// ("foothold.<pid>.<n>") that is removed with the last directory in it. Such folders of killed
  /// processes are removed first.
  virtual Result<std::string> CreateTemporaryDirectory(std::string_view prefix) = 0;
  /// Removes the file or directory `path` with all that it holds; ok when there is none. Opens
  /// directories of this user that are closed to it, follows no symbolic link, and leaves other
  /// file systems that are mounted there. An error says what stays.
  virtual Status RemoveTree(const std::string& path) = 0;

  /// Runs a program in a sandboxed child process: crashes, hangs and runaway children are contained
  /// and cleaned up. When it returns, the program and everything it started are gone, daemons
  /// included; the same holds when this process dies first.
  ///
  /// The program has a session of its own, an empty stdin, no open files of this process and no
  /// core dumps. Both outputs are drained while it runs. Where this process may divide its cgroup
  /// (v2), the program gets one of its own. A process that cannot be ended (another user's, or one
  /// that is stuck in the system) is waited for some seconds, counted in the result, and noted
  /// once. Works without root. Thread-safe.
  ///
  /// NotFound when there is no such program or directory; InvalidArgument when the program's file
  /// is none, or may not be executed; Unavailable or IoError when the system cannot start a
  /// process: then nothing is known about the program. Cancelled when an InterruptibleEnv was
  /// interrupted.
  virtual Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                           const Cancelled& cancelled) = 0;

  /// How far RunProcess can contain programs here. The first call may do what the first RunProcess
  /// does (EnvOptions::owns_process).
  virtual Containment FindContainment();

  /// Tells the user in one line about trouble that no result reports, such as a folder that cannot
  /// be removed. Only the first note on each `topic` is passed on.
  virtual void Note(const std::string& topic, const std::string& line);

  /// Seconds since 1970, for records. May jump.
  virtual double WallClockSeconds() = 0;
  /// Seconds from an arbitrary start, for durations and budgets. Never goes back.
  virtual double MonotonicSeconds() = 0;
  /// Returns after `seconds` of that clock. REQUIRES: seconds >= 0.
  virtual void Sleep(double seconds) = 0;
};

/// Like `base`, but interruptible: once `interrupt` is true, the running process is killed,
/// RunProcess returns Cancelled and Sleep returns. So a target that was made with it can be
/// interrupted in the middle of a candidate. `base` and `interrupt` must outlive it.
FOOTHOLD_EXPORT std::unique_ptr<Env> MakeInterruptibleEnv(Env& base,
                                                          const std::atomic<bool>& interrupt);

}  // namespace foothold

#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/process.h"
#include "process/descriptor.h"

namespace foothold::process {

/// What cgroups need of a file system, so that tests can be the kernel. Calls that return an int
/// return 0 or an errno. Thread-safe.
class CgroupFiles {
 public:
  virtual ~CgroupFiles() = default;

  /// The real ones; live for ever.
  static CgroupFiles& Default();

  /// The whole file; no value when it cannot be read.
  virtual std::optional<std::string> Read(const std::string& path) = 0;
  /// Into a file that exists, in one go: a write to a cgroup file is a command.
  virtual int Write(const std::string& path, const std::string& text) = 0;
  virtual int MakeDirectory(const std::string& path) = 0;
  virtual int RemoveDirectory(const std::string& path) = 0;
  /// Names, without order.
  virtual std::vector<std::string> Subdirectories(const std::string& path) = 0;
  /// To read, or to be entered by a child; closed when it cannot be opened.
  virtual Descriptor OpenDirectory(const std::string& path) = 0;
  /// Held until it is closed or the process dies; closed when another one has it.
  virtual Descriptor LockDirectory(const std::string& path) = 0;
  /// Whether a child of this process may move itself into that group; tries it.
  virtual bool LetsChildEnter(const std::string& directory) = 0;
};

/// The directory of this process's group, below which it makes groups; empty where there is none.
std::string OwnCgroupDirectory();

/// Removes the groups beside this process's own that killed processes left, with what still runs in
/// them. Whoever sets up a CgroupSubtree does that too.
void RemoveStaleCgroups();

/// The group of one child and all that it starts. The destructor kills what is in it and removes
/// it. Used by one thread at a time.
class Cgroup {
 public:
  /// An empty group that exists, and that nobody else removes.
  Cgroup(CgroupFiles& files, std::string path, const CgroupSupport& support);
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;
  ~Cgroup();

  const std::string& path() const { return path_; }
  int descriptor() const { return directory_.get(); }
  bool limits_memory() const { return support_.memory; }

  /// Kills what is in it now.
  void Kill();
  /// Whether the system killed something in it because it would have exceeded its memory.
  bool RanOutOfMemory() const;
  /// Whether the system refused it a task because it had too many.
  bool RanOutOfTasks() const;
  /// The most memory that it ever had, files in the system's cache included; no value where the
  /// system does not say.
  std::optional<std::uint64_t> PeakMemory() const;

 private:
  CgroupFiles& files_;
  std::string path_;
  CgroupSupport support_;
  Descriptor directory_;
};

/// The part of the cgroup hierarchy in which a process makes groups for its children:
///
///     <the process's own group>/foothold.<pid>.<n>/      made once
///         tuner/                                         the process itself, where it had to move
///         run.<pid>.<n>/                                 one for each child, while it runs
///
/// A group that holds processes cannot hand out memory to groups below it (the rule of "no internal
/// processes", which does not bind the root). So the process moves itself into tuner/, but only if
/// it is alone in its group and may be moved. Otherwise its children get groups without limits.
///
/// What a killed process left is removed by the next one that starts in the same group: each holds
/// a lock on its directory while it lives.
class CgroupSubtree {
 public:
  /// That of this process, set up at the first call. Thread-safe.
  static CgroupSubtree& OfThisProcess();

  /// Lets OfThisProcess move the process, which is Foothold's own. Call it before that.
  static void AllowMoving();

  /// `mounts` and `own` are the contents of /proc/self/mountinfo and /proc/self/cgroup.
  CgroupSubtree(CgroupFiles& files, const std::string& mounts, const std::string& own, pid_t pid,
                bool may_move);
  CgroupSubtree(const CgroupSubtree&) = delete;
  CgroupSubtree& operator=(const CgroupSubtree&) = delete;
  /// Removes its directory, unless the process had to move into it.
  ~CgroupSubtree();

  const CgroupSupport& support() const { return support_; }
  /// A group for one child; null where there is none to be had. Thread-safe.
  std::unique_ptr<Cgroup> MakeGroup(const ProcessLimits& limits);

 private:
  std::string SetUp(const std::string& mounts, const std::string& own);
  bool ChildrenMayEnter();
  std::string MakeDirectory(const std::string& parent);
  std::string EnableControllers(const std::string& parent);

  CgroupFiles& files_;
  pid_t pid_;
  bool may_move_;
  std::string directory_;  // empty: there is none
  Descriptor lock_;
  CgroupSupport support_;
  std::atomic<int> next_{0};
};

}  // namespace foothold::process

#include "process/cgroup.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

namespace foothold::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kCgroupPrefix = "foothold.";
constexpr std::string_view kRunPrefix = "run.";
/// What was killed needs a moment to be gone. Longer than this only a process that is stuck in the
/// system takes; its group stays until the next start.
constexpr auto kRemovalTime = std::chrono::seconds(2);
constexpr auto kRemovalPause = std::chrono::milliseconds(1);

/// Tasks are threads, and a limit is on processes, which is held by looking. The kernel's limit is
/// for what grows faster than one can look.
constexpr int kTasksPerProcess = 32;
constexpr int kFewestTasks = 1024;

/// Of OfThisProcess.
std::atomic<bool> moving_is_allowed = false;

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// Of "memory pids\n".
bool HasWord(const std::optional<std::string>& text, std::string_view word) {
  if (!text) return false;
  const std::string_view line = std::string_view(*text).substr(0, text->find('\n'));
  const std::vector<std::string_view> words = Split(line, ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::uint64_t Number(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Of lines like "oom_kill 3".
std::uint64_t Count(const std::optional<std::string>& text, std::string_view name) {
  if (!text) return 0;
  for (const std::string_view line : Split(*text, '\n')) {
    const std::vector<std::string_view> words = Split(line, ' ');
    if (words.size() == 2 && words[0] == name) return Number(words[1]);
  }
  return 0;
}

struct Hierarchy {
  std::string mount;      // empty: there is none
  std::string directory;  // of this process's group in it; empty: it is not shown there
};

Hierarchy FindHierarchy(const std::string& mounts, std::string_view group) {
  Hierarchy found;
  for (const std::string_view line : Split(mounts, '\n')) {
    // proc(5): "36 35 98:0 ROOT POINT options [optional]... - TYPE source options"
    const std::size_t dash = line.find(" - cgroup2 ");
    if (dash == std::string_view::npos) continue;
    const std::vector<std::string_view> fields = Split(line.substr(0, dash), ' ');
    if (fields.size() < 5) continue;
    found.mount = fields[4];
    const std::string_view root = fields[3] == "/" ? "" : fields[3];
    if (!StartsWith(group, root)) continue;
    std::string_view below = group.substr(root.size());
    if (below == "/") below = "";
    if (!below.empty() && (below[0] != '/' || StartsWith(below, "/.."))) continue;
    found.directory = fmt::format("{}{}", fields[4], below);
    return found;
  }
  return found;
}

/// "0::/user.slice/session-2.scope": the v2 one; empty: there is none.
std::string OwnGroup(const std::string& own) {
  for (const std::string_view line : Split(own, '\n')) {
    if (StartsWith(line, "0::")) return std::string(line.substr(3));
  }
  return "";
}

/// Removes a group with those below it when all in them is dead, or stuck.
void RemoveDying(CgroupFiles& files, const std::string& path, Clock::time_point end) {
  while (true) {
    for (const std::string& name : files.Subdirectories(path)) {
      RemoveDying(files, path + "/" + name, end);
    }
    const int error = files.RemoveDirectory(path);
    if ((error != EBUSY && error != ENOTEMPTY) || Clock::now() > end) return;
    std::this_thread::sleep_for(kRemovalPause);
  }
}

/// Kills all that is in and below a group, and removes it with those below.
void Remove(CgroupFiles& files, const std::string& path) {
  files.Write(path + "/cgroup.kill", "1");
  RemoveDying(files, path, Clock::now() + kRemovalTime);
}

/// What dead processes left. Only groups of candidates are killed: in tuner/ may live what else a
/// process started that uses Foothold as a library.
void RemoveStale(CgroupFiles& files, const std::string& parent) {
  for (const std::string& name : files.Subdirectories(parent)) {
    if (!StartsWith(name, kCgroupPrefix)) continue;
    const std::string path = parent + "/" + name;
    const Descriptor lock = files.LockDirectory(path);
    if (!lock.is_open()) continue;
    for (const std::string& group : files.Subdirectories(path)) {
      if (StartsWith(group, kRunPrefix)) Remove(files, path + "/" + group);
      files.RemoveDirectory(path + "/" + group);
    }
    files.RemoveDirectory(path);
  }
}

}  // namespace

void RemoveStaleCgroups() {
  const std::string own = OwnCgroupDirectory();
  if (!own.empty()) RemoveStale(CgroupFiles::Default(), own);
}

std::string OwnCgroupDirectory() {
  CgroupFiles& files = CgroupFiles::Default();
  return FindHierarchy(files.Read("/proc/self/mountinfo").value_or(""),
                       OwnGroup(files.Read("/proc/self/cgroup").value_or("")))
      .directory;
}

Cgroup::Cgroup(CgroupFiles& files, std::string path, const CgroupSupport& support)
    : files_(files),
      path_(std::move(path)),
      support_(support),
      directory_(files.OpenDirectory(path_)) {}

Cgroup::~Cgroup() { Remove(files_, path_); }

void Cgroup::Kill() { files_.Write(path_ + "/cgroup.kill", "1"); }

bool Cgroup::RanOutOfMemory() const {
  if (!support_.memory) return false;
  const std::optional<std::string> events = files_.Read(path_ + "/memory.events");
  // A kill without "oom" is the whole machine's lack of memory, and says nothing about this group.
  return Count(events, "oom_kill") > 0 && Count(events, "oom") > 0;
}

bool Cgroup::RanOutOfTasks() const {
  return support_.processes && Count(files_.Read(path_ + "/pids.events"), "max") > 0;
}

std::optional<std::uint64_t> Cgroup::PeakMemory() const {
  if (!support_.memory) return std::nullopt;
  const std::optional<std::string> peak = files_.Read(path_ + "/memory.peak");  // Linux 5.19
  return peak ? std::optional(Number(*peak)) : std::nullopt;
}

CgroupSubtree& CgroupSubtree::OfThisProcess() {
  static CgroupSubtree subtree = [] {
    CgroupFiles& files = CgroupFiles::Default();
    return CgroupSubtree(files, files.Read("/proc/self/mountinfo").value_or(""),
                         files.Read("/proc/self/cgroup").value_or(""), ::getpid(),
                         moving_is_allowed);
  }();
  return subtree;
}

void CgroupSubtree::AllowMoving() { moving_is_allowed = true; }

CgroupSubtree::CgroupSubtree(CgroupFiles& files, const std::string& mounts, const std::string& own,
                             pid_t pid, bool may_move)
    : files_(files), pid_(pid), may_move_(may_move) {
  support_.missing = SetUp(mounts, own);
}

CgroupSubtree::~CgroupSubtree() {
  // A fork of the process is not the owner.
  if (!directory_.empty() && ::getpid() == pid_) files_.RemoveDirectory(directory_);
}

/// What is missing.
std::string CgroupSubtree::SetUp(const std::string& mounts, const std::string& own) {
  const std::string group = OwnGroup(own);
  const Hierarchy hierarchy = FindHierarchy(mounts, group);
  if (group.empty() || hierarchy.mount.empty()) return "no cgroups v2 are mounted here";
  support_.delegable = HasWord(files_.Read(hierarchy.mount + "/cgroup.controllers"), "memory") &&
                       HasWord(files_.Read(hierarchy.mount + "/cgroup.controllers"), "pids");
  const std::string& parent = hierarchy.directory;
  if (parent.empty()) return fmt::format("{} does not show the cgroup {}", hierarchy.mount, group);
  RemoveStale(files_, parent);
  if (std::string error = MakeDirectory(parent); !error.empty()) return error;
  std::string missing = EnableControllers(parent);
  support_.groups = ChildrenMayEnter();
  if (support_.groups) return missing;
  support_.memory = support_.processes = false;
  files_.RemoveDirectory(directory_);
  directory_.clear();
  return fmt::format("no process may enter a cgroup below {}", parent);
}

/// The kernel refuses processes to some groups ("domain invalid"), and a sandbox to all.
bool CgroupSubtree::ChildrenMayEnter() {
  const std::string probe = directory_ + "/probe";
  const bool may = files_.MakeDirectory(probe) == 0 &&
                   files_.Write(probe + "/cgroup.kill", "1") == 0 &&  // Linux 5.14
                   files_.LetsChildEnter(probe);
  Remove(files_, probe);
  return may;
}

/// Why it could not be made; empty when it was.
std::string CgroupSubtree::MakeDirectory(const std::string& parent) {
  for (int number = 0;; ++number) {
    directory_ = fmt::format("{}/{}{}.{}", parent, kCgroupPrefix, pid_, number);
    int error = files_.MakeDirectory(directory_);
    // Another one that starts may have taken it for a dead one's before it was locked.
    if (error == 0) lock_ = files_.LockDirectory(directory_);
    if (error == 0 && lock_.is_open()) return "";
    if (error == EEXIST || error == 0) continue;
    directory_.clear();
    return fmt::format("the cgroup {} may not be divided: {}", parent, std::strerror(error));
  }
}

std::string CgroupSubtree::EnableControllers(const std::string& parent) {
  const std::optional<std::string> available = files_.Read(parent + "/cgroup.controllers");
  if (!HasWord(available, "memory") && !HasWord(available, "pids")) {
    return fmt::format("the cgroup {} has neither the controller memory nor pids", parent);
  }
  const bool is_root = !files_.Read(parent + "/cgroup.type");
  if (!is_root) {
    const std::optional<std::string> processes = files_.Read(parent + "/cgroup.procs");
    if (processes != fmt::format("{}\n", pid_)) {
      return fmt::format(
          "the cgroup {} holds other processes too, so it cannot give memory to groups below it",
          parent);
    }
    if (!may_move_) {
      return fmt::format(
          "this process stays in its cgroup {}, so that cannot give memory to groups below it",
          parent);
    }
    const std::string tuner = directory_ + "/tuner";
    files_.MakeDirectory(tuner);
    const int error = files_.Write(tuner + "/cgroup.procs", std::to_string(pid_));
    if (error != 0) {
      files_.RemoveDirectory(tuner);
      return fmt::format("this process may not move below the cgroup {}: {}", parent,
                         std::strerror(error));
    }
  }
  const auto enable = [&](const std::string& controller) {
    for (const std::string& group : {parent, directory_}) {
      files_.Write(group + "/cgroup.subtree_control", "+" + controller);
    }
    return HasWord(files_.Read(directory_ + "/cgroup.subtree_control"), controller);
  };
  support_.memory = enable("memory");
  support_.processes = enable("pids");
  if (support_.memory && support_.processes) return "";
  return fmt::format("the cgroup {} gives its groups no controller {}", parent,
                     support_.memory ? "pids" : "memory");
}

std::unique_ptr<Cgroup> CgroupSubtree::MakeGroup(const ProcessLimits& limits) {
  if (!support_.groups) return nullptr;
  std::string path;
  int error = EEXIST;
  while (error == EEXIST) {
    // Not pid_: a fork of the process makes groups beside the process's own.
    path = fmt::format("{}/{}{}.{}", directory_, kRunPrefix, ::getpid(), next_++);
    error = files_.MakeDirectory(path);
  }
  if (error != 0) return nullptr;
  auto group = std::make_unique<Cgroup>(files_, path, support_);
  bool limited = group->descriptor() >= 0;
  if (support_.memory && limits.memory_bytes) {
    limited = limited &&
              files_.Write(path + "/memory.max", std::to_string(*limits.memory_bytes)) == 0 &&
              files_.Write(path + "/memory.oom.group", "1") == 0;
    files_.Write(path + "/memory.swap.max", "0");  // there is none without swap
  }
  if (support_.processes && limits.processes) {
    const int tasks = std::max(kFewestTasks, *limits.processes * kTasksPerProcess);
    limited = limited && files_.Write(path + "/pids.max", std::to_string(tasks)) == 0;
  }
  return limited ? std::move(group) : nullptr;
}

}  // namespace foothold::process

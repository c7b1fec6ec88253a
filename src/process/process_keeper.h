#pragma once

#include <sys/resource.h>

#include <array>
#include <cstdint>

namespace foothold::internal {

// Between the tuner and each child program stands a keeper: a forked copy of the tuner that execs
// nothing and only watches. It is a "child subreaper", so whatever the program starts stays below
// it, even a daemon; when the program ends, or the tuner says so or dies, it kills and reaps
// everything there, and reports.

/// A limit of setrlimit.
struct ResourceLimit {
  int resource = 0;
  rlim_t soft = 0;
  rlim_t hard = 0;
};

/// All that the keeper needs, prepared before the fork: afterwards it may not allocate.
struct KeeperOrders {
  const char* program = nullptr;    ///< path; relative to `directory`
  char* const* argv = nullptr;      ///< ends with a null
  char* const* environ = nullptr;   ///< ends with a null
  const char* directory = nullptr;  ///< null: stay
  std::array<ResourceLimit, 4> limits;
  int limit_count = 0;

  int control = -1;  ///< reads KeeperCommands; its end means that the tuner died
  int report = -1;   ///< writes KeeperReports
  int out = -1;
  int err = -1;

  /// The program's own cgroup, its directory: it starts in there, and is killed as one. -1: none.
  int cgroup = -1;
  const char* cgroup_path = nullptr;  ///< of the same, for its removal when the tuner is dead
};

/// What the tuner tells the keeper, one byte each.
enum KeeperCommand : char {
  kTerminate = 'T',  ///< SIGTERM to the program's process group
  kKill = 'K',       ///< SIGKILL to all, then report
};

/// What the keeper tells the tuner; small enough for a pipe to take it whole.
struct KeeperReport {
  enum Kind : std::int32_t {
    kStarted,      ///< the program runs; `pid`
    kCannotStart,  ///< `error` is the errno, `step` what failed; the last report
    kEnded,        ///< everything is gone and reaped; the last report
  };
  enum Step : std::int32_t { kFork, kEnterCgroup, kEnterDirectory, kSetLimit, kExecute };

  Kind kind = kStarted;
  std::int32_t pid = 0;
  std::int32_t error = 0;
  Step step = kFork;
  std::int32_t wait_status = 0;  ///< of the program, as from waitpid
  std::int32_t left_behind = 0;  ///< other processes that were there when the program had ended
  std::int64_t cpu_micros = 0;   ///< user and system time of all that was reaped
};

/// The whole life of a keeper: never returns. For the child of a fork of a process that may have
/// threads, so it calls nothing that is not async-signal-safe. REQUIRES: all signals are blocked.
[[noreturn]] void KeepProcess(const KeeperOrders& orders);

}  // namespace foothold::internal

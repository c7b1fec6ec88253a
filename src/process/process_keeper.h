#pragma once

#include <sys/resource.h>

#include <array>
#include <cstdint>

namespace foothold::process {

// Between the tuner and each child program stands a keeper: a forked copy of the tuner that execs
// nothing and only watches. It is a "child subreaper", so whatever the program starts stays below
// it, even a daemon; when the program ends, or the tuner says so or dies, it kills and reaps
// everything there, and reports. What it cannot end it leaves after kKeeperPatienceSeconds.

/// For so long the keeper tries to end what is left below it.
inline constexpr double kKeeperPatienceSeconds = 10;

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

  /// A socket: reads KeeperCommands, whose end means that the tuner died; writes KeeperReports.
  int channel = -1;
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

/// What the keeper tells the tuner; small enough for a socket to take it whole. A candidate that
/// gets hold of the socket may write there too, so whoever reads must check it with IsReport.
struct KeeperReport {
  static constexpr std::uint64_t kMark = 0x466f6f74686f6c64;

  enum Kind : std::int32_t {
    kStarted,      ///< the program runs; `pid`
    kCannotStart,  ///< `error` is the errno, `step` what failed; the last report
    kEnded,        ///< everything is gone, or out of reach; the last report
  };
  enum Step : std::int32_t { kPrepare, kFork, kEnterCgroup, kEnterDirectory, kSetLimit, kExecute };

  std::uint64_t mark = kMark;
  Kind kind = kStarted;
  std::int32_t pid = 0;
  std::int32_t error = 0;
  Step step = kFork;
  std::int32_t reaped = 0;       ///< whether `wait_status` is known: the program is gone
  std::int32_t wait_status = 0;  ///< of the program, as from waitpid
  std::int32_t left_behind = 0;  ///< other processes that were there when the program had ended
  /// Children of the keeper that it could not end: another user's, stuck in the system, or not to
  /// be found without /proc.
  std::int32_t out_of_reach = 0;
  std::int64_t cpu_micros = 0;  ///< user and system time of all that was reaped

  bool IsReport(std::int64_t bytes_read) const {
    return bytes_read == static_cast<std::int64_t>(sizeof *this) && mark == kMark;
  }
};

/// The whole life of a keeper: never returns. For the child of a fork of a process that may have
/// threads, so it calls nothing that is not async-signal-safe. REQUIRES: all signals are blocked.
[[noreturn]] void KeepProcess(const KeeperOrders& orders);

}  // namespace foothold::process

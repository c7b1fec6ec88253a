#include "process/process_keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <utility>

#include "process/vfork_into_cgroup.h"

// Nothing in this file may allocate, lock, throw, or call what does: it runs in the child of a fork
// while other threads of the parent may have held any lock.
namespace foothold::internal {
namespace {

constexpr int kChildFailed = 127;

void Write(int fd, const KeeperReport& report) {
  while (::write(fd, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

/// Signals as a program expects to find them: exec keeps the blocked and the ignored ones.
void ResetSignals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void CloseRange(unsigned first, unsigned last) {
  if (first > last || ::close_range(first, last, 0) == 0) return;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto end = static_cast<unsigned>(std::min<rlim_t>(files.rlim_cur, 1 << 16));
  for (unsigned fd = first; fd <= last && fd < end; ++fd) ::close(static_cast<int>(fd));
}

/// Moves the descriptors above the standard ones, which become /dev/null, and closes all others: an
/// inherited one would keep another child's pipe or the log's lock alive.
void KeepOnly(std::array<int*, 5> kept) {
  for (int* fd : kept) *fd = ::fcntl(*fd, F_DUPFD_CLOEXEC, 3);  // -1 stays -1
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
  std::sort(kept.begin(), kept.end(), [](const int* a, const int* b) { return *a < *b; });
  unsigned next = 3;
  for (const int* fd : kept) {
    if (*fd < 0) continue;
    const auto used = static_cast<unsigned>(*fd);
    if (used > next) CloseRange(next, used - 1);
    next = used + 1;
  }
  CloseRange(next, UINT_MAX);
}

/// A command to a cgroup.
bool WriteTo(int cgroup, const char* file, const char* text) {
  const int fd = ::openat(cgroup, file, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::write(fd, text, std::strlen(text)) >= 0;
  ::close(fd);
  return done;
}

/// The child: becomes the program, or writes to `failed` why it cannot. It shares the keeper's
/// memory until then.
[[noreturn]] void BecomeProgram(const KeeperOrders& orders, pid_t keeper, bool in_cgroup,
                                int failed) {
  KeeperReport report;
  report.kind = KeeperReport::kCannotStart;
  const auto fail = [&](KeeperReport::Step step) {
    report.error = errno;
    report.step = step;
    Write(failed, report);
    ::_exit(kChildFailed);
  };
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a program that kills its keeper dies with it
  if (::getppid() != keeper) ::_exit(kChildFailed);
  if (orders.cgroup >= 0 && !in_cgroup && !WriteTo(orders.cgroup, "cgroup.procs", "0")) {
    fail(KeeperReport::kEnterCgroup);
  }
  if (orders.directory != nullptr && ::chdir(orders.directory) != 0) {
    fail(KeeperReport::kEnterDirectory);
  }
  ::dup2(orders.out, 1);
  ::dup2(orders.err, 2);
  for (int i = 0; i < orders.limit_count; ++i) {
    const ResourceLimit& limit = orders.limits[static_cast<std::size_t>(i)];
    rlimit now{};
    ::getrlimit(static_cast<__rlimit_resource_t>(limit.resource), &now);
    const rlimit wanted{std::min(limit.soft, now.rlim_max), std::min(limit.hard, now.rlim_max)};
    if (::setrlimit(static_cast<__rlimit_resource_t>(limit.resource), &wanted) != 0) {
      fail(KeeperReport::kSetLimit);
    }
  }
  // When memory runs out, the candidate goes before the tuner. Best effort.
  if (const int score = ::open("/proc/self/oom_score_adj", O_WRONLY); score >= 0) {
    (void)!::write(score, "1000", 4);
    ::close(score);
  }
  ResetSignals();
  ::execve(orders.program, orders.argv, orders.environ);
  fail(KeeperReport::kExecute);
  ::_exit(kChildFailed);
}

/// BecomeProgram's arguments for a child that is in its cgroup already.
struct Birth {
  const KeeperOrders& orders;
  pid_t keeper;
  int failed;
};
void BeBorn(void* birth) {
  const auto& [orders, keeper, failed] = *static_cast<Birth*>(birth);
  BecomeProgram(orders, keeper, true, failed);
}

class Keeper {
 public:
  explicit Keeper(const KeeperOrders& orders) : orders_(orders) {}

  void Keep() {
    if (!Start()) return;
    Watch();
    KillAll();
    // The tuner removes it, having read its counters; unless it is dead.
    if (tuner_died_ && orders_.cgroup_path != nullptr) ::rmdir(orders_.cgroup_path);
    report_.kind = KeeperReport::kEnded;
    Write(orders_.report, report_);
  }

 private:
  bool Start();
  void Watch();
  bool ProgramEnded();
  void KillAll();
  void KillChildren() const;
  void Account(pid_t pid, int wait_status, const rusage& usage);

  const KeeperOrders& orders_;
  pid_t program_ = -1;
  bool killed_ = false;      // on the tuner's order, or because of its death
  bool tuner_died_ = false;  // or closed its end, which comes to the same
  KeeperReport report_;
};

/// Starts the program and waits until it is one: its memory is its own from exec on.
bool Keeper::Start() {
  int started[2] = {-1, -1};
  const pid_t keeper = ::getpid();
  if (::pipe2(started, O_CLOEXEC) == 0) {
    Birth birth{orders_, keeper, started[1]};
    if (orders_.cgroup >= 0) program_ = VforkIntoCgroup(orders_.cgroup, BeBorn, &birth);
    // vfork, because a fork would copy the page tables of what may be a large tuner once more. The
    // keeper has one thread, and the child changes nothing that the keeper reads.
    if (program_ < 0) program_ = ::vfork();
    if (program_ == 0) BecomeProgram(orders_, keeper, false, started[1]);
  }
  if (program_ < 0) {
    report_.kind = KeeperReport::kCannotStart;
    report_.error = errno;
    Write(orders_.report, report_);
    return false;
  }
  ::close(started[1]);
  ssize_t got = 0;
  KeeperReport failure;
  do {
    got = ::read(started[0], &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  ::close(started[0]);
  if (got == sizeof failure) {
    ::waitpid(program_, nullptr, 0);
    Write(orders_.report, failure);
    return false;
  }
  report_.pid = program_;
  Write(orders_.report, report_);
  // The program alone holds its outputs now.
  ::close(orders_.out);
  ::close(orders_.err);
  return true;
}

/// Until the program has ended, or all is to end.
void Keeper::Watch() {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGCHLD);
  const int signals = ::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  while (!ProgramEnded()) {
    std::array<pollfd, 2> ready{{{orders_.control, POLLIN, 0}, {signals, POLLIN, 0}}};
    // The time limit is for a system that gave no signalfd.
    ::poll(ready.data(), ready.size(), signals < 0 ? 10 : 1000);
    signalfd_siginfo ignored;
    while (signals >= 0 && ::read(signals, &ignored, sizeof ignored) > 0) {
    }
    if (ready[0].revents == 0) continue;
    char command = kKill;
    const ssize_t got = ::read(orders_.control, &command, 1);
    if (got < 0) continue;
    if (got == 0 || command == kKill) {
      killed_ = true;
      tuner_died_ = got == 0;
      return;
    }
    ::kill(-program_, SIGTERM);
  }
}

/// Reaps orphans that ended meanwhile. The program itself stays a zombie, so that its process group
/// cannot be another's yet when it is killed.
bool Keeper::ProgramEnded() {
  while (true) {
    siginfo_t ended{};
    if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD;
    if (ended.si_pid == 0) return false;
    if (ended.si_pid == program_) return true;
    int wait_status = 0;
    rusage usage{};
    if (::wait4(ended.si_pid, &wait_status, 0, &usage) > 0) {
      Account(ended.si_pid, wait_status, usage);
    }
  }
}

/// Returns when nothing is left below the keeper.
void Keeper::KillAll() {
  ::kill(-program_, SIGKILL);
  if (orders_.cgroup >= 0) WriteTo(orders_.cgroup, "cgroup.kill", "1");
  while (true) {
    KillChildren();
    int wait_status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &wait_status, WNOHANG, &usage);
    if (pid < 0 && errno == ECHILD) return;
    if (pid == 0) ::poll(nullptr, 0, 1);
    if (pid <= 0) continue;
    Account(pid, wait_status, usage);
    const bool was_killed = WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL;
    if (pid != program_ && was_killed && !killed_) ++report_.left_behind;
  }
}

/// Kills the keeper's own children. Theirs become its own when they die, and their turn comes.
void Keeper::KillChildren() const {
  // "thread-self" rather than a number: nothing here may format one.
  const int fd = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {  // a kernel without it: what left the group is out of reach
    ::kill(program_, SIGKILL);
    return;
  }
  std::array<char, 4096> text;
  pid_t pid = 0;
  ssize_t got = 0;
  while ((got = ::read(fd, text.data(), text.size())) > 0) {
    for (ssize_t i = 0; i < got; ++i) {
      const char c = text[static_cast<std::size_t>(i)];
      if (c >= '0' && c <= '9') {
        pid = pid * 10 + (c - '0');
      } else if (pid > 0) {
        ::kill(std::exchange(pid, 0), SIGKILL);
      }
    }
  }
  ::close(fd);
}

void Keeper::Account(pid_t pid, int wait_status, const rusage& usage) {
  if (pid == program_) report_.wait_status = wait_status;
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    report_.cpu_micros += std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
  }
}

}  // namespace

void KeepProcess(const KeeperOrders& given) {
  ::signal(SIGCHLD, SIG_DFL);  // were it ignored, the system would reap for us
  ::setsid();                  // the terminal's signals are for the tuner
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "foothold-keeper");
  KeeperOrders orders = given;
  KeepOnly({&orders.control, &orders.report, &orders.out, &orders.err, &orders.cgroup});
  Keeper(orders).Keep();
  ::_exit(0);
}

}  // namespace foothold::internal

#include "process/process_keeper.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <utility>

#include "process/process_tree.h"
#include "process/vfork_into_cgroup.h"

// Nothing in this file may allocate, lock, throw, or call what does: it runs in the child of a fork
// while other threads of the parent may have held any lock.
namespace foothold::process {
namespace {

constexpr int kChildFailed = 127;

/// After SIGKILL only what is stuck inside the system is still there.
constexpr int kKeeperPatienceMs = static_cast<int>(kKeeperPatienceSeconds * 1000);
/// What may not be killed, or cannot be found, may still end by itself: `sudo` after its command.
constexpr int kOutOfReachMs = 1000;
constexpr int kLongestPauseMs = 20;

std::int64_t NowMs() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

/// SIGPIPE is blocked.
void Write(int fd, const KeeperReport& report) {
  while (::write(fd, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

/// Also the two that the C library keeps to itself and never blocks (32 and 33): a candidate may
/// send them, and they would end the keeper.
void BlockAllSignals() {
  const std::uint64_t all = ~std::uint64_t{0};
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, nullptr, sizeof all);
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

/// Closes all others than `kept`, of which -1 is none: an inherited one would keep another child's
/// pipe or the log's lock alive.
void CloseAllBut(std::array<int, 4> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned next = 0;
  for (const int fd : kept) {
    if (fd < 0) continue;
    const auto used = static_cast<unsigned>(fd);
    if (used > next) CloseRange(next, used - 1);
    next = used + 1;
  }
  CloseRange(next, UINT_MAX);
}

/// Moves the descriptors above the standard ones, which become /dev/null, and closes all others;
/// false with errno if the system has not enough of them.
bool KeepOnly(std::array<int*, 4> kept) {
  // First of all, so that a low limit is enough for the rest.
  CloseAllBut({*kept[0], *kept[1], *kept[2], *kept[3]});
  for (int* fd : kept) {
    if (*fd < 0) continue;
    const int moved = ::fcntl(*fd, F_DUPFD_CLOEXEC, 3);
    if (moved < 0) return false;
    ::close(std::exchange(*fd, moved));
  }
  int null = ::open("/dev/null", O_RDWR);
  if (null < 0) {  // a candidate has removed it; this is as empty
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return false;
    ::close(ends[1]);
    null = ends[0];
  }
  for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
  if (null > 2) ::close(null);
  return true;
}

/// The list of this thread's children, to be read again and again; -1 where the system has none.
int OpenChildren() {
  if (!ProcIsOfThisNamespace()) return -1;
  // "thread-self" rather than a number: nothing here may format one.
  return ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
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
    // A limit that the tuner itself is under holds for its candidates too.
    const rlimit wanted{std::min(limit.soft, now.rlim_cur), std::min(limit.hard, now.rlim_max)};
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
    if (!Prepare() || !Start()) return;
    Watch();
    ::epoll_ctl(events_, EPOLL_CTL_DEL, orders_.channel, nullptr);  // nothing more to be told
    KillAll();
    // The tuner removes it, having read its counters; unless it is dead.
    if (tuner_died_ && orders_.cgroup_path != nullptr) ::rmdir(orders_.cgroup_path);
    report_.kind = KeeperReport::kEnded;
    Write(orders_.channel, report_);
  }

 private:
  /// What killing the keeper's children came to.
  struct Reach {
    int children = 0;  // that it has, dead ones that are not reaped yet among them
    int refused = 0;   // of them, those that this user may not kill
  };

  bool Listen(int fd) const;
  bool Prepare();
  bool Start();
  bool CannotStart(KeeperReport::Step step);
  void Watch();
  bool AwaitEvent(int milliseconds) const;
  bool ProgramEnded();
  void KillAll();
  bool ReapAll();
  Reach KillChildren() const;
  void Account(pid_t pid, int wait_status, const rusage& usage);

  const KeeperOrders& orders_;
  // All open before the program starts, which may lower our limit of descriptors.
  int events_ = -1;
  int signals_ = -1;
  int children_ = -1;    // -1: the system does not list them
  int kill_group_ = -1;  // -1: there is no group
  pid_t program_ = -1;
  bool killed_ = false;      // on the tuner's order, or because of its death
  bool tuner_died_ = false;  // or closed its end, which comes to the same
  KeeperReport report_;
};

bool Keeper::CannotStart(KeeperReport::Step step) {
  report_.kind = KeeperReport::kCannotStart;
  report_.error = errno;
  report_.step = step;
  Write(orders_.channel, report_);
  return false;
}

bool Keeper::Listen(int fd) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return ::epoll_ctl(events_, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool Keeper::Prepare() {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGCHLD);
  signals_ = ::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  // Unlike poll, it works when a candidate has taken our descriptors' limit away.
  events_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (signals_ < 0 || events_ < 0 || !Listen(signals_) || !Listen(orders_.channel)) {
    return CannotStart(KeeperReport::kPrepare);
  }
  errno = 0;
  children_ = OpenChildren();
  if (children_ < 0 && errno == EMFILE) return CannotStart(KeeperReport::kPrepare);
  if (orders_.cgroup < 0) return true;
  kill_group_ = ::openat(orders_.cgroup, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  return kill_group_ >= 0 || CannotStart(KeeperReport::kPrepare);
}

/// Starts the program and waits until it is one: its memory is its own from exec on.
bool Keeper::Start() {
  int started[2] = {-1, -1};
  const pid_t keeper = ::getpid();
  if (::pipe2(started, O_CLOEXEC) != 0) return CannotStart(KeeperReport::kPrepare);
  Birth birth{orders_, keeper, started[1]};
  if (orders_.cgroup >= 0) program_ = VforkIntoCgroup(orders_.cgroup, BeBorn, &birth);
  // vfork, because a fork would copy the page tables of what may be a large tuner once more. The
  // keeper has one thread, and the child changes nothing that the keeper reads.
  if (program_ < 0) program_ = ::vfork();
  if (program_ == 0) BecomeProgram(orders_, keeper, false, started[1]);
  if (program_ < 0) return CannotStart(KeeperReport::kFork);
  ::close(started[1]);
  ssize_t got = 0;
  KeeperReport failure;
  do {
    got = ::read(started[0], &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  ::close(started[0]);
  if (got == sizeof failure) {
    ::waitpid(program_, nullptr, 0);
    Write(orders_.channel, failure);
    return false;
  }
  report_.pid = program_;
  Write(orders_.channel, report_);
  // The program alone holds its outputs now.
  ::close(orders_.out);
  ::close(orders_.err);
  return true;
}

/// Until the program has ended, or all is to end.
void Keeper::Watch() {
  while (!ProgramEnded()) {
    if (!AwaitEvent(1000)) continue;
    char command = kKill;
    const ssize_t got = ::read(orders_.channel, &command, 1);
    if (got < 0) continue;
    if (got == 0 || command == kKill) {
      killed_ = true;
      tuner_died_ = got == 0;
      return;
    }
    ::kill(-program_, SIGTERM);
  }
}

/// Until a child ends, the tuner says something, or so many milliseconds have passed; whether the
/// tuner says something.
bool Keeper::AwaitEvent(int milliseconds) const {
  epoll_event event{};
  const bool some = ::epoll_wait(events_, &event, 1, milliseconds) > 0;
  signalfd_siginfo ignored;
  while (::read(signals_, &ignored, sizeof ignored) > 0) {
  }
  return some && event.data.fd == orders_.channel;
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

/// Returns when nothing is left below the keeper, or nothing that it can end.
void Keeper::KillAll() {
  ::kill(-program_, SIGKILL);
  if (kill_group_ >= 0) (void)!::write(kill_group_, "1", 1);
  const std::int64_t start = NowMs();
  for (int pause = 1;; pause = std::min(2 * pause, kLongestPauseMs)) {
    const Reach reach = KillChildren();
    if (ReapAll()) return;
    const bool in_reach = reach.refused < reach.children;
    report_.out_of_reach = std::max(1, in_reach ? reach.children : reach.refused);
    if (NowMs() - start >= (in_reach ? kKeeperPatienceMs : kOutOfReachMs)) return;
    AwaitEvent(pause);
  }
}

/// All that have ended; whether there is no child any more.
bool Keeper::ReapAll() {
  while (true) {
    int wait_status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &wait_status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) report_.out_of_reach = 0;
    if (pid <= 0) return pid < 0;
    Account(pid, wait_status, usage);
    const bool was_killed = WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL;
    if (pid != program_ && was_killed && !killed_) ++report_.left_behind;
  }
}

/// Kills the keeper's own children. Theirs become its own when they die, and their turn comes.
Keeper::Reach Keeper::KillChildren() const {
  Reach reach;
  const auto kill = [&reach](pid_t pid) {
    ++reach.children;
    if (::kill(pid, SIGKILL) != 0 && errno == EPERM) ++reach.refused;
  };
  if (children_ < 0) {  // what left the group is out of reach
    if (report_.reaped == 0) kill(program_);
    return reach;
  }
  std::array<char, 4096> text;
  pid_t pid = 0;
  ssize_t got = 0;
  ::lseek(children_, 0, SEEK_SET);
  while ((got = ::read(children_, text.data(), text.size())) > 0) {
    for (ssize_t i = 0; i < got; ++i) {
      const char c = text[static_cast<std::size_t>(i)];
      if (c >= '0' && c <= '9') {
        pid = pid * 10 + (c - '0');
      } else if (pid > 0) {
        kill(std::exchange(pid, 0));
      }
    }
  }
  return reach;
}

void Keeper::Account(pid_t pid, int wait_status, const rusage& usage) {
  if (pid == program_) {
    report_.wait_status = wait_status;
    report_.reaped = 1;
  }
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    report_.cpu_micros += std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
  }
}

}  // namespace

void KeepProcess(const KeeperOrders& given) {
  BlockAllSignals();
  ::signal(SIGCHLD, SIG_DFL);  // were it ignored, the system would reap for us
  ::setsid();                  // the terminal's signals are for the tuner
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "foothold-keeper");
  KeeperOrders orders = given;
  if (KeepOnly({&orders.channel, &orders.out, &orders.err, &orders.cgroup})) {
    Keeper(orders).Keep();
  } else {
    KeeperReport report;
    report.kind = KeeperReport::kCannotStart;
    report.error = errno;
    Write(orders.channel, report);
  }
  ::_exit(0);
}

}  // namespace foothold::process

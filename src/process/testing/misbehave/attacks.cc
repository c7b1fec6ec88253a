#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "process/testing/misbehave/kinds.h"

namespace misbehave {
namespace {

pid_t Keeper() { return ::getppid(); }

/// The keeper's parent.
pid_t Tuner() {
  const std::string path = "/proc/" + std::to_string(Keeper()) + "/stat";
  FILE* file = std::fopen(path.c_str(), "r");
  int parent = 0;
  // Keepers have no parentheses in their name.
  if (file == nullptr || std::fscanf(file, "%*d (%*[^)]) %*c %d", &parent) != 1) std::exit(99);
  std::fclose(file);
  if (parent <= 1) std::exit(99);
  return parent;
}

void KillKeeper() {
  ::kill(Keeper(), SIGKILL);
  Linger();
}

void StopKeeperOften() {
  const pid_t keeper = Keeper();
  LeaveBehind(false);
  Fork([keeper] {
    ::setsid();
    while (::kill(keeper, SIGSTOP) == 0) ::usleep(1000);
  });
  ::usleep(50'000);
}

/// Every signal that a process can be sent, those that stop or kill for sure aside.
void SignalKeeper() {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) ::kill(Keeper(), signal);
  }
}

void Trace(pid_t pid, bool seize) {
  if (seize) {
    ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr);
    ::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr);
  } else {
    ::ptrace(PTRACE_ATTACH, pid, nullptr, nullptr);
  }
  ::waitpid(pid, nullptr, __WALL);
}

/// The keeper stays traced when the candidate has ended.
void TraceKeeperFromDaemon() {
  const pid_t keeper = Keeper();
  Fork([keeper] {
    ::setsid();
    Trace(keeper, true);
    Linger();
  });
  ::usleep(100'000);
}

void LimitKeeper() {
  const rlimit none{0, 0};
  for (const auto resource : {RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_DATA,
                              RLIMIT_STACK, RLIMIT_SIGPENDING}) {
    ::prlimit(Keeper(), resource, &none, nullptr);
  }
  LeaveBehind(true);
}

void LimitKeepersTime() {
  const rlimit none{0, 0};
  ::prlimit(Keeper(), RLIMIT_CPU, &none, nullptr);
  ::usleep(100'000);
}

/// Writes into whatever the keeper holds open, as if it were its report.
void GarbleKeeper(bool large) {
  const std::string noise(large ? 5000 : 5, 'x');
  const auto keeper = static_cast<int>(::syscall(SYS_pidfd_open, Keeper(), 0));
  for (int fd = 3; fd < 64; ++fd) {
    const auto copy = static_cast<int>(::syscall(SYS_pidfd_getfd, keeper, fd, 0));
    if (copy < 0) continue;
    ::fcntl(copy, F_SETFL, O_NONBLOCK);
    (void)!::write(copy, noise.data(), noise.size());
    ::close(copy);
  }
}

/// The same by /proc, which takes no rights to trace.
void GarbleKeeperByPath() {
  for (int fd = 3; fd < 64; ++fd) {
    const std::string path = "/proc/" + std::to_string(Keeper()) + "/fd/" + std::to_string(fd);
    const int copy = ::open(path.c_str(), O_WRONLY | O_NONBLOCK);
    if (copy < 0) continue;
    (void)!::write(copy, "xxxxx", 5);
    ::close(copy);
  }
}

void CloseKeepersChannel() {
  const auto keeper = static_cast<int>(::syscall(SYS_pidfd_open, Keeper(), 0));
  for (int fd = 3; fd < 64; ++fd) {
    const auto copy = static_cast<int>(::syscall(SYS_pidfd_getfd, keeper, fd, 0));
    if (copy >= 0) ::shutdown(copy, 2);
  }
  Linger();
}

void KillKeeperWithDaemon() {
  LeaveBehind(true);
  KillKeeper();
}

void LeaveCgroup() {
  // Wherever it may, to the root of the hierarchy.
  for (const char* path : {"/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/unified/cgroup.procs"}) {
    if (FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "0\n");
      std::fclose(file);
    }
  }
}

void LimitItself() {
  const rlimit few{3, 3};
  ::setrlimit(RLIMIT_NOFILE, &few);
}

/// Of its own; SIGXCPU comes after a second of spinning.
void LimitItsTime() {
  const rlimit one{1, 1};
  ::setrlimit(RLIMIT_CPU, &one);
  volatile unsigned long count = 0;
  while (true) count = count + 1;
}

void DropRights() {
  (void)!::setgid(65534);
  if (::setuid(65534) != 0) std::exit(99);
}

/// Of a program that is root's and setuid.
void BecomeRoot() {
  if (::setresuid(0, 0, 0) != 0) std::exit(99);
}

}  // namespace

void AddAttacks(Actions& actions) {
  actions.merge(Actions{
      {"kill_keeper", [](int) { KillKeeper(); }},
      {"kill_keeper_and_daemon", [](int) { KillKeeperWithDaemon(); }},
      {"kill_keeper_outside_cgroup", [](int) { LeaveCgroup(), KillKeeperWithDaemon(); }},
      {"stop_keeper", [](int) { ::kill(Keeper(), SIGSTOP); }},
      {"stop_keeper_and_hang", [](int) { ::kill(Keeper(), SIGSTOP), Linger(); }},
      {"stop_keeper_often", [](int) { StopKeeperOften(); }},
      {"signal_keeper", [](int) { SignalKeeper(); }},
      {"trace_keeper", [](int) { Trace(Keeper(), false); }},
      {"trace_keeper_and_hang", [](int) { Trace(Keeper(), true), Linger(); }},
      {"trace_keeper_from_daemon", [](int) { TraceKeeperFromDaemon(); }},
      {"limit_keeper", [](int) { LimitKeeper(); }},
      {"limit_keepers_time", [](int) { LimitKeepersTime(); }},
      {"garble_keeper", [](int) { GarbleKeeper(false); }},
      {"garble_keeper_much", [](int) { GarbleKeeper(true); }},
      {"garble_keeper_by_path", [](int) { GarbleKeeperByPath(); }},
      {"close_keepers_channel", [](int) { CloseKeepersChannel(); }},
      {"leave_cgroup", [](int) { LeaveCgroup(), LeaveBehind(true); }},
      {"limit_itself", [](int) { LimitItself(); }},
      {"limit_its_time", [](int) { LimitItsTime(); }},
      {"drop_rights", [](int) { DropRights(), Fork([] { ::setsid(), Linger(); }); }},
      {"become_root_and_leave_daemon", [](int) { BecomeRoot(), LeaveBehind(true); }},
      {"close_files",
       [](int) {
         for (int fd = 0; fd < 1024; ++fd) ::close(fd);
       }},
      {"kill_group", [](int) { ::kill(0, SIGKILL); }},
      {"kill_tuner", [](int) { ::kill(Tuner(), SIGKILL), Linger(); }},
      {"terminate_tuner", [](int) { ::kill(Tuner(), SIGTERM), Linger(); }},
      {"interrupt_tuner", [](int) { ::kill(Tuner(), SIGINT), Linger(); }},
      {"hang_up_tuner", [](int) { ::kill(Tuner(), SIGHUP), Linger(); }},
      {"crash_tuner", [](int) { ::kill(Tuner(), SIGSEGV), Linger(); }},
      {"stop_tuner_briefly",
       [](int) {
         const pid_t tuner = Tuner();
         ::kill(tuner, SIGSTOP);
         ::usleep(200'000);
         ::kill(tuner, SIGCONT);
       }},
  });
}

}  // namespace misbehave

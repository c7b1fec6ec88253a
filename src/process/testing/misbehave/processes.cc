#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "process/testing/misbehave/kinds.h"

namespace misbehave {
namespace {

constexpr unsigned kLifetimeSeconds = 60;
constexpr std::size_t kMegabyte = 1 << 20;

void Sign() {
  const char* path = std::getenv("MISBEHAVE_SIGN");
  FILE* file = std::fopen(path != nullptr ? path : "left_behind", "a");
  if (file == nullptr) std::exit(99);
  std::fprintf(file, "%d\n", static_cast<int>(::getpid()));
  std::fclose(file);
}

[[noreturn]] void Spin() {
  volatile unsigned long count = 0;
  while (true) count = count + 1;
}

void BlockAllSignals() {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
}

void IgnoreAllSignals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_IGN);
}

void CloseAll() {
  for (int fd = 0; fd < 1024; ++fd) ::close(fd);
}

/// A process that is always another one: who kills by list comes too late.
[[noreturn]] void Hydra() {
  while (true) {
    if (::fork() != 0) ::_exit(0);
    ::alarm(kLifetimeSeconds);
  }
}

void Allocate(unsigned pause_us) {
  for (int i = 0; i < 1024; ++i) {
    void* volatile memory =
        std::malloc(kMegabyte);  // volatile: a compiler may leave out what nothing uses
    if (memory == nullptr) ::abort();
    std::memset(memory, i, kMegabyte);
    if (pause_us > 0) ::usleep(pause_us);
  }
}

void AllocateInChildren() {
  for (int i = 0; i < 4; ++i) {
    Fork([] {
      std::vector<char> memory(24 * kMegabyte, 1);
      Linger();
    });
  }
  Linger();
}

void MapMuch() {
  for (int i = 0; i < 64; ++i) {
    (void)::mmap(nullptr, std::size_t{1} << 36, PROT_NONE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
}

int Recurse(int depth) {
  volatile char frame[4096];
  frame[depth % 4096] = static_cast<char>(depth);
  return depth == 0 ? frame[0] : Recurse(depth + 1) + frame[depth % 4096];
}

void StartThreads() {
  std::vector<std::thread> threads;
  try {
    while (threads.size() < 200) threads.emplace_back([] { Linger(); });
  } catch (const std::exception&) {  // as many as there may be
  }
  Linger();
}

void ForkMany(int count) {
  for (int i = 0; i < count; ++i) Fork(Linger);
  Linger();
}

/// Doubles until there are 256.
void ForkBomb() {
  for (int i = 0; i < 8; ++i) {
    if (::fork() == 0) ::alarm(kLifetimeSeconds);
  }
  Linger();
}

/// Much memory for one process, of which its children have no copy of their own.
void ShareMemory() {
  constexpr std::size_t kBytes = 40 << 20;
  const std::vector<char> block(kBytes, 1);
  for (int i = 0; i < 4; ++i) Fork(Linger);
  ::usleep(200'000);
  if (block[kBytes / 2] != 1) ::_exit(99);
}

void WaitForChild() { ::waitpid(Fork(Linger), nullptr, 0); }

void WaitForLock() {
  Fork([] {
    (void)!::flock(::open(".", O_RDONLY), LOCK_EX);
    Linger();
  });
  ::usleep(100'000);
  (void)!::flock(::open(".", O_RDONLY), LOCK_EX);
}

void WaitForFifo() {
  (void)!::mkfifo("fifo", 0600);
  (void)!::open("fifo", O_RDONLY);
}

void WaitForVfork() {
  if (::vfork() == 0) Linger();
}

void PrintForEver(FILE* stream) {
  const std::string line(1023, 'x');
  while (std::fprintf(stream, "%s\n", line.c_str()) > 0) {
  }
}

void Trickle() {
  while (::write(1, ".", 1) == 1) ::usleep(10'000);
}

/// Becomes a daemon of the system, so far as that can be told from inside.
void Daemonize() {
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  CloseAll();
  ::prctl(PR_SET_NAME, "kworker/0:1");
  if (::chdir("/") != 0) ::_exit(99);
}

void LeaveGrandchildren() {
  for (int i = 0; i < 5; ++i) LeaveBehind(true);
}

void LeaveHydra() {
  Fork([] {
    Daemonize();
    Hydra();
  });
}

void LeaveInNewNamespace() {
  Fork([] {
    // Where that is not allowed, it is a daemon all the same.
    (void)::unshare(CLONE_NEWPID | CLONE_NEWNS);
    if (::fork() != 0) Linger();
    Daemonize();
    Linger();
  });
}

void LeaveStopped() {
  Fork([] { ::raise(SIGSTOP); });
}

}  // namespace

[[noreturn]] void Linger() {
  while (true) ::pause();
}

int Fork(const std::function<void()>& child) {
  const int pid = ::fork();
  if (pid < 0) std::exit(99);
  if (pid > 0) return pid;
  ::alarm(kLifetimeSeconds);
  child();
  ::_exit(0);
}

void LeaveBehind(bool as_daemon) {
  int signed_pipe[2];
  if (::pipe(signed_pipe) != 0) std::exit(99);
  Fork([&] {
    if (as_daemon) {
      ::setsid();
      if (::fork() != 0) ::_exit(0);
      for (int fd = 0; fd < 3; ++fd) ::close(fd);
      ::alarm(kLifetimeSeconds);
    }
    ::signal(SIGTERM, SIG_IGN);
    Sign();
    if (::write(signed_pipe[1], "", 1) != 1) ::_exit(99);
    Linger();
  });
  char byte = 0;
  if (::read(signed_pipe[0], &byte, 1) != 1) std::exit(99);
}

void AddProcesses(Actions& actions) {
  actions.merge(Actions{
      {"hang", [](int) { Linger(); }},
      {"hang_blocking_signals", [](int) { BlockAllSignals(), Linger(); }},
      {"hang_ignoring_signals", [](int) { IgnoreAllSignals(), Linger(); }},
      {"hang_without_files", [](int) { CloseAll(), Linger(); }},
      {"hang_in_child", [](int) { WaitForChild(); }},
      {"hang_in_lock", [](int) { WaitForLock(); }},
      {"hang_in_fifo", [](int) { WaitForFifo(); }},
      {"hang_in_vfork", [](int) { WaitForVfork(); }},
      {"hang_in_hydra", [](int) { Hydra(); }},
      {"hang_with_daemon", [](int) { LeaveBehind(true), Linger(); }},
      {"hang_after_result",
       [](int number) {
         std::printf("%d\n", number);
         std::fflush(stdout);
         Linger();
       }},
      {"hang_trickling", [](int) { Trickle(); }},
      {"ignore_sigterm",
       [](int) {
         ::signal(SIGTERM, SIG_IGN);
         LeaveBehind(true);
         Linger();
       }},
      {"close_output",
       [](int) {
         ::close(1);
         ::close(2);
         Linger();
       }},
      {"spin", [](int) { Spin(); }},
      {"spin_in_child", [](int) { Fork(Spin), Linger(); }},
      {"spin_in_daemon", [](int) { Fork([] { Daemonize(), Spin(); }), Linger(); }},
      {"spin_in_threads",
       [](int) {
         std::thread([] { Spin(); }).detach();
         Spin();
       }},
      {"allocate", [](int) { Allocate(500); }},
      {"allocate_at_once", [](int) { Allocate(0); }},
      {"allocate_in_children", [](int) { AllocateInChildren(); }},
      {"map_much", [](int) { MapMuch(); }},
      {"share_memory", [](int) { ShareMemory(); }},
      {"recurse", [](int) { Recurse(1); }},
      {"start_threads", [](int) { StartThreads(); }},
      {"fork_many", [](int count) { ForkMany(count); }},
      {"fork_bomb", [](int) { ForkBomb(); }},
      {"leave_zombies",
       [](int) {
         for (int i = 0; i < 5; ++i) Fork([] {});
       }},
      {"print", [](int) { PrintForEver(stdout); }},
      {"print_errors", [](int) { PrintForEver(stderr); }},
      {"leave_child", [](int) { LeaveBehind(false); }},
      {"leave_daemon", [](int) { LeaveBehind(true); }},
      {"leave_daemons", [](int) { LeaveGrandchildren(); }},
      {"leave_hidden_daemon", [](int) { Fork([] { Daemonize(), Linger(); }); }},
      {"leave_hydra", [](int) { LeaveHydra(); }},
      {"leave_namespace", [](int) { LeaveInNewNamespace(); }},
      {"leave_stopped", [](int) { LeaveStopped(); }},
  });
}

}  // namespace misbehave

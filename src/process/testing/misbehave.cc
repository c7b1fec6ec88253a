// misbehave KIND [NUMBER]: a candidate that does what candidates do when they are wrong. For the
// tests of everything that must survive it. Harmless by itself: every kind is bounded, and ends
// after a minute. Unless it is gone by then, it prints NUMBER as its seconds.
//
// What it leaves behind signs the file that MISBEHAVE_SIGN names with its process id; without it, a
// file in the current directory.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr unsigned kLifetimeSeconds = 60;
constexpr std::size_t kMegabyte = 1 << 20;

[[noreturn]] void Linger() {
  while (true) ::pause();
}

/// Writes this process's id to the file that the test looks into.
void Sign() {
  const char* path = std::getenv("MISBEHAVE_SIGN");
  FILE* file = std::fopen(path != nullptr ? path : "left_behind", "a");
  if (file == nullptr) std::exit(99);
  std::fprintf(file, "%d\n", static_cast<int>(::getpid()));
  std::fclose(file);
}

/// Starts a process that signs and lingers. Returns in the parent when it has signed.
void LeaveBehind(bool as_daemon) {
  int signed_pipe[2];
  if (::pipe(signed_pipe) != 0) std::exit(99);
  if (::fork() == 0) {
    if (as_daemon) {
      ::setsid();
      if (::fork() != 0) ::_exit(0);
      for (int fd = 0; fd < 3; ++fd) ::close(fd);
    }
    ::alarm(kLifetimeSeconds);
    ::signal(SIGTERM, SIG_IGN);
    Sign();
    if (::write(signed_pipe[1], "", 1) != 1) ::_exit(99);
    Linger();
  }
  char byte = 0;
  if (::read(signed_pipe[0], &byte, 1) != 1) std::exit(99);
}

void Allocate() {
  for (int i = 0; i < 1024; ++i) {
    void* memory = std::malloc(kMegabyte);
    if (memory == nullptr) ::abort();
    std::memset(memory, i, kMegabyte);
    ::usleep(500);
  }
}

void Print(FILE* stream) {
  const std::string line(1023, 'x');
  for (int i = 0; i < 1 << 20; ++i) std::fprintf(stream, "%s\n", line.c_str());
}

void ForkMany(int count) {
  for (int i = 0; i < count; ++i) {
    if (::fork() == 0) {
      ::alarm(kLifetimeSeconds);
      Linger();
    }
  }
  Linger();
}

void FillFile() {
  const std::string megabyte(kMegabyte, 'x');
  const int fd = ::open("filled", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  for (int i = 0; i < 64; ++i) {
    if (::write(fd, megabyte.data(), megabyte.size()) < 0) std::exit(98);
  }
}

void Spin() {
  volatile unsigned long count = 0;
  while (true) count = count + 1;
}

/// A command target has numbers for parameters, so the kinds have numbers too.
std::string KindOf(const std::string& argument) {
  static const char* const kinds[] = {
      "behave",    "crash",        "exit",        "hang",         "spin",           "allocate",
      "print",     "print_errors", "leave_child", "leave_daemon", "ignore_sigterm", "close_output",
      "fork_many", "fill_file",    "kill_parent", "wrong_result", "print_nothing",
  };
  constexpr int kCount = sizeof kinds / sizeof *kinds;
  if (argument.empty() || argument.find_first_not_of("0123456789") != std::string::npos) {
    return argument;
  }
  const int number = std::atoi(argument.c_str());
  return number < kCount ? kinds[number] : "";
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(kLifetimeSeconds);
  const std::string kind = KindOf(argc > 1 ? argv[1] : "");
  const int number = argc > 2 ? std::atoi(argv[2]) : 0;
  if (kind == "crash") ::raise(SIGSEGV);
  if (kind == "exit") return number;
  if (kind == "hang") Linger();
  if (kind == "spin") Spin();
  if (kind == "allocate") Allocate();
  if (kind == "print") Print(stdout);
  if (kind == "print_errors") Print(stderr);
  if (kind == "leave_child") LeaveBehind(false);
  if (kind == "leave_daemon") LeaveBehind(true);
  if (kind == "ignore_sigterm") {
    ::signal(SIGTERM, SIG_IGN);
    LeaveBehind(true);
    Linger();
  }
  if (kind == "close_output") {
    ::close(1);
    ::close(2);
    Linger();
  }
  if (kind == "fork_many") ForkMany(number);
  if (kind == "fill_file") FillFile();
  if (kind == "kill_parent") {
    ::kill(::getppid(), SIGKILL);
    Linger();
  }
  if (kind == "print_nothing") return 0;
  if (kind == "wrong_result") {
    std::printf("{\"seconds\": 1e-9, \"correct\": false}\n");
    return 0;
  }
  // The well-behaved end: a time, as a program for the command target prints it.
  std::printf("%d\n", number);
  return 0;
}

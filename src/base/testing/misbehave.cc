// misbehave KIND [NUMBER]: a candidate that does what candidates do when they are wrong. For the
// tests of everything that must survive it. Harmless by itself: every kind is bounded, and ends
// after a minute.
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
void Sign(const char* path) {
  FILE* file = std::fopen(path, "a");
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
    Sign("left_behind");
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

}  // namespace

int main(int argc, char** argv) {
  ::alarm(kLifetimeSeconds);
  const std::string kind = argc > 1 ? argv[1] : "";
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
  // The well-behaved end: a time, as a program for the command target prints it.
  std::printf("%d\n", number);
  return 0;
}

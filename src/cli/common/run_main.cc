#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "base/signal_sender.h"
#include "cli/common/program.h"
#include "cli/common/stream_env.h"
#include "foothold/env.h"

namespace foothold::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// Time to end what runs and to save. What asks twice sooner, such as a shell and `timeout` both, or
// a nervous finger, asks once.
constexpr std::time_t kSavingSeconds = 2;
volatile std::sig_atomic_t first_second = 0;

// Of a write that failed: the write says so itself.
bool IsOfOwnWrite(int signal, const siginfo_t& info) {
  return (signal == SIGPIPE || signal == SIGXFSZ) &&
         (info.si_code == SI_KERNEL || info.si_pid == getpid());
}

// The first Ctrl-C asks for a clean end; one that comes when that had its time ends at once. What a
// candidate sends is nobody's wish.
void OnSignal(int signal, siginfo_t* info, void* /*context*/) {
  if (IsOfOwnWrite(signal, *info)) return;
  const base::SignalSender sender = base::SenderOf(*info);
  if (sender == base::SignalSender::kCandidate) return;
  base::NoteInterrupt(sender);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (!interrupted) first_second = static_cast<std::sig_atomic_t>(now.tv_sec);
  if (now.tv_sec - first_second > kSavingSeconds) {
    std::signal(signal, SIG_DFL);
    raise(signal);  // delivered when this handler returns
  }
  interrupted = true;
}

// All that would end the process without a trace of a bug. SIGQUIT stays as it is: it asks for a
// core dump. What was to be ignored from the start, as by nohup, stays ignored.
void InstallSignals() {
  struct sigaction action {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  for (const int signal : {SIGHUP, SIGPIPE, SIGXFSZ, SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM,
                           SIGPROF, SIGIO, SIGPWR}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

// A standard stream that was closed would be the number of the next file that is opened: the log,
// say, with the table in it. What stands there instead cannot be written to.
void OccupyStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    while (fcntl(stream, F_GETFD) == -1 && errno == EBADF) {
      if (open("/dev/null", O_RDONLY) < 0) break;
    }
  }
}

}  // namespace

int RunMain(const Program& program, int argc, const char* const* argv) {
  OccupyStandardStreams();
  InstallSignals();
  std::vector<std::string> notes;  // shown last, where no progress line hides them
  const auto real = Env::Create(
      {.owns_process = true, .on_note = [&](const std::string& line) { notes.push_back(line); }});
  const auto interruptible = MakeInterruptibleEnv(*real, interrupted);
  const auto env = MakeStreamEnv(*interruptible);
  const int exit_code = static_cast<int>(RunCommandLine(program, argc, argv, {*env, interrupted}));
  for (const std::string& note : notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return exit_code;
}

}  // namespace foothold::cli

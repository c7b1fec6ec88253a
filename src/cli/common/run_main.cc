#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "cli/common/program.h"
#include "foothold/env.h"
#include "process/signal_sender.h"

namespace foothold::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// Time to end what runs and to save. What asks twice sooner, such as a shell and `timeout` both, or
// a nervous finger, asks once.
constexpr std::time_t kSavingSeconds = 2;
volatile std::sig_atomic_t first_second = 0;

// The first Ctrl-C asks for a clean end; one that comes when that had its time ends at once. What a
// candidate sends is nobody's wish.
void OnInterrupt(int signal, siginfo_t* info, void* /*context*/) {
  const SignalSender sender = SenderOf(*info);
  if (sender == SignalSender::kCandidate) return;
  NoteInterrupt(sender);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (!interrupted) first_second = static_cast<std::sig_atomic_t>(now.tv_sec);
  if (now.tv_sec - first_second > kSavingSeconds) {
    std::signal(signal, SIG_DFL);
    raise(signal);  // delivered when this handler returns
  }
  interrupted = true;
}

void InstallInterrupt() {
  struct sigaction action {};
  action.sa_sigaction = OnInterrupt;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

int RunMain(const Program& program, int argc, const char* const* argv) {
  InstallInterrupt();
  std::vector<std::string> notes;  // shown last, where no progress line hides them
  const auto real = Env::Create(
      {.owns_process = true, .on_note = [&](const std::string& line) { notes.push_back(line); }});
  const auto env = MakeInterruptibleEnv(*real, interrupted);
  const int exit_code = static_cast<int>(RunCommandLine(program, argc, argv, {*env, interrupted}));
  for (const std::string& note : notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return exit_code;
}

}  // namespace foothold::cli

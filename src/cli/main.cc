#include <csignal>

#include "cli/command.h"

namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

void OnInterrupt(int /*signal*/) { interrupted = true; }

// The first Ctrl-C asks for a clean end; the second finds the default handler and ends at once.
void InstallInterrupt() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  InstallInterrupt();
  const foothold::cli::Session session{*foothold::Env::Default(), interrupted};
  return static_cast<int>(foothold::cli::RunCommandLine(argc, argv, session));
}

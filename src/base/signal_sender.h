#pragma once

#include <csignal>
#include <cstdint>

namespace foothold::base {

/// Who asked this process to end by a signal.
enum class SignalSender : std::uint8_t {
  kUser,       ///< the terminal, the system, a supervisor, a user's shell: anybody outside
  kCandidate,  ///< a process that descends from this one
  kGone,       ///< a process that has ended by now: it cannot be told which of the two it was
};

/// Of the signal that a handler was given. Async-signal-safe; keeps errno.
SignalSender SenderOf(const siginfo_t& signal);

/// For the handler that ends a run, and for who asks afterwards what it was: remembers whether the
/// sender was kGone. Async-signal-safe.
void NoteInterrupt(SignalSender sender);
bool InterruptSenderIsGone();

}  // namespace foothold::base

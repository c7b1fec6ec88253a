#include "base/signal_sender.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace foothold::base {
namespace {

std::atomic<bool> sender_is_gone = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

/// More ancestors than any process has that a candidate starts within its limits of processes.
constexpr int kMostAncestors = 1024;

/// "/proc/PID/stat" into `path`, which has room for it.
void WritePath(pid_t pid, char* path) {
  char digits[16];
  int count = 0;
  for (; pid > 0; pid /= 10) digits[count++] = static_cast<char>('0' + pid % 10);
  for (const char c : std::string_view("/proc/")) *path++ = c;
  while (count > 0) *path++ = digits[--count];
  for (const char c : std::string_view("/stat")) *path++ = c;
  *path = '\0';
}

/// Of a process that may be a zombie; 0: it is outside this namespace; -1: there is no such
/// process. Calls nothing that a handler may not.
pid_t ParentOf(pid_t pid) {
  char path[32];
  WritePath(pid, path);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[512];
  const ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  if (size <= 0) return -1;
  text[size] = '\0';
  // PID (NAME) STATE PARENT; the name may hold anything, the last parenthesis ends it.
  const char* after_name = std::strrchr(text, ')');
  if (after_name == nullptr || std::strlen(after_name) < 5) return -1;
  pid_t parent = 0;
  for (const char* c = after_name + 4; *c >= '0' && *c <= '9'; ++c) parent = 10 * parent + *c - '0';
  return parent;
}

SignalSender KindOf(pid_t sender) {
  const pid_t self = getpid();
  if (sender == self || ParentOf(self) < 0) return SignalSender::kUser;  // no /proc to look at
  pid_t pid = sender;
  for (int i = 0; i < kMostAncestors && pid > 0; ++i) {
    if (pid == self) return SignalSender::kCandidate;
    pid = ParentOf(pid);
    if (pid < 0) return SignalSender::kGone;
  }
  return SignalSender::kUser;
}

}  // namespace

SignalSender SenderOf(const siginfo_t& signal) {
  // Only these codes say who sent it. What comes from outside this process's namespace has pid 0.
  const bool by_process =
      signal.si_code == SI_USER || signal.si_code == SI_QUEUE || signal.si_code == SI_TKILL;
  if (!by_process || signal.si_pid <= 0) return SignalSender::kUser;
  const int saved = errno;
  const SignalSender sender = KindOf(signal.si_pid);
  errno = saved;
  return sender;
}

void NoteInterrupt(SignalSender sender) { sender_is_gone = sender == SignalSender::kGone; }

bool InterruptSenderIsGone() { return sender_is_gone; }

}  // namespace foothold::base

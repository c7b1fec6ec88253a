#include "base/signal_sender.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace foothold::base {
namespace {

siginfo_t From(pid_t pid, int code = SI_USER) {
  siginfo_t info{};
  info.si_code = code;
  info.si_pid = pid;
  return info;
}

/// Ends when this does.
class Child {
 public:
  Child() : pid_(fork()) {
    if (pid_ != 0) return;
    for (;;) pause();
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  const pid_t pid_;
};

TEST(SignalSender, TheTerminalAndOtherNamespacesAreTheUser) {
  EXPECT_EQ(SenderOf(From(getpid() + 1, SI_KERNEL)), SignalSender::kUser);
  EXPECT_EQ(SenderOf(From(0)), SignalSender::kUser);
}

TEST(SignalSender, ThisProcessAndItsAncestorsAreTheUser) {
  EXPECT_EQ(SenderOf(From(getpid())), SignalSender::kUser);
  EXPECT_EQ(SenderOf(From(getppid())), SignalSender::kUser);
  EXPECT_EQ(SenderOf(From(1)), SignalSender::kUser);
}

TEST(SignalSender, AChildIsACandidateAlsoWhenItIsAZombie) {
  const Child child;
  EXPECT_EQ(SenderOf(From(child.pid())), SignalSender::kCandidate);
  EXPECT_EQ(SenderOf(From(child.pid(), SI_QUEUE)), SignalSender::kCandidate);
  kill(child.pid(), SIGKILL);
  siginfo_t dead{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child.pid()), &dead, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(SenderOf(From(child.pid())), SignalSender::kCandidate);
}

TEST(SignalSender, AGrandchildInASessionOfItsOwnIsACandidate) {
  int pipe_of_pids[2];
  ASSERT_EQ(pipe(pipe_of_pids), 0);
  const pid_t child = fork();
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      setsid();
      for (;;) pause();
    }
    (void)!write(pipe_of_pids[1], &grandchild, sizeof grandchild);
    for (;;) pause();
  }
  pid_t grandchild = 0;
  ASSERT_EQ(read(pipe_of_pids[0], &grandchild, sizeof grandchild),
            static_cast<ssize_t>(sizeof grandchild));
  EXPECT_EQ(SenderOf(From(grandchild)), SignalSender::kCandidate);
  kill(grandchild, SIGKILL);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST(SignalSender, WhoHasEndedIsGone) {
  pid_t pid = 0;
  {
    const Child child;
    pid = child.pid();
  }
  EXPECT_EQ(SenderOf(From(pid)), SignalSender::kGone);
  errno = 42;
  SenderOf(From(pid));
  EXPECT_EQ(errno, 42);
}

TEST(SignalSender, RemembersWhetherTheLastOneWasGone) {
  NoteInterrupt(SignalSender::kGone);
  EXPECT_TRUE(InterruptSenderIsGone());
  NoteInterrupt(SignalSender::kUser);
  EXPECT_FALSE(InterruptSenderIsGone());
}

}  // namespace
}  // namespace foothold::base

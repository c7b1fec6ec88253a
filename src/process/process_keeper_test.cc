// What candidates do to the process that watches over them, and what they leave behind it.
#include "process/process_keeper.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "process/testing/process_fixture.h"

namespace foothold::process {
namespace {

class KeeperTest : public ProcessTest {};

TEST_F(KeeperTest, KillingTheKeeperIsTheEndOfTheProgram) {
  const ProcessCommand command = Misbehave("kill_keeper");
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kLost);
  EXPECT_EQ(Describe(result, command.limits),
            "ended together with the process that watched over it");
}

TEST_F(KeeperTest, AStoppedKeeperIsWoken) {
  EXPECT_TRUE(MustRun(Misbehave("stop_keeper", 5)).succeeded());
  EXPECT_TRUE(MustRun(Misbehave("stop_keeper_often", 5)).succeeded());
  ProcessCommand hung = Misbehave("stop_keeper_and_hang");
  hung.limits.wall_s = 0.2;
  EXPECT_EQ(MustRun(hung).end, ProcessEnd::kWallLimit);
}

TEST_F(KeeperTest, ATracedKeeperIsReplacedByTheTuner) {
  EXPECT_TRUE(MustRun(Misbehave("trace_keeper", 5)).succeeded()) << "freed by its tracer's end";
  EXPECT_EQ(MustRun(Misbehave("trace_keeper_and_hang")).end, ProcessEnd::kLost);
  // The daemon may be too late, on a machine that has much to do.
  const ProcessEnd end = MustRun(Misbehave("trace_keeper_from_daemon")).end;
  EXPECT_TRUE(end == ProcessEnd::kLost || end == ProcessEnd::kExited);
}

TEST_F(KeeperTest, AKeeperWithoutLimitsLeftDoesItsWork) {
  const ProcessResult result = MustRun(Misbehave("limit_keeper", 5));
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.left_behind, 1);
  EXPECT_EQ(LeftBehind().size(), 1U);  // and TearDown sees it gone
}

TEST_F(KeeperTest, ADamagedReportIsALostProcess) {
  EXPECT_EQ(MustRun(Misbehave("garble_keeper", 5)).end, ProcessEnd::kLost);
  EXPECT_EQ(MustRun(Misbehave("garble_keeper_much", 5)).end, ProcessEnd::kLost);
  EXPECT_EQ(MustRun(Misbehave("close_keepers_channel", 5)).end, ProcessEnd::kLost);
  EXPECT_TRUE(MustRun(Misbehave("garble_keeper_by_path", 5)).succeeded());
}

/// In a child that owns itself; whether `body` returned true there.
template <typename Body>
bool InAProcessOfItsOwn(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto env = Env::Create({.owns_process = true, .on_note = nullptr});
    ::_exit(body(*env) ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(KeeperTest, AnOwnerFindsWhatOutlivesTheKeeper) {
  EXPECT_TRUE(InAProcessOfItsOwn([&](Env& env) {
    const Result<ProcessResult> result =
        env.RunProcess(Misbehave("kill_keeper_outside_cgroup"), nullptr);
    const std::vector<pid_t> left = LeftBehind();
    return result.ok() && result->end == ProcessEnd::kLost && left.size() == 1 && IsDead(left[0]) &&
           ::waitpid(-1, nullptr, WNOHANG) == -1;
  }));
}

TEST_F(KeeperTest, AnOwnerLeavesOtherChildrenAlone) {
  EXPECT_TRUE(InAProcessOfItsOwn(
      [&](Env& env) { return env.RunProcess(Misbehave("exit", 3), nullptr).ok(); }));
  const pid_t child = ::fork();
  if (child == 0) {
    const pid_t older = ::fork();
    if (older == 0) ::pause();
    const auto env = Env::Create({.owns_process = true, .on_note = nullptr});
    const bool lost = env->RunProcess(Misbehave("kill_keeper"), nullptr)->end == ProcessEnd::kLost;
    const bool alive = ::waitpid(older, nullptr, WNOHANG) == 0;
    ::kill(older, SIGKILL);
    ::_exit(lost && alive ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

/// `body` in a child that is in a PID namespace of its own and sees the /proc of ours; false also
/// where that is not allowed, and then `*skipped` is true.
template <typename Body>
bool WithoutProc(bool* skipped, const Body& body) {
  constexpr int kSkipped = 77;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWPID) != 0) ::_exit(kSkipped);
    const pid_t first = ::fork();
    if (first == 0) ::_exit(body() ? 0 : 1);
    int status = 0;
    ::waitpid(first, &status, 0);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  *skipped = WIFEXITED(status) && WEXITSTATUS(status) == kSkipped;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(KeeperTest, WithoutAProcOfItsOwnADaemonIsNotAwaitedForEver) {
  bool skipped = false;
  const bool right = WithoutProc(&skipped, [&] {
    ProcessCommand command = Misbehave("leave_daemon", 5);
    command.limits.processes = 50;
    std::vector<std::string> notes;
    const auto env = Env::Create({.owns_process = false, .on_note = [&](const std::string& note) {
                                    notes.push_back(note);
                                  }});
    const Result<ProcessResult> result = env->RunProcess(command, nullptr);
    (void)env->RunProcess(command, nullptr);
    // A cgroup finds it all the same.
    if (Cgroups().groups) return result->succeeded() && result->out_of_reach == 0;
    return result->succeeded() && result->out.text == "5\n" && result->out_of_reach == 1 &&
           notes.size() == 1;
  });
  if (skipped) GTEST_SKIP() << "may not make a PID namespace";
  EXPECT_TRUE(right);
  std::filesystem::remove(directory_ + "/left_behind");  // with ids of that namespace
}

TEST_F(KeeperTest, AnotherUsersProcessIsReportedAndNotAwaitedForEver) {
  if (::geteuid() != 0) GTEST_SKIP() << "cannot make a program of another user";
  const std::string program = directory_ + "/setuid";
  std::filesystem::copy_file(FOOTHOLD_MISBEHAVE, program);
  ASSERT_EQ(::chmod(program.c_str(), 04755), 0);
  std::filesystem::permissions(directory_, std::filesystem::perms::all);
  for (auto outer = std::filesystem::path(directory_).parent_path(); outer != "/";
       outer = outer.parent_path()) {
    (void)!::chmod(outer.c_str(), 0777);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
    const auto env = Env::Create({.owns_process = true, .on_note = nullptr});
    const Result<ProcessResult> result =
        env->RunProcess(Command({program, "become_root_and_leave_daemon", "5"}), nullptr);
    ::_exit(result.ok() && result->succeeded() && result->out_of_reach == 1 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (const pid_t pid : LeftBehind()) {
    EXPECT_FALSE(IsDead(pid));
    ::kill(pid, SIGKILL);
    for (int i = 0; !IsDead(pid) && i < 1000; ++i) ::usleep(1000);
  }
}

TEST_F(KeeperTest, ACgroupKillsWhatOutlivesTheKeeper) {
  if (!Cgroups().groups) GTEST_SKIP() << Cgroups().missing;
  const ProcessResult result =
      MustRun(Shell(FOOTHOLD_MISBEHAVE " leave_daemon; kill -9 $PPID; sleep 50"));
  EXPECT_EQ(result.end, ProcessEnd::kLost);
  EXPECT_EQ(LeftBehind().size(), 1U);  // and TearDown sees it gone
}

}  // namespace
}  // namespace foothold::process

#include "foothold/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

#include "foothold/env.h"
#include "process/cgroup.h"
#include "process/testing/fault_env.h"
#include "process/testing/process_fixture.h"

namespace foothold::process {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::uint64_t kMegabyte = 1'000'000;

TEST_F(ProcessTest, ReportsOutputAndExitCode) {
  const ProcessCommand command = Shell("echo out; echo err >&2; exit 3");
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kExited);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(result.succeeded());
  EXPECT_EQ(result.out.text, "out\n");
  EXPECT_EQ(result.err.text, "err\n");
  EXPECT_EQ(result.left_behind, 0);
  EXPECT_GT(result.wall_seconds, 0);
  EXPECT_GT(result.cpu_seconds, 0);
  EXPECT_EQ(Describe(result, command.limits), "exited with code 3");
}

TEST_F(ProcessTest, GivesArgumentsEnvironmentAndDirectoryUnchanged) {
  ProcessCommand command = Command(
      {"/bin/sh", "-c", "pwd; echo \"$1|$VALUE|$HOME\"; cat", "sh", "a b;$(c) 'd' \"e\" *"});
  command.environment = {{"VALUE", "x=y z"}, {"HOME", "nowhere"}};
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.out.text, directory_ + "\na b;$(c) 'd' \"e\" *|x=y z|nowhere\n");
}

TEST_F(ProcessTest, LooksForTheProgramInThePathOrTheDirectory) {
  EXPECT_TRUE(MustRun(Command({"true"})).succeeded());
  std::filesystem::copy_file(FOOTHOLD_MISBEHAVE, directory_ + "/mine");
  EXPECT_EQ(MustRun(Command({"./mine", "exit", "7"})).exit_code, 7);
  ProcessCommand command = Command({"mine", "exit", "8"});
  command.environment = {{"PATH", "/nowhere:" + directory_}};
  EXPECT_EQ(MustRun(command).exit_code, 8);
}

TEST_F(ProcessTest, WhatCannotBeStartedIsAnErrorAndNoResult) {
  const auto error = [&](const ProcessCommand& command) {
    return env_.RunProcess(command, nullptr).status();
  };
  EXPECT_EQ(error(Command({"no-such-program"})).code(), StatusCode::kNotFound);
  EXPECT_EQ(error(Command({"no-such-program"})).message(),
            "there is no program \"no-such-program\" in PATH");
  EXPECT_EQ(error(Command({""})).code(), StatusCode::kNotFound);
  EXPECT_EQ(error(Command({"./none"})).message(),
            "./none: cannot execute: No such file or directory");
  EXPECT_EQ(error(Command({directory_})).code(), StatusCode::kInvalidArgument);
  ProcessCommand command = Command({"true"});
  command.directory = directory_ + "/none";
  EXPECT_EQ(error(command).code(), StatusCode::kNotFound);
  EXPECT_THAT(error(command).message(), HasSubstr("cannot enter the directory"));
}

TEST_F(ProcessTest, ASignalIsNamed) {
  const ProcessCommand command = Misbehave("crash");
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kSignalled);
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_EQ(Describe(result, command.limits), "was killed by signal 11 (Segmentation fault)");
  EXPECT_TRUE(std::filesystem::is_empty(directory_)) << "a core dump?";
}

TEST_F(ProcessTest, AHangEndsAtTheWallLimit) {
  ProcessCommand command = Misbehave("hang");
  command.limits.wall_s = 0.1;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kWallLimit);
  EXPECT_GE(result.wall_seconds, 0.1);
  EXPECT_EQ(Describe(result, command.limits), "ran past its limit of 0.1 s");
}

TEST_F(ProcessTest, SigtermComesFirst) {
  ProcessCommand command =
      Shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  command.limits.wall_s = 1;
  command.limits.grace_s = 30;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kWallLimit);
  EXPECT_EQ(result.out.text, "ready\nbye\n");
}

TEST_F(ProcessTest, IgnoringSigtermDoesNotHelp) {
  ProcessCommand command = Misbehave("ignore_sigterm");
  command.limits.wall_s = 1;
  command.limits.grace_s = 0.05;
  EXPECT_EQ(MustRun(command).end, ProcessEnd::kWallLimit);
  EXPECT_EQ(LeftBehind().size(), 1U);  // and TearDown sees it gone
}

TEST_F(ProcessTest, ClosingTheOutputsIsNotAnEnd) {
  ProcessCommand command = Misbehave("close_output");
  command.limits.wall_s = 0.2;
  EXPECT_EQ(MustRun(command).end, ProcessEnd::kWallLimit);
}

TEST_F(ProcessTest, AnEndlessAllocationEndsAtTheMemoryLimit) {
  ProcessCommand command = Misbehave("allocate");
  command.limits.memory_bytes = 64 * kMegabyte;
  const ProcessResult result = MustRun(command);
  // Without a cgroup, on a machine that gives no time to look, the program finds no memory at twice
  // the limit.
  if (result.end == ProcessEnd::kSignalled) {
    EXPECT_EQ(result.signal, SIGABRT);
  } else {
    EXPECT_EQ(result.end, ProcessEnd::kMemoryLimit);
    EXPECT_GE(result.peak_memory_bytes, 64 * kMegabyte);
    EXPECT_THAT(Describe(result, command.limits), HasSubstr("of memory, allowed are 64 MB"));
  }
  EXPECT_LT(result.peak_memory_bytes, 200 * kMegabyte);
}

TEST_F(ProcessTest, TheTunersOwnMemoryDoesNotCount) {
  std::vector<char> large(300 * kMegabyte, 1);
  ProcessCommand command = Shell("sleep 0.2");
  command.limits.memory_bytes = 100 * kMegabyte;
  const ProcessResult result = MustRun(command);
  EXPECT_TRUE(result.succeeded()) << Describe(result, command.limits);
  EXPECT_GT(result.peak_memory_bytes, 0U);
  EXPECT_EQ(large[large.size() / 2], 1);
}

TEST_F(ProcessTest, MemoryThatProcessesShareCountsOnce) {
  ProcessCommand command = Misbehave("share_memory");
  command.limits.memory_bytes = 64 * kMegabyte;
  std::uint64_t peak = 0;
  for (int run = 0; run < 10 && peak <= 30 * kMegabyte; ++run) {  // a busy machine may look late
    const ProcessResult result = MustRun(command);
    EXPECT_TRUE(result.succeeded()) << Describe(result, command.limits);
    peak = std::max(peak, result.peak_memory_bytes);
  }
  EXPECT_GT(peak, 30 * kMegabyte);
}

TEST_F(ProcessTest, EndlessOutputEndsAtItsLimitAndIsKeptInPart) {
  for (const char* kind : {"print", "print_errors"}) {
    ProcessCommand command = Misbehave(kind);
    command.limits.output_bytes = 5 * kMegabyte;
    command.kept_output_bytes = 1000;
    command.kept_last_line_bytes = 0;
    const ProcessResult result = MustRun(command);
    EXPECT_EQ(result.end, ProcessEnd::kOutputLimit);
    EXPECT_EQ(Describe(result, command.limits), "printed more than 5 MB");
    const CapturedOutput& output = result.out.bytes > 0 ? result.out : result.err;
    EXPECT_GT(output.bytes, 5 * kMegabyte);
    EXPECT_EQ(output.dropped_bytes, output.bytes - 1000);
    EXPECT_LT(output.text.size(), 1100U);
    EXPECT_THAT(output.text, HasSubstr("bytes dropped"));
  }
}

TEST_F(ProcessTest, AChattyProgramIsNotHeldUp) {
  ProcessCommand command =
      Shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo end");
  const ProcessResult result = MustRun(command);
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.out.bytes, 3'000'004U);
  EXPECT_EQ(result.err.bytes, 3'000'000U);
  EXPECT_THAT(result.out.text, ::testing::EndsWith("end\n"));
}

TEST_F(ProcessTest, ProcessorTimeIsLimitedAndCountedOverAllProcesses) {
  ProcessCommand command = Shell(FOOTHOLD_MISBEHAVE " spin & " FOOTHOLD_MISBEHAVE " spin & wait");
  command.limits.cpu_s = 0.3;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kCpuLimit);
  EXPECT_GE(result.cpu_seconds, 0.25);
  EXPECT_EQ(Describe(result, command.limits), "used more than 0.3 s of processor time");
}

TEST_F(ProcessTest, TooManyProcessesAreKilledTogether) {
  ProcessCommand command = Misbehave("fork_many", 24);
  command.limits.processes = 8;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kProcessLimit);
  EXPECT_EQ(Describe(result, command.limits), "started more than 8 processes");
}

TEST_F(ProcessTest, FilesHaveALargestSize) {
  ProcessCommand command = Misbehave("fill_file");
  command.limits.file_bytes = 2 * kMegabyte;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kFileSizeLimit);
  EXPECT_EQ(std::filesystem::file_size(directory_ + "/filled"), 2 * kMegabyte);
}

TEST_F(ProcessTest, WhatIsLeftBehindIsKilled) {
  for (const char* kind : {"leave_child", "leave_daemon"}) {
    const ProcessResult result = MustRun(Misbehave(kind, 5));
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.left_behind, 1);
    EXPECT_EQ(result.out.text, "5\n");
  }
  EXPECT_EQ(LeftBehind().size(), 2U);
}

TEST_F(ProcessTest, TooFewDescriptorsAreNoFaultOfTheProgram) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (rlim_t files = 5; files < 30; ++files) {
      const rlimit few{files, 4096};
      ::setrlimit(RLIMIT_NOFILE, &few);
      const Result<ProcessResult> result = env_.RunProcess(Misbehave("exit", 3), nullptr);
      const bool right = result.ok()
                             ? result->exit_code == 3
                             : result.status().message().find("ulimit -n") != std::string::npos;
      if (!right) ::_exit(static_cast<int>(files));
    }
    ::_exit(env_.RunProcess(Misbehave("exit", 3), nullptr).ok() ? 0 : 100);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(ProcessTest, TheTunersOwnLimitsHoldForItsCandidates) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit small{kMegabyte, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    ProcessCommand command = Misbehave("fill_file");
    command.limits.file_bytes = 4 * kMegabyte;
    const Result<ProcessResult> result = env_.RunProcess(command, nullptr);
    ::_exit(result.ok() && result->end == ProcessEnd::kFileSizeLimit ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(std::filesystem::file_size(directory_ + "/filled"), kMegabyte);
}

TEST_F(ProcessTest, ALongLastLineIsKeptWhole) {
  ProcessResult result = MustRun(Misbehave("print_many_times", 5));
  EXPECT_GT(result.out.text.size(), 1'000'000U);
  EXPECT_EQ(result.out.dropped_bytes, 0U);
  result = MustRun(Misbehave("print_too_long_line", 5));
  EXPECT_TRUE(result.out.last_line_is_cut);
  EXPECT_LT(result.out.text.size(), 4'300'000U);
}

TEST_F(ProcessTest, ACgroupIsRemovedWithItsProgram) {
  if (!Cgroups().groups) GTEST_SKIP() << Cgroups().missing;
  const ProcessResult result = MustRun(Shell("cat /proc/self/cgroup"));
  const std::size_t line = result.out.text.find("0::/");
  ASSERT_NE(line, std::string::npos) << result.out.text;
  const std::string group =
      result.out.text.substr(line + 3, result.out.text.find('\n', line) - line - 3);
  EXPECT_THAT(group, HasSubstr("/run."));
  for (const auto& entry : std::filesystem::directory_iterator("/sys/fs/cgroup")) {
    EXPECT_FALSE(std::filesystem::exists(entry.path().string() + group)) << entry;
  }
  EXPECT_FALSE(std::filesystem::exists("/sys/fs/cgroup" + group));
}

TEST_F(ProcessTest, ACgroupTellsLackOfMemoryExactly) {
  if (!Cgroups().memory) GTEST_SKIP() << Cgroups().missing;
  // The kernel's own kill, of a process that is not even the program, as fast as it can allocate.
  ProcessCommand command = Shell("head -c 300000000 /dev/zero | tail -c 299999999 | wc -c; exit 0");
  command.limits.memory_bytes = 64 * kMegabyte;
  const ProcessResult result = MustRun(command);
  EXPECT_EQ(result.end, ProcessEnd::kMemoryLimit);
  EXPECT_GE(result.peak_memory_bytes, 64 * kMegabyte);
  EXPECT_LT(result.peak_memory_bytes, 66 * kMegabyte);
  EXPECT_THAT(Describe(result, command.limits), HasSubstr("of memory, allowed are 64 MB"));
  // A program that was killed alike for another reason is not taken for that.
  ProcessCommand other = Shell("kill -9 $$");
  other.limits.memory_bytes = 64 * kMegabyte;
  EXPECT_EQ(MustRun(other).end, ProcessEnd::kSignalled);
}

TEST_F(ProcessTest, ACgroupLetsAddressSpaceBeReserved) {
  if (!Cgroups().memory) GTEST_SKIP() << Cgroups().missing;
  ProcessCommand command = Command({"/bin/sh", "-c", "ulimit -d"});
  command.limits.memory_bytes = 64 * kMegabyte;
  EXPECT_EQ(MustRun(command).out.text, "unlimited\n");
}

TEST_F(ProcessTest, ACgroupStopsAForkBomb) {
  if (!Cgroups().processes) GTEST_SKIP() << Cgroups().missing;
  ProcessCommand command = Misbehave("fork_many", 100'000);
  command.limits.processes = 8;
  EXPECT_EQ(MustRun(command).end, ProcessEnd::kProcessLimit);
}

TEST_F(ProcessTest, CanBeCancelled) {
  std::atomic<int> asked = 0;
  const ProcessResult result = MustRun(Misbehave("hang"), [&] { return ++asked == 3; });
  EXPECT_EQ(result.end, ProcessEnd::kCancelled);
  EXPECT_EQ(asked, 3);
}

TEST_F(ProcessTest, InheritsNoFiles) {
  const int open_file = ::open("/dev/null", O_RDONLY);  // not O_CLOEXEC
  ASSERT_GT(open_file, 2);
  const ProcessResult result = MustRun(Shell("ls /proc/$$/fd"));
  ::close(open_file);
  // A shell may keep its script at 10 or above.
  EXPECT_THAT(result.out.text, StartsWith("0\n1\n2\n"));
  EXPECT_THAT(result.out.text, ::testing::Not(HasSubstr(fmt::format("\n{}\n", open_file))));
}

TEST_F(ProcessTest, StartsWithNoSignalBlockedOrIgnored) {
  const ProcessResult result =
      MustRun(Command({"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"}));
  EXPECT_EQ(result.out.text, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(ProcessTest, ManyThreadsRunProcessesAtOnce) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 10; ++i) {
          const int number = thread * 10 + i;
          const ProcessResult result = MustRun(Misbehave("exit", number));
          if (result.end == ProcessEnd::kExited && result.exit_code == number) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 60);
}

TEST_F(ProcessTest, LeavesNoChildOfOurs) {
  MustRun(Misbehave("leave_daemon"));
  EXPECT_FALSE(env_.RunProcess(Command({"./none"}), nullptr).ok());
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ProcessTest, EverythingDiesWithTheTuner) {
  const pid_t tuner = ::fork();
  if (tuner == 0) {
    (void)env_.RunProcess(Misbehave("ignore_sigterm"), nullptr);
    ::_exit(1);
  }
  for (int i = 0; LeftBehind().empty() && i < 3000; ++i) ::usleep(10'000);
  const std::vector<pid_t> left = LeftBehind();
  ASSERT_EQ(left.size(), 1U);
  ::kill(tuner, SIGKILL);
  ::waitpid(tuner, nullptr, 0);
  for (int i = 0; ::kill(left[0], 0) == 0 && i < 3000; ++i) ::usleep(10'000);
  EXPECT_NE(::kill(left[0], 0), 0);
}

TEST_F(ProcessTest, AFaultEnvStartsNoProcess) {
  FaultEnv env(Env::Default());
  const Status full = Status::Unavailable("no more processes");
  env.FailNth(FaultEnv::Operation::kRunProcess, 2, full);
  EXPECT_TRUE(env.RunProcess(Command({"true"}), nullptr).ok());
  EXPECT_EQ(env.RunProcess(Shell("touch ran"), nullptr).status(), full);
  EXPECT_FALSE(env.FileExists(directory_ + "/ran"));
  EXPECT_TRUE(env.RunProcess(Command({"true"}), nullptr).ok());
  EXPECT_EQ(env.calls(FaultEnv::Operation::kRunProcess), 3);
}

}  // namespace
}  // namespace foothold::process

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "foothold/env.h"
#include "foothold/process.h"
#include "process/cgroup.h"

namespace foothold::process {

/// Runs processes in a folder of their own, and sees that nothing of them is left.
class ProcessTest : public ::testing::Test {
 protected:
  void SetUp() override { directory_ = *env_.CreateTemporaryDirectory("foothold_process_"); }
  void TearDown() override {
    const std::vector<pid_t> left = LeftBehind();
    EXPECT_TRUE(env_.RemoveTree(directory_).ok());
    for (const pid_t pid : left) EXPECT_TRUE(IsDead(pid)) << pid << " is still there";
  }

  ProcessCommand Command(std::vector<std::string> argv) const {
    ProcessCommand command;
    command.argv = std::move(argv);
    command.directory = directory_;
    command.limits.wall_s = 50;  // no test waits for it
    return command;
  }
  ProcessCommand Misbehave(const std::string& kind, int number = 0) const {
    return Command({FOOTHOLD_MISBEHAVE, kind, std::to_string(number)});
  }
  ProcessCommand Shell(const std::string& script) const {
    return Command({"/bin/sh", "-c", script});
  }
  ProcessResult MustRun(const ProcessCommand& command, const Cancelled& cancelled = nullptr) {
    Result<ProcessResult> result = env_.RunProcess(command, cancelled);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? std::move(result).value() : ProcessResult{};
  }
  /// Whoever inherited it may not have reaped it yet.
  static bool IsDead(pid_t pid) {
    const std::string stat =
        CgroupFiles::Default().Read(fmt::format("/proc/{}/stat", pid)).value_or(") Z");
    return stat.find(") Z") != std::string::npos;
  }
  /// What signed the file that misbehave leaves.
  std::vector<pid_t> LeftBehind() const {
    std::ifstream file(directory_ + "/left_behind");
    std::vector<pid_t> pids;
    for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
    return pids;
  }

  static const CgroupSupport& Cgroups() { return CgroupSubtree::OfThisProcess().support(); }

  Env& env_ = *Env::Default();
  std::string directory_;
};

}  // namespace foothold::process

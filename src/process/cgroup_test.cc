#include "process/cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/errno.h"
#include "process/testing/fake_cgroups.h"

namespace foothold::process {
namespace {

using ::testing::ElementsAre;

constexpr pid_t kTuner = 100;
constexpr pid_t kShell = 50;
constexpr const char* kMounts =
    "22 1 0:5 / /proc rw - proc proc rw\n"
    "30 22 0:26 / /cg rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

/// A user's scope below the root of the hierarchy, with the controllers that systemd delegates.
class CgroupTest : public ::testing::Test {
 protected:
  CgroupTest() {
    kernel_.AddRoot("/cg", {"cpu", "memory", "pids"});
    kernel_.Must(kernel_.Write("/cg/cgroup.subtree_control", "+memory"));
    kernel_.Must(kernel_.Write("/cg/cgroup.subtree_control", "+pids"));
    kernel_.Must(kernel_.MakeDirectory("/cg/scope"));
    kernel_.Put(kTuner, "/cg/scope");
  }

  std::unique_ptr<CgroupSubtree> Start(const std::string& own = "0::/scope\n",
                                       const std::string& mounts = kMounts, bool may_move = true) {
    return std::make_unique<CgroupSubtree>(kernel_, mounts, own, kTuner, may_move);
  }

  FakeCgroups kernel_;
};

TEST_F(CgroupTest, AHostOfTheLibraryIsNotMoved) {
  const auto subtree = Start("0::/scope\n", kMounts, false);
  EXPECT_EQ(kernel_.PlaceOf(kTuner), "/cg/scope");
  EXPECT_TRUE(subtree->support().groups);
  EXPECT_FALSE(subtree->support().memory);
  EXPECT_EQ(subtree->support().missing,
            "this process stays in its cgroup /cg/scope, so that cannot give memory to groups "
            "below it");
}

TEST_F(CgroupTest, AProcessThatIsAloneMovesAndLimitsItsChildren) {
  const auto subtree = Start();
  EXPECT_EQ(subtree->support().missing, "");
  EXPECT_TRUE(subtree->support().groups);
  EXPECT_TRUE(subtree->support().memory);
  EXPECT_TRUE(subtree->support().processes);
  EXPECT_TRUE(subtree->support().delegable);
  EXPECT_EQ(kernel_.PlaceOf(kTuner), "/cg/scope/foothold.100.0/tuner");

  ProcessLimits limits;
  limits.memory_bytes = 5'000'000;
  limits.processes = 100;
  const auto group = subtree->MakeGroup(limits);
  ASSERT_NE(group, nullptr);
  EXPECT_THAT(group->path(), ::testing::StartsWith("/cg/scope/foothold.100.0/run."));
  EXPECT_TRUE(group->limits_memory());
  EXPECT_EQ(kernel_.Read(group->path() + "/memory.max"), "5000000");
  EXPECT_EQ(kernel_.Read(group->path() + "/memory.swap.max"), "0");
  EXPECT_EQ(kernel_.Read(group->path() + "/memory.oom.group"), "1");
  EXPECT_EQ(kernel_.Read(group->path() + "/pids.max"), "3200");
}

TEST_F(CgroupTest, WhatIsNotLimitedIsLeftAlone) {
  const auto subtree = Start();
  const auto group = subtree->MakeGroup({});
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(kernel_.Read(group->path() + "/memory.max"), "max");
  EXPECT_EQ(kernel_.Read(group->path() + "/pids.max"), "max");
}

TEST_F(CgroupTest, FewProcessesMayHaveManyThreads) {
  const auto subtree = Start();
  ProcessLimits limits;
  limits.processes = 1;
  EXPECT_EQ(kernel_.Read(subtree->MakeGroup(limits)->path() + "/pids.max"), "1024");
}

TEST_F(CgroupTest, BesideOtherProcessesChildrenGetGroupsWithoutLimits) {
  kernel_.Put(kShell, "/cg/scope");
  const auto subtree = Start();
  EXPECT_EQ(kernel_.PlaceOf(kTuner), "/cg/scope");
  EXPECT_TRUE(subtree->support().groups);
  EXPECT_FALSE(subtree->support().memory);
  EXPECT_FALSE(subtree->support().processes);
  EXPECT_EQ(subtree->support().missing,
            "the cgroup /cg/scope holds other processes too, so it cannot give memory to groups "
            "below it");
  ProcessLimits limits;
  limits.memory_bytes = 5'000'000;
  limits.processes = 100;
  const auto group = subtree->MakeGroup(limits);
  ASSERT_NE(group, nullptr);
  EXPECT_FALSE(group->limits_memory());
  EXPECT_FALSE(group->RanOutOfMemory());
  EXPECT_EQ(group->PeakMemory(), std::nullopt);
}

TEST_F(CgroupTest, AtTheRootNobodyHasToMove) {
  kernel_.Put(kTuner, "/cg");
  kernel_.Put(kShell, "/cg");
  const auto subtree = Start("0::/\n");
  EXPECT_EQ(subtree->support().missing, "");
  EXPECT_TRUE(subtree->support().memory);
  EXPECT_EQ(kernel_.PlaceOf(kTuner), "/cg");
}

TEST_F(CgroupTest, WhereTheControllersAreElsewhereThereAreGroupsWithoutLimits) {
  FakeCgroups hybrid;  // systemd's hybrid layout: memory and pids are in v1 hierarchies
  hybrid.AddRoot("/cg", {"hugetlb"});
  hybrid.Put(kTuner, "/cg");
  const CgroupSubtree subtree(hybrid, kMounts, "9:pids:/\n0::/\n", kTuner, true);
  EXPECT_TRUE(subtree.support().groups);
  EXPECT_FALSE(subtree.support().memory);
  EXPECT_FALSE(subtree.support().delegable);
  EXPECT_EQ(subtree.support().missing, "the cgroup /cg has neither the controller memory nor pids");
}

TEST_F(CgroupTest, WhereNoGroupCanBeMadeThereIsNone) {
  kernel_.Forbid("/cg/scope");
  const auto subtree = Start();
  EXPECT_FALSE(subtree->support().groups);
  EXPECT_EQ(subtree->support().missing,
            "the cgroup /cg/scope may not be divided: Permission denied");
  EXPECT_EQ(subtree->MakeGroup({}), nullptr);
}

TEST_F(CgroupTest, WhereNoChildMayEnterThereIsNone) {
  kernel_.LetNobodyEnter();
  const auto subtree = Start();
  EXPECT_FALSE(subtree->support().groups);
  EXPECT_FALSE(subtree->support().memory);
  EXPECT_EQ(subtree->support().missing, "no process may enter a cgroup below /cg/scope");
  EXPECT_EQ(subtree->MakeGroup({}), nullptr);
}

TEST_F(CgroupTest, WithoutTheHierarchyThereIsNone) {
  for (const char* own : {"", "4:memory:/x\n", "0::/scope\n"}) {
    const auto subtree = Start(own, "22 1 0:5 / /proc rw - proc proc rw\n");
    EXPECT_FALSE(subtree->support().groups);
    EXPECT_EQ(subtree->support().missing, "no cgroups v2 are mounted here");
  }
}

TEST_F(CgroupTest, AMountMayShowAPartOfTheHierarchy) {
  const std::string part = "30 22 0:26 /pod/a /cg rw - cgroup2 cgroup2 rw\n";
  EXPECT_TRUE(Start("0::/pod/a/scope\n", part)->support().groups);
  EXPECT_FALSE(Start("0::/pod/b/scope\n", part)->support().groups);
  EXPECT_FALSE(Start("0::/pod/ab\n", part)->support().groups);
  const auto outside = Start("0::/../x\n", kMounts);
  EXPECT_FALSE(outside->support().groups);
  EXPECT_EQ(outside->support().missing, "/cg does not show the cgroup /../x");
}

TEST_F(CgroupTest, AGroupGoesWithAllThatIsInIt) {
  const auto subtree = Start();
  auto group = subtree->MakeGroup({});
  const std::string path = group->path();
  kernel_.Must(kernel_.MakeDirectory(path + "/nested"));  // of a tuner that is a candidate
  kernel_.Put(7, path + "/nested");
  kernel_.Put(8, path);
  group.reset();
  EXPECT_EQ(kernel_.PlaceOf(7), "");
  EXPECT_EQ(kernel_.PlaceOf(8), "");
  EXPECT_THAT(kernel_.Subdirectories("/cg/scope/foothold.100.0"), ElementsAre("tuner"));
}

TEST_F(CgroupTest, WhatADeadTunerLeftIsRemoved) {
  const std::string left = "/cg/scope/foothold.99.0";
  for (const char* group : {"", "/tuner", "/run.99.0", "/run.99.1"}) {
    kernel_.Must(kernel_.MakeDirectory(left + group));
  }
  kernel_.Put(7, left + "/run.99.1");  // its keeper was killed with it
  const auto subtree = Start();
  EXPECT_EQ(kernel_.PlaceOf(7), "");
  EXPECT_THAT(kernel_.Subdirectories("/cg/scope"), ElementsAre("foothold.100.0"));
}

TEST_F(CgroupTest, WhatALivingTunerHasStays) {
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/foothold.99.0"));
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/foothold.99.0/run.99.0"));
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/other"));
  kernel_.Put(7, "/cg/scope/foothold.99.0/run.99.0");
  kernel_.HoldLock("/cg/scope/foothold.99.0");
  const auto subtree = Start();
  EXPECT_EQ(kernel_.PlaceOf(7), "/cg/scope/foothold.99.0/run.99.0");
  EXPECT_THAT(kernel_.Subdirectories("/cg/scope"),
              ElementsAre("foothold.100.0", "foothold.99.0", "other"));
}

TEST_F(CgroupTest, WhatElseADeadProcessStartedLives) {
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/foothold.99.0"));
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/foothold.99.0/tuner"));
  kernel_.Put(7, "/cg/scope/foothold.99.0/tuner");
  const auto subtree = Start();
  EXPECT_EQ(kernel_.PlaceOf(7), "/cg/scope/foothold.99.0/tuner");
}

TEST_F(CgroupTest, TheNextFreeNameIsTaken) {
  kernel_.Must(kernel_.MakeDirectory("/cg/scope/foothold.100.0"));
  kernel_.HoldLock("/cg/scope/foothold.100.0");  // of another pid namespace
  const auto subtree = Start();
  EXPECT_EQ(kernel_.PlaceOf(kTuner), "/cg/scope/foothold.100.1/tuner");
}

TEST_F(CgroupTest, ReadsWhatTheKernelCounted) {
  const auto subtree = Start();
  const auto group = subtree->MakeGroup({});
  EXPECT_FALSE(group->RanOutOfMemory());
  EXPECT_FALSE(group->RanOutOfTasks());
  kernel_.Set(group->path() + "/memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 3\n");
  kernel_.Set(group->path() + "/memory.peak", "123456\n");
  kernel_.Set(group->path() + "/pids.events", "max 1\n");
  EXPECT_TRUE(group->RanOutOfMemory());
  EXPECT_TRUE(group->RanOutOfTasks());
  EXPECT_EQ(group->PeakMemory(), 123456U);
  // Killed because the whole machine had no memory left.
  kernel_.Set(group->path() + "/memory.events", "low 0\nhigh 0\nmax 9\noom 0\noom_kill 3\n");
  EXPECT_FALSE(group->RanOutOfMemory());
}

/// On this machine's kernel.
TEST(RealCgroups, WhatAKilledProcessLeftIsRemoved) {
  CgroupFiles& files = CgroupFiles::Default();
  const std::string mounts = files.Read("/proc/self/mountinfo").value_or("");
  const auto start = [&] {
    return std::make_unique<CgroupSubtree>(
        files, mounts, files.Read("/proc/self/cgroup").value_or(""), ::getpid(), true);
  };
  if (const auto subtree = start(); !subtree->support().groups) {
    GTEST_SKIP() << subtree->support().missing;
  }
  int paths[2];
  ASSERT_EQ(::pipe(paths), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto subtree = start();
    const auto group = subtree->MakeGroup({});
    if (!group || ::write(paths[1], group->path().data(), group->path().size()) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  ::close(paths[1]);
  std::array<char, 4096> text{};
  const ssize_t size =
      base::RetryInterrupted([&] { return ::read(paths[0], text.data(), text.size()); });
  ::close(paths[0]);
  ::waitpid(child, nullptr, 0);
  ASSERT_GT(size, 0);
  const std::string left(text.data(), static_cast<std::size_t>(size));
  EXPECT_TRUE(files.OpenDirectory(left).is_open());
  const auto subtree = start();
  EXPECT_TRUE(subtree->support().groups);
  EXPECT_FALSE(files.OpenDirectory(left).is_open());
  const std::string directory = left.substr(0, left.rfind('/'));
  EXPECT_FALSE(files.OpenDirectory(directory).is_open());
}

}  // namespace
}  // namespace foothold::process

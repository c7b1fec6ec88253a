#include "process/remove_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "process/testing/temporary_folder.h"

namespace foothold::process {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Below a folder that everybody may use.
class RemoveTreeTest : public ::testing::Test {
 protected:
  RemoveTreeTest() {
    fs::permissions(folder_.File(""), fs::perms::all);
    fs::create_directory(tree_);
    fs::permissions(tree_, fs::perms::all);
  }

  static void Touch(const std::string& path) { std::ofstream(path) << "text"; }

  /// In a child, as a user for whom permissions count; whether `body` returned true.
  template <typename Body>
  static bool AsNobody(const Body& body) {
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr uid_t kNobody = 65534;
      if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(2);
      ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  testing::TemporaryFolder folder_;
  const std::string tree_ = folder_.File("tree");
};

TEST_F(RemoveTreeTest, RemovesAllKindsOfEntriesAndFollowsNoLink) {
  Touch(folder_.File("outside"));
  fs::create_directories(tree_ + "/a/b/c");
  fs::create_directories(tree_ + "/a/.removed.0/x");  // a name that it uses itself
  Touch(tree_ + "/a/b/file");
  Touch(tree_ + "/.removed.1");
  fs::create_symlink(folder_.File("outside"), tree_ + "/a/link");
  fs::create_directory_symlink(folder_.File(""), tree_ + "/a/b/folder");
  ASSERT_EQ(::mkfifo((tree_ + "/a/fifo").c_str(), 0600), 0);
  const Status removed = RemoveTree(tree_);
  EXPECT_TRUE(removed.ok()) << removed.message();
  EXPECT_FALSE(fs::exists(tree_));
  EXPECT_TRUE(fs::exists(folder_.File("outside")));
  EXPECT_TRUE(RemoveTree(tree_).ok()) << "there is none";
  EXPECT_TRUE(RemoveTree(folder_.File("outside/none")).ok());
}

TEST_F(RemoveTreeTest, ALinkInItsPlaceIsRemovedAlone) {
  Touch(folder_.File("outside"));
  fs::remove(tree_);
  fs::create_directory_symlink(folder_.File(""), tree_);
  EXPECT_TRUE(RemoveTree(tree_).ok());
  EXPECT_TRUE(fs::exists(folder_.File("outside")));
}

TEST_F(RemoveTreeTest, OpensWhatItsOwnerClosed) {
  EXPECT_TRUE(AsNobody([&] {
    const std::string mine = tree_ + "/mine";
    fs::create_directories(mine + "/closed/deep/deeper");
    fs::create_directories(mine + "/a/read_only/full");
    Touch(mine + "/closed/deep/file");
    for (const char* path : {"/closed/deep/deeper", "/closed/deep", "/closed", "/a/read_only/full",
                             "/a/read_only", ""}) {
      fs::permissions(mine + path, fs::perms::none);
    }
    return RemoveTree(mine).ok() && !fs::exists(mine);
  }));
}

TEST_F(RemoveTreeTest, SaysWhatStays) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs another user's folder";
  fs::create_directories(tree_ + "/roots/full");
  fs::create_directories(tree_ + "/more/full");
  EXPECT_TRUE(AsNobody([&] {
    const Status removed = RemoveTree(tree_);
    return removed.message().find("cannot remove ") != std::string::npos &&
           removed.message().find("; 1 others stay too") != std::string::npos;
  }));
}

TEST_F(RemoveTreeTest, ANestMayBeDeeperThanTheLimitOfOpenFiles) {
  EXPECT_TRUE(AsNobody([&] {
    const std::string mine = tree_ + "/mine";
    fs::create_directory(mine);
    if (::chdir(mine.c_str()) != 0) return false;
    for (int depth = 0; depth < 5000; ++depth) {
      if (::mkdir("folder", 0700) != 0 || ::chdir("folder") != 0) return false;
    }
    const rlimit few{32, 32};
    return ::setrlimit(RLIMIT_NOFILE, &few) == 0 && RemoveTree(mine).ok() && !fs::exists(mine);
  }));
}

TEST_F(RemoveTreeTest, WhatIsMountedThereIsLeftAlone) {
  fs::create_directories(folder_.File("precious"));
  Touch(folder_.File("precious/file"));
  fs::create_directories(tree_ + "/a/mounted");
  if (::mount(folder_.File("precious").c_str(), (tree_ + "/a/mounted").c_str(), nullptr, MS_BIND,
              nullptr) != 0) {
    GTEST_SKIP() << "may not mount";
  }
  const Status removed = RemoveTree(tree_);
  ::umount((tree_ + "/a/mounted").c_str());
  EXPECT_FALSE(removed.ok());
  EXPECT_THAT(removed.message(), HasSubstr("cannot remove a in it"));
  EXPECT_TRUE(fs::exists(folder_.File("precious/file")));
}

}  // namespace
}  // namespace foothold::process

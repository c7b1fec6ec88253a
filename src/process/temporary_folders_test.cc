#include "process/temporary_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "foothold/env.h"
#include "process/testing/temporary_folder.h"

namespace foothold::process {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// With a TMPDIR of its own.
class TemporaryFoldersTest : public ::testing::Test {
 protected:
  TemporaryFoldersTest() {
    if (const char* present = std::getenv("TMPDIR")) before_ = present;
    fs::create_directory(tmpdir_);
    ::setenv("TMPDIR", tmpdir_.c_str(), 1);
  }
  ~TemporaryFoldersTest() override {
    before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1);
  }

  std::string MustCreate() {
    Result<std::string> path = env_.CreateTemporaryDirectory("candidate-");
    EXPECT_TRUE(path.ok()) << path.status().message();
    return path.ok() ? *path : "";
  }
  std::vector<std::string> Outer() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(tmpdir_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  /// A process that makes a folder and is killed; the folder.
  std::string LeaveOne() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string path = MustCreate();
      (void)!::write(ends[1], path.data(), path.size());
      ::raise(SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    std::string path(1000, ' ');
    const ssize_t got = ::read(ends[0], path.data(), path.size());
    ::close(ends[0]);
    ::close(ends[1]);
    return path.substr(0, static_cast<std::size_t>(got));
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
  const std::string tmpdir_ = folder_.File("tmp");
  std::string before_;
};

TEST_F(TemporaryFoldersTest, AllLieInOneThatGoesWithTheLast) {
  const std::string a = MustCreate();
  const std::string b = MustCreate();
  EXPECT_EQ(Outer().size(), 1U);
  EXPECT_THAT(a, StartsWith(tmpdir_ + "/foothold." + std::to_string(::getpid()) + "."));
  EXPECT_TRUE(env_.RemoveTree(a).ok());
  EXPECT_EQ(Outer().size(), 1U);
  fs::create_directory(fs::path(b).parent_path() / "of_a_candidate");
  EXPECT_TRUE(env_.RemoveTree(b).ok());
  EXPECT_THAT(Outer(), IsEmpty());
}

TEST_F(TemporaryFoldersTest, ThoseOfKilledProcessesAreCollected) {
  const std::string left = LeaveOne();
  EXPECT_TRUE(fs::exists(left));
  fs::permissions(fs::path(left).parent_path(), fs::perms::none);
  fs::create_directory(tmpdir_ + "/foothold.1.0.mine");
  fs::create_directory(tmpdir_ + "/foothold.txt");
  fs::create_directory_symlink(folder_.File(""), tmpdir_ + "/foothold.1.1");
  const std::string path = MustCreate();
  EXPECT_FALSE(fs::exists(left));
  EXPECT_EQ(Outer().size(), 4U) << "others have such names";
  EXPECT_TRUE(env_.RemoveTree(path).ok());
}

TEST_F(TemporaryFoldersTest, ThoseOfKilledProcessesAreCollectedWithoutMakingOne) {
  const std::string left = LeaveOne();
  const std::string path = MustCreate();
  const std::string again = LeaveOne();
  TemporaryFolders::RemoveStale();
  EXPECT_FALSE(fs::exists(left));
  EXPECT_FALSE(fs::exists(again));
  EXPECT_TRUE(fs::exists(path)) << "that of a living process";
  EXPECT_TRUE(env_.RemoveTree(path).ok());
  EXPECT_THAT(Outer(), IsEmpty());
}

TEST_F(TemporaryFoldersTest, ThoseOfOtherUsersAreNotTouched) {
  if (::geteuid() != 0) GTEST_SKIP() << "cannot give a folder away";
  fs::create_directory(tmpdir_ + "/foothold.1.0");
  ASSERT_EQ(::chown((tmpdir_ + "/foothold.1.0").c_str(), 65534, 65534), 0);
  const std::string path = MustCreate();
  EXPECT_TRUE(fs::exists(tmpdir_ + "/foothold.1.0"));
  EXPECT_TRUE(env_.RemoveTree(path).ok());
}

TEST_F(TemporaryFoldersTest, ThoseOfLivingProcessesAreNotTouched) {
  const std::string path = MustCreate();
  const std::string left = LeaveOne();  // by a process that looked for stale ones
  EXPECT_TRUE(fs::exists(path));
  EXPECT_TRUE(env_.RemoveTree(path).ok());
  EXPECT_TRUE(env_.RemoveTree(MustCreate()).ok());
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(TemporaryFoldersTest, OneThatACandidateClosedRemovedOrReplacedIsMended) {
  const std::string first = MustCreate();
  const fs::path outer = fs::path(first).parent_path();
  fs::permissions(outer, fs::perms::none);
  const std::string second = MustCreate();
  EXPECT_EQ(fs::path(second).parent_path(), outer);
  fs::remove_all(outer);
  const std::string third = MustCreate();
  fs::remove_all(fs::path(third).parent_path());
  fs::create_directory_symlink(folder_.File(""), fs::path(third).parent_path());
  const std::string fourth = MustCreate();
  EXPECT_EQ(fs::canonical(fs::path(fourth).parent_path()).parent_path(), fs::canonical(tmpdir_));
  fs::remove_all(tmpdir_);
  const std::string fifth = MustCreate();
  EXPECT_TRUE(fs::is_directory(fifth));
  for (const std::string& path : {first, second, third, fourth, fifth}) {
    EXPECT_TRUE(env_.RemoveTree(path).ok());
  }
  EXPECT_THAT(Outer(), IsEmpty());
}

TEST_F(TemporaryFoldersTest, OneThatIsMadeAgainCountsAgain) {
  const std::string path = MustCreate();
  EXPECT_TRUE(env_.RemoveTree(path).ok());
  EXPECT_TRUE(env_.CreateDirectories(path).ok());
  const std::string second = MustCreate();
  EXPECT_EQ(Outer().size(), 1U);
  EXPECT_TRUE(env_.RemoveTree(second).ok());
  EXPECT_TRUE(fs::exists(path));
  fs::remove_all(fs::path(path).parent_path());  // by a candidate
  EXPECT_TRUE(env_.CreateDirectories(path).ok());
  const std::string left = LeaveOne();  // by a process that looked for stale ones
  EXPECT_TRUE(fs::exists(path));
  EXPECT_TRUE(env_.RemoveTree(path).ok());
  EXPECT_TRUE(env_.RemoveTree(MustCreate()).ok());
  EXPECT_THAT(Outer(), IsEmpty());
}

TEST_F(TemporaryFoldersTest, WithoutADirectoryThatIsAnError) {
  fs::remove(tmpdir_);
  ::setenv("TMPDIR", folder_.File("none").c_str(), 1);
  TemporaryFolders fresh;
  EXPECT_EQ(fresh.Create("a").status().code(), StatusCode::kNotFound);
  fs::create_directory(tmpdir_);
}

}  // namespace
}  // namespace foothold::process

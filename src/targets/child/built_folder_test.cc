#include "targets/child/built_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "foothold/env.h"
#include "targets/child/process_failure.h"

namespace foothold::child {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A folder into which a "compiler" writes the file "program".
class BuiltFolderTest : public ::testing::Test {
 protected:
  BuiltFolderTest() {
    folder_ = *BuiltFolder::Create(env_, "foothold-test-",
                                   [this](const std::string& path) { return Fill(path); });
  }

  std::optional<BuildResult> Fill(const std::string& path) {
    ++builds_;
    if (failure_) return FailedBuild("exit", *failure_);
    EXPECT_TRUE(env_.WriteFileAtomically(path + "/program", "text").ok());
    if (destroys_itself_) fs::remove_all(path);
    return std::nullopt;
  }
  void MustBuild() { ASSERT_FALSE(folder_->Build(Program())); }
  std::string Program() const { return folder_->path() + "/program"; }
  /// The run sees whether the program is there, and does `harm` on its way.
  RunResult Run(const std::function<void()>& harm = [] {}) {
    return folder_->Run(
        [&]() -> Result<ProcessResult> {
          ++runs_;
          const bool found = env_.FileExists(Program());
          harm();
          if (!found) return Status::NotFound("no program");
          return ProcessResult();
        },
        [](const Result<ProcessResult>& process) {
          if (!process.ok()) return UnknownRun(process.status());
          RunResult result;
          result.seconds = {1};
          return result;
        });
  }
  void ExpectCorrect(const RunResult& result) {
    EXPECT_TRUE(result.status.ok()) << result.status.message();
    EXPECT_EQ(result.outcome(), Outcome::kCorrect) << result.failure->reason;
  }

  Env& env_ = *Env::Default();
  int builds_ = 0;
  int runs_ = 0;
  std::optional<std::string> failure_;
  bool destroys_itself_ = false;
  std::unique_ptr<BuiltFolder> folder_;
};

TEST_F(BuiltFolderTest, IsBuiltOnceIfNothingHappensToIt) {
  MustBuild();
  ExpectCorrect(Run());
  ExpectCorrect(Run());
  EXPECT_EQ(builds_, 1);
  const std::string path = folder_->path();
  folder_.reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(BuiltFolderTest, IsBuiltAgainWhenItWasRemovedEmptiedOrReplaced) {
  MustBuild();
  const std::string path = folder_->path();
  const std::vector<std::function<void()>> losses = {
      [&] { fs::remove_all(path); },
      [&] { fs::remove(Program()); },
      [&] { fs::rename(path, path + ".moved"); },
      [&] { fs::remove_all(path), fs::create_symlink("/", path); },
      [&] { fs::remove_all(path), (void)env_.WriteFileAtomically(path, "text"); },
  };
  for (std::size_t i = 0; i < losses.size(); ++i) {
    losses[i]();
    SCOPED_TRACE(i);
    ExpectCorrect(Run());
    EXPECT_EQ(builds_, static_cast<int>(i) + 2);
  }
  EXPECT_TRUE(env_.RemoveTree(path + ".moved").ok());
}

TEST_F(BuiltFolderTest, IsOpenedWhenItWasClosed) {
  MustBuild();
  ASSERT_EQ(::chmod(folder_->path().c_str(), 0), 0);
  ExpectCorrect(Run());
  EXPECT_EQ(builds_, 1);
}

TEST_F(BuiltFolderTest, WhatCannotBeBuiltAgainIsAFailureOfTheCandidate) {
  MustBuild();
  failure_ = "no such header";
  fs::remove_all(folder_->path());
  const RunResult result = Run();
  EXPECT_TRUE(result.status.ok());
  EXPECT_EQ(result.outcome(), Outcome::kRuntime);
  EXPECT_EQ(result.failure->stage, "run.folder");
  EXPECT_EQ(result.failure->reason,
            "lost its folder, and could not be built again: no such header");
}

TEST_F(BuiltFolderTest, WhoNeverStartsForLackOfAFolderFails) {
  MustBuild();
  fs::remove(Program());
  const RunResult result = Run([&] { fs::remove_all(folder_->path()); });
  ExpectCorrect(result);  // it had run before it did that
  const RunResult lost = folder_->Run(
      [&]() -> Result<ProcessResult> {
        fs::remove_all(folder_->path());
        return Status::NotFound("cannot enter the directory");
      },
      [](const Result<ProcessResult>& process) { return UnknownRun(process.status()); });
  EXPECT_TRUE(lost.status.ok()) << lost.status.message();
  EXPECT_EQ(lost.failure->stage, "run.folder");
  EXPECT_EQ(lost.failure->reason, "lost its folder again and again");
}

TEST_F(BuiltFolderTest, ABuildThatDestroysItsFolderLeavesAnEmptyOne) {
  destroys_itself_ = true;
  MustBuild();
  EXPECT_TRUE(fs::is_empty(folder_->path()));
  const RunResult result = Run();
  EXPECT_EQ(result.status.message(), "no program") << "the folder is there, so it is not to blame";
  EXPECT_EQ(builds_, 1);
}

TEST_F(BuiltFolderTest, AFolderThatVanishedBeforeTheBuildIsMadeAgain) {
  auto folder = *BuiltFolder::Create(env_, "foothold-test-", [this](const std::string& path) {
    if (++builds_ == 1) fs::remove_all(path);  // by a neighbour
    if (!fs::exists(path)) {
      BuildResult unknown;
      unknown.status = Status::NotFound("cannot enter the directory");
      return std::optional<BuildResult>(std::move(unknown));
    }
    return std::optional<BuildResult>();
  });
  EXPECT_FALSE(folder->Build(""));
  EXPECT_EQ(builds_, 2);
}

}  // namespace
}  // namespace foothold::child

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "foothold/env.h"

namespace foothold::process {
namespace {

class PosixEnvTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "foothold_env_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::size_t FilesInDirectory() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_), {}));
  }

  Env* env_ = Env::Default();
  std::string directory_;
};

TEST_F(PosixEnvTest, WritesAtomicallyAndReadsBack) {
  const std::string content("line\n\0\xff", 7);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), content).ok());
  EXPECT_EQ(*env_->ReadFile(Path("a")), content);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "").ok());
  EXPECT_EQ(*env_->ReadFile(Path("a")), "");
  EXPECT_EQ(FilesInDirectory(), 1U);  // no temporary left
}

TEST_F(PosixEnvTest, ReadsAndWritesMoreThanAnyBuffer) {
  std::string content(3'000'001, 'x');
  content[2'000'000] = 'y';
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), content).ok());
  EXPECT_EQ(*env_->ReadFile(Path("a")), content);
}

TEST_F(PosixEnvTest, AtomicWriteKeepsPermissions) {
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "1").ok());
  ASSERT_EQ(::chmod(Path("a").c_str(), 0640), 0);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "2").ok());
  struct stat info {};
  ASSERT_EQ(::stat(Path("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640U);
}

TEST_F(PosixEnvTest, AtomicWriteFailsCleanly) {
  std::filesystem::create_directory(Path("a"));
  const Status status = env_->WriteFileAtomically(Path("a"), "1");
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), Path("a") + ": is a directory, must be a file to write to");
  EXPECT_EQ(FilesInDirectory(), 1U);
}

TEST_F(PosixEnvTest, AppendsAcrossOpenings) {
  {
    auto file = *env_->OpenForAppend(Path("log"));
    ASSERT_TRUE(file->Append("one\n").ok());
    ASSERT_TRUE(file->Append("").ok());
    ASSERT_TRUE(file->Sync().ok());
  }
  {
    auto file = *env_->OpenForAppend(Path("log"));
    ASSERT_TRUE(file->Append("two\n").ok());
  }
  EXPECT_EQ(*env_->ReadFile(Path("log")), "one\ntwo\n");
}

TEST_F(PosixEnvTest, WritingReportsAFullDisk) {
  if (!env_->FileExists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  const Status status = env_->WriteFileAtomically("/dev/full", "x");
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_EQ(status.message(), "/dev/full: cannot write: No space left on device");
}

TEST_F(PosixEnvTest, WritingSurvivesSignalsAndShortWrites) {
  // A pipe with a slow reader makes write() stop half-way; a timer interrupts it.
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART: write() returns early
  struct sigaction previous {};
  ASSERT_EQ(::sigaction(SIGALRM, &action, &previous), 0);
  const std::string content(1'000'000, 'z');
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Result<std::string> got = Env::Default()->ReadFile(Path("pipe"));
    ::_exit(got.ok() && *got == content ? 0 : 1);
  }
  ::ualarm(200, 200);
  EXPECT_TRUE(env_->WriteFileAtomically(Path("pipe"), content).ok());
  ::ualarm(0, 0);
  int child_status = -1;
  ASSERT_EQ(::waitpid(child, &child_status, 0), child);
  EXPECT_EQ(child_status, 0);
  ::sigaction(SIGALRM, &previous, nullptr);
}

TEST_F(PosixEnvTest, MissingFilesAreNotFoundAndNamed) {
  EXPECT_EQ(env_->ReadFile(Path("none")).status(),
            Status::NotFound(Path("none") + ": cannot open: No such file or directory"));
  EXPECT_EQ(env_->OpenForAppend(Path("no/log")).status(),
            Status::NotFound(Path("no/log") + ": cannot open for appending: the folder " +
                             Path("no") + " does not exist; create it first"));
  EXPECT_EQ(env_->WriteFileAtomically(Path("no/a"), "").code(), StatusCode::kNotFound);
  EXPECT_EQ(env_->OpenForRead(Path("none")).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(env_->Inspect(Path("none")).status().code(), StatusCode::kNotFound);
  EXPECT_FALSE(env_->FileExists(Path("none")));
}

TEST_F(PosixEnvTest, ReadingADirectoryIsAnIoError) {
  EXPECT_EQ(env_->ReadFile(directory_).status().code(), StatusCode::kIoError);
  EXPECT_TRUE(env_->FileExists(directory_));
}

TEST_F(PosixEnvTest, Truncates) {
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "whole\ntorn").ok());
  auto file = *env_->OpenForAppend(Path("a"));
  ASSERT_TRUE(file->Truncate(6).ok());
  EXPECT_EQ(*env_->ReadFile(Path("a")), "whole\n");
  ASSERT_TRUE(file->Append("more\n").ok());
  EXPECT_EQ(*env_->ReadFile(Path("a")), "whole\nmore\n");
}

TEST_F(PosixEnvTest, ReadsPieceByPieceAndGoesOnWhereAFileHasGrown) {
  auto writer = *env_->OpenForAppend(Path("a"));
  ASSERT_TRUE(writer->Append("12345").ok());
  auto file = *env_->OpenForRead(Path("a"));
  EXPECT_EQ(*file->Read(3), "123");
  EXPECT_EQ(*file->Read(3), "45");
  EXPECT_EQ(*file->Read(3), "");
  ASSERT_TRUE(writer->Append("6").ok());
  EXPECT_EQ(*file->Read(3), "6");
}

TEST_F(PosixEnvTest, TellsAFileByWhatItIsAndNotByItsName) {
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "123").ok());
  ASSERT_EQ(::symlink("a", Path("link").c_str()), 0);
  ASSERT_EQ(::link(Path("a").c_str(), Path("hard").c_str()), 0);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("b"), "123").ok());
  const FileInfo a = *env_->Inspect(Path("a"));
  EXPECT_EQ(a.kind, FileInfo::Kind::kRegular);
  EXPECT_EQ(a.bytes, 3U);
  EXPECT_EQ(a.names, 2U);
  EXPECT_TRUE(a.IsSameFileAs(*env_->Inspect(Path("link"))));
  EXPECT_TRUE(a.IsSameFileAs(*env_->Inspect(Path("hard"))));
  EXPECT_FALSE(a.IsSameFileAs(*env_->Inspect(Path("b"))));
  EXPECT_EQ(env_->Inspect(directory_)->kind, FileInfo::Kind::kDirectory);
  EXPECT_EQ(env_->Inspect("/dev/null")->kind, FileInfo::Kind::kCharacterDevice);
}

TEST_F(PosixEnvTest, AnOpenFileKnowsWhatBecameOfIt) {
  auto file = *env_->OpenForAppend(Path("a"));
  ASSERT_TRUE(file->Append("12").ok());
  EXPECT_EQ(file->Info()->bytes, 2U);
  std::filesystem::remove(Path("a"));
  EXPECT_EQ(file->Info()->names, 0U);
}

TEST_F(PosixEnvTest, ReadsNoMoreThanItMay) {
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "1234").ok());
  EXPECT_EQ(*env_->ReadFile(Path("a"), 4), "1234");
  EXPECT_EQ(env_->ReadFile(Path("a"), 3).status(),
            Status::InvalidArgument(Path("a") +
                                    ": holds more than 3 bytes, must hold at most that many"));
  EXPECT_EQ(env_->ReadFile("/dev/zero").status().code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(env_->ReadFile("/proc/self/status").ok()) << "it says that it is empty";
}

TEST_F(PosixEnvTest, CreatesNestedDirectoriesOnceOrTwice) {
  EXPECT_TRUE(env_->CreateDirectories(Path("x/y/z")).ok());
  EXPECT_TRUE(env_->CreateDirectories(Path("x/y/z")).ok());
  EXPECT_TRUE(std::filesystem::is_directory(Path("x/y/z")));
  ASSERT_TRUE(env_->WriteFileAtomically(Path("f"), "").ok());
  EXPECT_EQ(env_->CreateDirectories(Path("f/y")).code(), StatusCode::kIoError);
}

TEST_F(PosixEnvTest, AFileHasOneWriterWhateverItIsCalled) {
  auto file = *env_->OpenForAppend(Path("a"));
  ASSERT_EQ(::symlink("a", Path("link").c_str()), 0);
  ASSERT_EQ(::link(Path("a").c_str(), Path("hard").c_str()), 0);
  for (const char* name : {"a", "link", "hard"}) {
    EXPECT_EQ(env_->OpenForAppend(Path(name)).status(),
              Status::Unavailable(Path(name) + ": is being written by another process"));
    EXPECT_EQ(env_->WriteFileAtomically(Path(name), "x").code(), StatusCode::kUnavailable);
  }
  file.reset();
  EXPECT_TRUE(env_->OpenForAppend(Path("hard")).ok());
}

TEST_F(PosixEnvTest, OnlyRegularFilesAreAppendedTo) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(env_->OpenForAppend(Path("pipe")).status(),
            Status::InvalidArgument(Path("pipe") + ": is a FIFO, must be a regular file"));
  EXPECT_EQ(env_->OpenForAppend("/dev/null").status(),
            Status::InvalidArgument("/dev/null: is a character device, must be a regular file"));
  EXPECT_EQ(env_->OpenForAppend(directory_).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(PosixEnvTest, TheFileOfAKilledWriterIsFree) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto file = Env::Default()->OpenForAppend(Path("a"));
    const char answer = file.ok() ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  EXPECT_EQ(env_->OpenForAppend(Path("a")).status().code(), StatusCode::kUnavailable);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(env_->OpenForAppend(Path("a")).ok());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(PosixEnvTest, TemporaryDirectoriesAreNewAndPrivateAndGoWithAllTheyHold) {
  const std::string first = *env_->CreateTemporaryDirectory("foothold_env_");
  const std::string second = *env_->CreateTemporaryDirectory("foothold_env_");
  EXPECT_NE(first, second);
  struct stat info {};
  ASSERT_EQ(::stat(first.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700U);
  EXPECT_TRUE(env_->CreateDirectories(first + "/a/b").ok());
  EXPECT_TRUE(env_->WriteFileAtomically(first + "/a/b/c", "x").ok());
  for (const std::string& path : {first, second, first}) EXPECT_TRUE(env_->RemoveTree(path).ok());
  EXPECT_FALSE(env_->FileExists(first));
  EXPECT_FALSE(env_->FileExists(second));
}

TEST_F(PosixEnvTest, SleepsAtLeastSoLong) {
  const double start = env_->MonotonicSeconds();
  env_->Sleep(0.02);
  EXPECT_GE(env_->MonotonicSeconds() - start, 0.02);
}

TEST_F(PosixEnvTest, ClocksGoForward) {
  EXPECT_GT(env_->WallClockSeconds(), 1.6e9);  // after 2020
  const double before = env_->MonotonicSeconds();
  EXPECT_GE(env_->MonotonicSeconds(), before);
}

}  // namespace
}  // namespace foothold::process

// Outputs that lead elsewhere than to a new file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "foothold/env.h"
#include "process/testing/temporary_folder.h"

namespace foothold::process {
namespace {

class OutputTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return folder_.File(name); }
  std::string Read(const std::string& name) { return env_->ReadFile(Path(name)).value(); }

  Env* env_ = Env::Default();
  testing::TemporaryFolder folder_;
};

TEST_F(OutputTest, ASymbolicLinkStaysAndItsTargetIsReplaced) {
  std::filesystem::create_directory(Path("below"));
  ASSERT_TRUE(env_->WriteFileAtomically(Path("below/target"), "old").ok());
  ASSERT_EQ(::symlink("below/target", Path("near").c_str()), 0);
  ASSERT_EQ(::symlink(Path("near").c_str(), Path("far").c_str()), 0);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("far"), "new").ok());
  EXPECT_EQ(Read("below/target"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(Path("far")));
  EXPECT_TRUE(std::filesystem::is_symlink(Path("near")));
}

TEST_F(OutputTest, ALinkToNothingBringsItsTargetIntoBeing) {
  ASSERT_EQ(::symlink("target", Path("link").c_str()), 0);
  ASSERT_TRUE(env_->WriteFileAtomically(Path("link"), "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(Path("link")));
  EXPECT_EQ(Read("target"), "new");
}

TEST_F(OutputTest, LinksInACircleAreAnError) {
  ASSERT_EQ(::symlink("b", Path("a").c_str()), 0);
  ASSERT_EQ(::symlink("a", Path("b").c_str()), 0);
  EXPECT_EQ(env_->WriteFileAtomically(Path("a"), "x").code(), StatusCode::kIoError);
}

TEST_F(OutputTest, ADeviceIsWrittenToAndStaysOne) {
  ASSERT_EQ(::symlink("/dev/null", Path("link").c_str()), 0);
  for (const std::string& path : {std::string("/dev/null"), Path("link")}) {
    EXPECT_TRUE(env_->WriteFileAtomically(path, "x").ok());
  }
  EXPECT_EQ(env_->Inspect("/dev/null")->kind, FileInfo::Kind::kCharacterDevice);
}

TEST_F(OutputTest, AFifoIsWrittenToWhenItsReaderComes) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  std::thread reader([this] {
    env_->Sleep(0.05);
    EXPECT_EQ(Read("pipe"), "text");
  });
  EXPECT_TRUE(env_->WriteFileAtomically(Path("pipe"), "text").ok());
  reader.join();
  EXPECT_EQ(env_->Inspect(Path("pipe"))->kind, FileInfo::Kind::kFifo);
}

// As `command -o /dev/fd/N N>>file` has it.
TEST_F(OutputTest, AnOpenDescriptorIsWrittenToWhereItStands) {
  ASSERT_TRUE(env_->WriteFileAtomically(Path("a"), "before\n").ok());
  const int fd = ::open(Path("a").c_str(), O_WRONLY | O_APPEND);
  ASSERT_GE(fd, 0);
  for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
    EXPECT_TRUE(env_->WriteFileAtomically(folder + std::to_string(fd), "after\n").ok());
  }
  ::close(fd);
  EXPECT_EQ(Read("a"), "before\nafter\nafter\n");
}

}  // namespace
}  // namespace foothold::process

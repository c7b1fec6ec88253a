#include "cli/common/stream_env.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "process/testing/temporary_folder.h"

namespace foothold::cli {
namespace {

class StreamEnvTest : public ::testing::Test {
 protected:
  /// All that Read gives.
  std::string ReadAll(const std::string& path) {
    const auto file = env_->OpenForRead(path);
    EXPECT_TRUE(file.ok()) << file.status().message();
    std::string text;
    while (file.ok()) {
      const std::string piece = (*file)->Read(3).value();
      if (piece.empty()) break;
      text += piece;
    }
    return text;
  }

  const testing::TemporaryFolder folder_;
  const std::unique_ptr<Env> env_ = MakeStreamEnv(*Env::Default());
};

TEST_F(StreamEnvTest, APipeCanBeReadAgainAndAgain) {
  const std::string path = folder_.File("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path) << "what it holds"; });
  EXPECT_EQ(ReadAll(path), "what it holds");
  writer.join();
  EXPECT_EQ(ReadAll(path), "what it holds");
  EXPECT_EQ(env_->ReadFile(path).value(), "what it holds");
  EXPECT_THAT(env_->ReadFile(path, 5).status().message(),
              ::testing::HasSubstr("pipe: holds more than 5 bytes"));
}

TEST_F(StreamEnvTest, FilesAreReadAsTheyAre) {
  const std::string path = folder_.File("file");
  std::ofstream(path) << "old";
  EXPECT_EQ(ReadAll(path), "old");
  std::ofstream(path) << "new";
  EXPECT_EQ(ReadAll(path), "new");
  EXPECT_EQ(env_->OpenForRead(folder_.File("none")).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::cli

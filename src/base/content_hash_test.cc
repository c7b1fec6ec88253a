#include "base/content_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "process/testing/temporary_folder.h"

namespace foothold::base {
namespace {

using ::testing::HasSubstr;

class ContentHashTest : public ::testing::Test {
 protected:
  ContentHashTest() { std::filesystem::create_directory(Path("tree")); }
  std::string Path(const std::string& name) const { return folder_.File(name); }
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    ASSERT_TRUE(env_.WriteFileAtomically(Path(name), text).ok());
  }
  std::string Tree() { return HashTree(env_, Path("tree")).value(); }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
};

TEST_F(ContentHashTest, AFileIsItsContent) {
  const std::string text(3'000'000, 'x');  // several pieces
  Write("a", text);
  EXPECT_EQ(HashFile(env_, Path("a")).value(), ContentHash(text));
  EXPECT_EQ(ContentHash("abc"),
            "sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Write("a", text + "y");
  EXPECT_NE(HashFile(env_, Path("a")).value(), ContentHash(text));
}

TEST_F(ContentHashTest, OfAVeryLongFileTheBeginningAndTheLengthCount) {
  Write("long", "");
  std::filesystem::resize_file(Path("long"), kMostHashedBytes + 5);  // sparse: it takes no room
  const std::string hash = HashFile(env_, Path("long")).value();
  EXPECT_THAT(hash, HasSubstr(" of the first 268435456 of 268435461 bytes"));
}

TEST_F(ContentHashTest, WhatIsNoFileIsRefusedAndNotWaitedFor) {
  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0600), 0);
  for (const std::string& path : {Path("fifo"), Path("tree"), std::string("/dev/zero")}) {
    const Status status = HashFile(env_, path).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), path + ": is no regular file, whose content could be compared");
  }
  EXPECT_EQ(HashFile(env_, Path("none")).status().code(), StatusCode::kNotFound);
}

TEST_F(ContentHashTest, ATreeIsItsNamesAndContents) {
  Write("tree/b/c.h", "one");
  Write("tree/a", "two");
  const std::string before = Tree();
  EXPECT_EQ(Tree(), before);
  Write("tree/b/c.h", "three");
  EXPECT_NE(Tree(), before);
  Write("tree/b/c.h", "one");
  EXPECT_EQ(Tree(), before);
  std::filesystem::rename(Path("tree/a"), Path("tree/d"));
  EXPECT_NE(Tree(), before) << "names count";
  EXPECT_EQ(HashTree(env_, Path("tree/d")).value(), ContentHash("two"));
}

TEST_F(ContentHashTest, LinksThatLeadNowhereOrInCirclesEndIt) {
  Write("tree/a", "two");
  std::filesystem::create_symlink("nowhere", Path("tree/dangling"));
  EXPECT_TRUE(HashTree(env_, Path("tree")).ok());
  std::filesystem::create_directory_symlink(".", Path("tree/self"));
  const Status status = HashTree(env_, Path("tree")).status();
  EXPECT_THAT(status.message(), HasSubstr("tree: is nested more than 32 deep"));
}

}  // namespace
}  // namespace foothold::base

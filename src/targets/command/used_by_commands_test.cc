#include "targets/command/used_by_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/content_hash.h"
#include "core/target/dependencies.h"
#include "process/testing/temporary_folder.h"

namespace foothold::command {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class UsedByCommandsTest : public ::testing::Test {
 protected:
  UsedByCommandsTest() {
    for (const char* name : {"bin/cc", "bin/strip", "bin/sh", "k.c", "k2.c", "notes.txt",
                             "with space.c", ".hidden.c", "sub/x.h"}) {
      std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
      EXPECT_TRUE(env_.WriteFileAtomically(Path(name), name).ok());
    }
    old_path_ = getenv("PATH");
    setenv("PATH", Path("bin").c_str(), 1);
  }
  ~UsedByCommandsTest() override { setenv("PATH", old_path_.c_str(), 1); }

  std::string Path(const std::string& name) const { return folder_.File(name); }
  /// What the command depends on.
  std::vector<std::string> Used(const std::vector<std::string>& argv) {
    child::UsedFiles files(env_, std::filesystem::path(Path("x")).parent_path().string());
    UsedByCommands used(env_, files);
    EXPECT_TRUE(used.Add(argv).ok());
    std::vector<std::string> names;
    for (const auto& [name, hash] : files.Take()) names.push_back(name);
    for (const auto& [name, hash] : used.Take()) names.push_back(name);
    return names;
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
  std::string old_path_;
};

TEST_F(UsedByCommandsTest, ProgramsAndFilesThatArgumentsName) {
  EXPECT_THAT(Used({"cc", "-O2", "-DTILE=4", "-o", "/proc/no-workdir/k", Path("k.c")}),
              UnorderedElementsAre("program cc", "k.c"));
  EXPECT_THAT(Used({Path("bin/cc"), "strip", "all"}),
              UnorderedElementsAre("bin/cc", "program strip"));
  EXPECT_THAT(Used({"no-such-program", "/no/such/file", Path("sub"), "/dev/null"}), IsEmpty());
  EXPECT_THAT(Used({"x", "/no-such-file", "https://example.org/k.c", "/dev/null/k"}), IsEmpty());
}

TEST_F(UsedByCommandsTest, AFileThatIsNotThereIsAbsent) {
  child::UsedFiles files(env_, std::filesystem::path(Path("x")).parent_path().string());
  UsedByCommands used(env_, files);
  EXPECT_TRUE(used.Add({"x", "--out=" + Path("none"), Path("k.c")}).ok());
  const Dependencies found = files.Take();
  EXPECT_EQ(found.at("none"), target::kAbsentFile);
  EXPECT_NE(found.at("k.c"), target::kAbsentFile);
}

TEST_F(UsedByCommandsTest, PathsWithinArguments) {
  for (const std::string& argument :
       {"--source=" + Path("k.c"), "-I" + Path("k.c"), "-Wl,-T," + Path("k.c"), "@" + Path("k.c"),
        "-DFILE=\"" + Path("k.c") + "\"", "host:" + Path("k.c"), "a " + Path("k.c") + " b"}) {
    EXPECT_THAT(Used({"x", argument}), ElementsAre("k.c")) << argument;
  }
  EXPECT_THAT(Used({"x", Path("with space.c")}), ElementsAre("with space.c"));
  EXPECT_THAT(Used({"x", "not" + Path("k.c")}), IsEmpty()) << "no absolute path begins there";
}

TEST_F(UsedByCommandsTest, PatternsAreThoseOfTheShell) {
  EXPECT_THAT(Used({"sh", "-c", "cc " + Path("*.c") + " -o k"}),
              UnorderedElementsAre("program sh", "program cc", "k.c", "k2.c", "with space.c"));
  EXPECT_THAT(Used({"x", Path("k?.c")}), ElementsAre("k2.c"));
  EXPECT_THAT(Used({"x", "/no/such/folder/*.c"}), IsEmpty());
}

TEST_F(UsedByCommandsTest, AScriptsProgramsAndVariables) {
  setenv("FOOTHOLD_TEST_TOOL", "strip --all", 1);
  setenv("FOOTHOLD_TEST_FILE", Path("notes.txt").c_str(), 1);
  unsetenv("FOOTHOLD_TEST_NONE");
  EXPECT_THAT(Used({"sh", "-ec",
                    "cd /; if LC_ALL=C cc k; then $FOOTHOLD_TEST_TOOL \"${FOOTHOLD_TEST_FILE}\" "
                    "$FOOTHOLD_TEST_NONE $PWD; fi"}),
              UnorderedElementsAre("program sh", "program cc", "program strip", "notes.txt",
                                   "environment variable FOOTHOLD_TEST_TOOL",
                                   "environment variable FOOTHOLD_TEST_FILE"));
  EXPECT_THAT(Used({"x", "-c", "cc $FOOTHOLD_TEST_TOOL"}), IsEmpty()) << "x is no shell";
}

}  // namespace
}  // namespace foothold::command

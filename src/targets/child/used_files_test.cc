#include "targets/child/used_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/content_hash.h"
#include "process/testing/temporary_folder.h"

namespace foothold::child {
namespace {

using ::testing::ElementsAre;

class UsedFilesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return folder_.File(name); }
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    ASSERT_TRUE(env_.WriteFileAtomically(Path(name), text).ok());
  }
  static std::vector<std::string> Names(const Dependencies& dependencies) {
    std::vector<std::string> names;
    for (const auto& [name, hash] : dependencies) names.push_back(name);
    return names;
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
  UsedFiles files_{env_, folder_.File("src")};
};

TEST_F(UsedFilesTest, AFileIsNamedByItsPathBelowTheFolder) {
  Write("src/a/kernel.cl", "one");
  Write("data.bin", "two");
  ASSERT_TRUE(files_.Add(Path("src/a/../a/kernel.cl")).ok());
  ASSERT_TRUE(files_.Add(Path("src/a/kernel.cl")).ok());
  ASSERT_TRUE(files_.Add(Path("data.bin")).ok());
  const Dependencies used = files_.Take();
  EXPECT_EQ(used, (Dependencies{{"a/kernel.cl", base::ContentHash("one")},
                                {Path("data.bin"), base::ContentHash("two")}}));
  EXPECT_EQ(files_.Add(Path("src/none")).code(), StatusCode::kNotFound);
}

TEST_F(UsedFilesTest, WhatItIncludesCountsToo) {
  Write("src/k.c",
        "#include \"a.h\"\n  #  include \"../lib/b.h\" // why\n#include <c.h>\n#include <stdio.h>\n"
        "#include MACRO\n#include \"none.h\"\n#include \"torn\n// include \"d.h\"\n#include");
  Write("src/a.h", "#include \"k.c\"\n#include \"sub/e.h\"");  // in circles
  Write("src/sub/e.h", "#include \"f.h\"");
  Write("src/sub/f.h", "");
  Write("src/d.h", "");
  Write("lib/b.h", "");
  Write("lib/c.h", "");
  files_.AddIncludeFolders("-O2 -I" + Path("lib") + " -I");
  ASSERT_TRUE(files_.Add(Path("src/k.c")).ok());
  EXPECT_THAT(Names(files_.Take()),
              ElementsAre(Path("lib/b.h"), Path("lib/c.h"), "a.h", "k.c", "sub/e.h", "sub/f.h"));
}

TEST_F(UsedFilesTest, WhatIsNoTextIncludesNothing) {
  Write("src/k.bin", std::string("\0\n#include \"a.h\"\n", 17));
  Write("src/a.h", "");
  ASSERT_TRUE(files_.Add(Path("src/k.bin")).ok());
  EXPECT_THAT(Names(files_.Take()), ElementsAre("k.bin"));
}

TEST_F(UsedFilesTest, ProgramsAreLookedForAsTheSystemDoes) {
  Write("bin/tool", "one");
  Write("later/tool", "two");
  const std::string path = getenv("PATH");
  ASSERT_EQ(setenv("PATH", (Path("bin") + ":" + Path("later")).c_str(), 1), 0);
  Dependencies programs;
  EXPECT_TRUE(AddProgram(env_, "tool", programs).value());
  EXPECT_TRUE(AddProgram(env_, Path("later/tool"), programs).value());
  EXPECT_FALSE(AddProgram(env_, "no-such-tool", programs).value());
  EXPECT_FALSE(AddProgram(env_, Path("bin"), programs).value()) << "a folder is no program";
  EXPECT_FALSE(AddProgram(env_, "", programs).value());
  ASSERT_EQ(setenv("PATH", path.c_str(), 1), 0);
  EXPECT_EQ(programs, (Dependencies{{"program tool", base::ContentHash("one")},
                                    {"program " + Path("later/tool"), base::ContentHash("two")}}));
}

}  // namespace
}  // namespace foothold::child

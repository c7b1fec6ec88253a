// The arrows between the modules are those that the CMakeLists.txt files declare, and point down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/include_graph.h"

namespace foothold::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

std::vector<SourceFile> Sources(const std::vector<SourceFile>& project) {
  std::vector<SourceFile> files;
  for (const char* folder : {"src/", "studies/", "include/"}) {
    const auto selected = Select(project, folder, {".h", ".cc"});
    files.insert(files.end(), selected.begin(), selected.end());
  }
  return files;
}

TEST(DependencyDirection, ProjectKeepsToItsDeclarations) {
  const auto modules = ParseModules(ReadLines(FOOTHOLD_BINARY_DIR "/modules.txt"));
  ASSERT_FALSE(modules.empty());
  const auto project = ReadBuiltProject(FOOTHOLD_SOURCE_DIR, FOOTHOLD_BINARY_DIR);
  if (modules.size() != CountModules(project)) {
    GTEST_SKIP() << "this build leaves out some modules";
  }
  EXPECT_THAT(CheckIncludes(modules, Sources(project)), IsEmpty());
}

TEST(DependencyDirection, FewArrowsBetweenTheFloors) {
  constexpr std::size_t kMostArrows = 40;
  const auto arrows =
      ArrowsBetweenFloors(ParseModules(ReadLines(FOOTHOLD_BINARY_DIR "/modules.txt")));
  EXPECT_FALSE(arrows.empty());
  EXPECT_THAT(arrows, SizeIs(Le(kMostArrows)));
}

// The rest shows, on small made-up projects, that the check can fail.

const std::vector<std::string> kModules = {"base||status.h", "space|base|space.h", "vta/isa|base|",
                                           "vta|base;vta/isa|"};

std::vector<std::string> Check(const std::vector<SourceFile>& extra) {
  std::vector<SourceFile> files = {
      {"include/foothold/status.h", ""},
      {"include/foothold/space.h", "#include \"foothold/status.h\"\n"},
      {"src/base/check.h", "#include <vector>\n"},
      {"src/vta/isa/isa.h", "#include \"base/check.h\"\n"},
      {"src/vta/machine.h", "#include \"base/check.h\"\n#include \"vta/isa/isa.h\"\n"}};
  files.insert(files.end(), extra.begin(), extra.end());
  return CheckIncludes(ParseModules(kModules), files);
}

TEST(DependencyDirection, AcceptsDeclaredIncludes) {
  EXPECT_THAT(Check({{"src/vta/vta.cc",
                      "#include \"base/check.h\"\n"
                      "  #include \"vta/isa/isa.h\"\n"
                      "#include \"foothold/status.h\"\n"
                      "// #include \"space/not_code.h\"\n"}}),
              IsEmpty());
}

TEST(DependencyDirection, RejectsAnUndeclaredInclude) {
  EXPECT_THAT(Check({{"src/space/space.cc", "\n#include \"vta/isa/isa.h\"\n"}}),
              ElementsAre("src/space/space.cc:2: module space includes src/vta/isa/isa.h of module "
                          "vta/isa, which its USES does not declare"));
}

TEST(DependencyDirection, RejectsAPublicHeaderOfAnUndeclaredModule) {
  EXPECT_THAT(Check({{"src/vta/isa/isa.cc", "#include \"foothold/space.h\"\n"}}),
              ElementsAre(HasSubstr("includes include/foothold/space.h of module space")));
}

TEST(DependencyDirection, RejectsAnUpwardDeclaration) {
  const auto modules = ParseModules({"base|space|", "space||"});
  const std::vector<SourceFile> files = {{"src/base/a.h", "#include \"space/b.h\"\n"},
                                         {"src/space/b.h", ""}};
  EXPECT_THAT(CheckIncludes(modules, files),
              ElementsAre(HasSubstr("src/base/CMakeLists.txt:1: module base uses space, which")));
}

TEST(DependencyDirection, RejectsAnUnneededDeclaration) {
  const auto modules = ParseModules({"base||", "space|base|", "studies/micro|base;space|"});
  const std::vector<SourceFile> files = {{"src/base/a.h", ""},
                                         {"src/space/b.h", "#include \"base/a.h\"\n"},
                                         {"studies/micro/c.h", "#include \"space/b.h\"\n"}};
  EXPECT_THAT(CheckIncludes(modules, files),
              ElementsAre("studies/micro/CMakeLists.txt:1: module studies/micro declares in its "
                          "USES base, of which it includes nothing"));
}

TEST(DependencyDirection, TestsMayUseMore) {
  const std::vector<SourceFile> files = {{"src/base/a.h", ""},
                                         {"src/base/a_test.cc", "#include \"space/testing/c.h\"\n"},
                                         {"src/space/b.h", "#include \"base/a.h\"\n"},
                                         {"src/space/testing/c.h", ""}};
  EXPECT_THAT(CheckIncludes(ParseModules({"base|||space", "space|base||"}), files), IsEmpty());
  EXPECT_THAT(CheckIncludes(ParseModules({"base|||", "space|base||"}), files),
              ElementsAre("src/base/a_test.cc:1: module base includes src/space/testing/c.h of "
                          "module space, which its TEST_USES does not declare"));
}

TEST(DependencyDirection, RejectsWhatOnlyTestsUse) {
  const std::vector<SourceFile> files = {{"src/base/a.h", ""},
                                         {"src/space/b.h", ""},
                                         {"src/space/b_test.cc", "#include \"base/a.h\"\n"}};
  EXPECT_THAT(CheckIncludes(ParseModules({"base|||", "space|base||"}), files),
              ElementsAre("src/space/CMakeLists.txt:1: module space declares in its USES base, of "
                          "which it includes nothing but in tests"));
}

TEST(DependencyDirection, CountsArrowsBetweenFloors) {
  EXPECT_THAT(ArrowsBetweenFloors(
                  ParseModules({"base|||", "core/space|base||tune", "core/target|base;core/space||",
                                "tune|core/target||", "studies/micro|base;tune||"})),
              ElementsAre("core -> base", "tune -> core"));
}

TEST(DependencyDirection, RejectsAStudyBelowAModule) {
  const auto modules = ParseModules({"base||", "studies/micro||"});
  const std::vector<SourceFile> files = {{"src/base/a.h", "#include \"studies/micro/c.h\"\n"},
                                         {"studies/micro/c.h", ""}};
  EXPECT_THAT(CheckIncludes(modules, files),
              ElementsAre("src/base/a.h:1: module base includes studies/micro/c.h of module "
                          "studies/micro, which its USES does not declare"));
}

TEST(DependencyDirection, RejectsAFileOfNoModule) {
  EXPECT_THAT(Check({{"src/stray/a.h", ""}, {"include/foothold/b.h", ""}}),
              ElementsAre(HasSubstr("include/foothold/b.h:1: belongs to no module"),
                          HasSubstr("src/stray/a.h:1: belongs to no module")));
}

TEST(DependencyDirection, RejectsAPublicHeaderOfTwoModules) {
  EXPECT_THAT(CheckIncludes(ParseModules({"a||x.h", "b||x.h"}), {{"include/foothold/x.h", ""}}),
              ElementsAre(HasSubstr("is a public header of two modules")));
}

TEST(DependencyDirection, RejectsAMissingFile) {
  EXPECT_THAT(Check({{"src/base/a.cc", "#include \"base/gone.h\"\n"}}),
              ElementsAre("src/base/a.cc:1: includes src/base/gone.h, which does not exist"));
}

TEST(DependencyDirection, RejectsACircleOfHeaders) {
  EXPECT_THAT(Check({{"src/base/a.h", "#include \"base/b.h\"\n"},
                     {"src/base/b.h", "#include \"base/a.h\"\n"}}),
              ElementsAre("src/base/a.h:1: includes itself: src/base/a.h -> src/base/b.h -> "
                          "src/base/a.h"));
}

}  // namespace
}  // namespace foothold::rules

// The house rules hold for the project; and each can fail, which the second half shows.
#include "tests/rules/house_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HouseRules : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    project_ = new std::vector<SourceFile>(ReadProject(FOOTHOLD_SOURCE_DIR));
  }
  static void TearDownTestSuite() { delete project_; }

  static std::vector<SourceFile>* project_;
};
std::vector<SourceFile>* HouseRules::project_ = nullptr;

TEST_F(HouseRules, NoForbiddenWords) { EXPECT_THAT(ForbiddenWords(*project_), IsEmpty()); }
TEST_F(HouseRules, NoMachinePaths) { EXPECT_THAT(MachinePaths(*project_), IsEmpty()); }
TEST_F(HouseRules, NoLongFiles) { EXPECT_THAT(LongFiles(*project_), IsEmpty()); }
TEST_F(HouseRules, NoDoubleDefinitions) { EXPECT_THAT(DoubleDefinitions(*project_), IsEmpty()); }
TEST_F(HouseRules, NoStrayDeclarations) { EXPECT_THAT(StrayDeclarations(*project_), IsEmpty()); }
TEST_F(HouseRules, HeadersAreGuarded) { EXPECT_THAT(UnguardedHeaders(*project_), IsEmpty()); }
TEST_F(HouseRules, NoTornDeclarations) { EXPECT_THAT(TornDeclarations(*project_), IsEmpty()); }
TEST_F(HouseRules, ThereIsOneLoop) { EXPECT_THAT(OtherLoops(*project_), IsEmpty()); }

TEST_F(HouseRules, EveryTestIsRegistered) {
  const auto project = ReadBuiltProject(FOOTHOLD_SOURCE_DIR, FOOTHOLD_BINARY_DIR);
  if (ReadLines(FOOTHOLD_BINARY_DIR "/modules.txt").size() != CountModules(project)) {
    GTEST_SKIP() << "this build leaves out some modules";
  }
  const auto registered = ReadLines(FOOTHOLD_BINARY_DIR "/tests.txt");
  EXPECT_THAT(UnregisteredTests(project, registered), IsEmpty());
}

TEST(HouseRulesThemselves, FindForbiddenWords) {
  const std::string text =
      "int x = rand();\n"
      "struct SpaceManager;\n"
      "auto t = time(nullptr);\n";
  EXPECT_THAT(ForbiddenWords({{"src/a/a.cc", text}}),
              ElementsAre("src/a/a.cc:1: 'rand': use foothold::Rng, so that a seed repeats the run",
                          "src/a/a.cc:3: 'time(nullptr)': clocks go through Env",
                          "src/a/a.cc:2: 'Manager': says nothing: name what the thing is"));
}

TEST(HouseRulesThemselves, KnowWordsFromPartsOfWords) {
  EXPECT_THAT(ForbiddenWords({{"src/a/a.cc", "operand = Utilisation(TODOs);\n"}}), IsEmpty());
  EXPECT_THAT(ForbiddenWords({{"src/process/env.cc", "std::chrono::steady_clock c;\n"}}),
              IsEmpty());
  EXPECT_THAT(ForbiddenWords({{"src/tune/tune.cc", "std::chrono::steady_clock c;\n"}}), SizeIs(1));
}

TEST(HouseRulesThemselves, KeepOneWayToReadJson) {
  const std::string text = "#include <nlohmann/json_fwd.hpp>\n#include \"base/json.h\"\n";
  EXPECT_THAT(ForbiddenWords({{"src/report/page.h", text}}), SizeIs(1));
  EXPECT_THAT(ForbiddenWords({{"tests/fuzz/json_fuzz.cc", text}}), SizeIs(1));
  EXPECT_THAT(ForbiddenWords({{"src/base/json_oracle_test.cc", text}}), IsEmpty());
}

TEST(HouseRulesThemselves, FindMachinePaths) {
  const std::string home = std::string("/ho") + "me/anna";
  EXPECT_THAT(MachinePaths({{"docs/a.md", "fine\nsee " + home + "/x\n"}}), SizeIs(1));
  EXPECT_THAT(MachinePaths({{"docs/a.md", "https://example.org" + home + "\n"}}), IsEmpty());
}

TEST(HouseRulesThemselves, FindLongFiles) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "\n";
  EXPECT_THAT(LongFiles({{"src/a.cc", text}}), IsEmpty());
  EXPECT_THAT(LongFiles({{"src/a.cc", text + "x\n"}}), SizeIs(1));
}

TEST(HouseRulesThemselves, FindDoubleDefinitions) {
  const std::string type =
      "namespace foothold {\nstruct Calibration {\n};\n}  // namespace foothold\n";
  const std::string other = "namespace foothold::vta {\nstruct Calibration {\n};\n";
  const std::string hidden = "namespace foothold {\nnamespace {\nstruct Calibration {\n};\n";
  const std::string declared = "namespace foothold {\nstruct Calibration;\nint Count(int a);\n";
  EXPECT_THAT(DoubleDefinitions({{"src/a.h", type},
                                 {"src/b.h", other},
                                 {"src/c.cc", hidden},
                                 {"src/d.h", declared},
                                 {"src/e_test.cc", type}}),
              IsEmpty());
  EXPECT_THAT(DoubleDefinitions({{"src/a.h", type}, {"studies/b.h", type}}),
              ElementsAre("studies/b.h:2: foothold::Calibration is defined in src/a.h too: rename "
                          "one of them"));
  const std::string function = "namespace foothold {\nint Count(int a,\n          int b) {\n";
  EXPECT_THAT(DoubleDefinitions({{"src/a.cc", function}, {"src/b.cc", function}}), SizeIs(1));
}

// A header at `path` that declares `what` in `place`, beside a project with the public type Env.
std::vector<std::string> Strays(const std::string& path, const std::string& place,
                                const std::string& what) {
  const std::string env = "namespace foothold {\nclass FOOTHOLD_EXPORT Env {\n};\n}\n";
  const std::string text =
      "namespace " + place + " {\n" + what + "\n}  // namespace " + place + "\n";
  return StrayDeclarations({{"include/foothold/env.h", env}, {path, text}});
}

TEST(HouseRulesThemselves, FindStrayDeclarations) {
  EXPECT_THAT(Strays("src/base/a.h", "foothold", "template <typename T>\nT Sum(\n    T a);"),
              ElementsAre("src/base/a.h:3: declares this in foothold: what include/foothold/ does "
                          "not declare is in foothold::base here"));
  EXPECT_THAT(Strays("studies/a/b.h", "foothold::tune", "struct B {\n  int c;\n};"), SizeIs(1));
  EXPECT_THAT(Strays("src/base/a.h", "foothold::testing", "int Sum();"), SizeIs(1));
  EXPECT_THAT(Strays("src/base/testing/a.h", "foothold::testing", "int Sum();"), IsEmpty());
  EXPECT_THAT(StrayDeclarations({{"src/base/a.h", "int Sum();\n"}}), SizeIs(1));
}

TEST(HouseRulesThemselves, LetHeadersDeclareTypesOfOthersAhead) {
  EXPECT_THAT(Strays("src/base/a.h", "foothold", "class Env;"), IsEmpty());
  EXPECT_THAT(Strays("src/base/a.h", "foothold", "class Machine;"), SizeIs(1));
  EXPECT_THAT(Strays("src/base/a.h", "foothold::vta", "class Machine;"), IsEmpty());
  EXPECT_THAT(Strays("src/base/a.h", "CLI", "class App;"), IsEmpty());
  EXPECT_THAT(StrayDeclarations({{"src/base/a.h", "struct sha256_ctx;\n"}}), IsEmpty());
}

TEST(HouseRulesThemselves, KnowTheNamespacesOfModules) {
  for (const auto& [path, place] : std::vector<std::pair<std::string, std::string>>{
           {"src/tune/a.h", "foothold::tune"},
           {"src/search/autotvm/a.h", "foothold::search"},
           {"src/core/space/a.h", "foothold::space"},
           {"src/targets/a.h", "foothold::targets"},
           {"src/targets/vta/isa/a.h", "foothold::vta"},
           {"src/targets/opencl/runner/a.h", "foothold::opencl_runner"},
           {"src/formats/t1/a.h", "foothold::t1"},
           {"src/formats/autotvm/a.h", "foothold::formats"},
           {"studies/peers/a.h", "foothold::studies"},
           {"studies/cli/a.h", "foothold::cli"}}) {
    EXPECT_THAT(Strays(path, place, "int Sum();"), IsEmpty());
    EXPECT_THAT(Strays(path, place + "::internal", "int Sum();"), IsEmpty());
    EXPECT_THAT(Strays(path, place + "2", "int Sum();"), SizeIs(1)) << path;
  }
}

TEST(HouseRulesThemselves, FindUnguardedHeaders) {
  EXPECT_THAT(UnguardedHeaders({{"src/a.h", "#pragma once\n"}, {"src/b.h", "int x;\n"}}),
              ElementsAre("src/b.h:1: must begin with #pragma once"));
}

TEST(HouseRulesThemselves, FindTornDeclarations) {
  EXPECT_THAT(TornDeclarations({{"src/a.h", "int a =\n    20;  ///< too long for one line\n"}}),
              ElementsAre("src/a.h:1: is torn in two: put the comment above it"));
  EXPECT_THAT(TornDeclarations({{"src/a.h", "/// fits\nint a = 20;\nint b = 1;  ///< fits too\n"}}),
              IsEmpty());
}

TEST(HouseRulesThemselves, FindOtherLoops) {
  const std::string call = "  batch = searcher.Propose(8);\n";
  EXPECT_THAT(OtherLoops({{"src/tune/loop.cc", call}}), IsEmpty());
  EXPECT_THAT(OtherLoops({{"src/tune/loop.cc", call + call}}), SizeIs(1));
  EXPECT_THAT(OtherLoops({{"src/tune/loop.cc", call}, {"studies/a/run.cc", call}}),
              ElementsAre("studies/a/run.cc:1: runs a searcher by itself: use RunLoop of "
                          "tune/loop.h"));
  EXPECT_THAT(OtherLoops({{"src/tune/explore.cc", "searcher_->Propose(1);\n"}}), SizeIs(1));
  EXPECT_THAT(OtherLoops({{"src/search/a/a_searcher.cc", call},
                          {"src/tune/loop_test.cc", call},
                          {"src/search/searcher/testing/measurements.h", call},
                          {"tests/library/a.cc", call}}),
              IsEmpty());
}

TEST(HouseRulesThemselves, FindUnregisteredTests) {
  EXPECT_THAT(UnregisteredTests({{"src/a_test.cc", ""}, {"src/b_test.cc", ""}}, {"src/a_test.cc"}),
              SizeIs(1));
}

}  // namespace
}  // namespace foothold::rules

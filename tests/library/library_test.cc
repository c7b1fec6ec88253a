// Foothold as others get it: installed, found by CMake, used by programs outside this build, packed
// for Debian.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "foothold/version.h"
#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string kBuild = FOOTHOLD_BINARY_DIR;
const std::string kSource = FOOTHOLD_SOURCE_DIR;

/// All files below `folder`, relative to it, in order.
std::vector<std::string> FilesBelow(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) files.push_back(fs::relative(entry.path(), folder).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Install(const std::string& directory) {
  RunShell("cmake --install '" + kBuild + "' --prefix installed >install.log", directory);
  return directory + "/installed";
}

bool IsSanitized() { return std::string(FOOTHOLD_SANITIZERS) != ""; }

TEST(InstalledTree, HoldsThePublicHeadersAndNoOther) {
  const std::string installed = Install(FreshDirectory());
  EXPECT_EQ(FilesBelow(installed + "/include/foothold"), FilesBelow(kSource + "/include/foothold"));
  const auto folders = fs::directory_iterator(installed + "/include");
  EXPECT_EQ(std::distance(begin(folders), end(folders)), 1);
}

TEST(InstalledTree, HoldsTheCommand) {
  const std::string directory = FreshDirectory();
  Install(directory);
  const std::string said = RunShell("installed/bin/foothold --version", directory);
  EXPECT_EQ(said, "foothold " FOOTHOLD_VERSION "\n");
}

TEST(InstalledTree, ProgramsOutsideTheBuildUseIt) {
  if (IsSanitized()) GTEST_SKIP() << "a sanitized library is for sanitized programs only";
  const std::string directory = FreshDirectory();
  Install(directory);
  RunShell("cmake -S '" + kSource +
               "/examples/library' -B examples -G Ninja -DCMAKE_BUILD_TYPE=Release "
               "-DCMAKE_CXX_FLAGS='-Wall -Wextra -Werror' "
               "-DCMAKE_CXX_COMPILER='" FOOTHOLD_CXX
               "' -DCMAKE_CXX_COMPILER_LAUNCHER='" FOOTHOLD_CXX_LAUNCHER
               "' -DCMAKE_PREFIX_PATH=\"$PWD/installed\" >configure.log 2>&1\n"
               "cmake --build examples -j 2 >build.log 2>&1 || { cat build.log; exit 1; }",
           directory);
  EXPECT_THAT(RunShell("examples/tune_function tune.jsonl", directory), HasSubstr("best of "));
  // Times are exact here, and the best one is known: no tile of more than 1,800 weights fits, and
  // 48 transfers of so many take 48 * (2 + 9) us, beside 86.4 us of products.
  EXPECT_THAT(RunShell("examples/own_target target.jsonl", directory), HasSubstr(", 0.614 ms\n"));
  const std::string compared = RunShell("examples/own_searcher searcher.jsonl", directory);
  EXPECT_THAT(compared, HasSubstr("hill-climber"));
  EXPECT_THAT(compared, HasSubstr("random"));
}

/// What the public headers declare in the namespace foothold: words behind class, struct and enum,
/// and in front of brackets.
std::set<std::string> PublicNames() {
  std::set<std::string> names = {"internal"};  // what the headers' own inline functions call
  const std::regex name(R"((?:class|struct)[^;{}()]*?\b(\w+)(?= *(?:final)? *[:{])|\b(\w+)\()");
  for (const auto& entry : fs::directory_iterator(kSource + "/include/foothold")) {
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match) {
      names.insert((*match)[1].matched ? (*match)[1] : (*match)[2]);
    }
  }
  return names;
}

TEST(InstalledTree, ExportsNothingThatIsNotPublic) {
  if (IsSanitized()) GTEST_SKIP() << "sanitizers add symbols of their own";
  const std::string directory = FreshDirectory();
  Install(directory);
  std::istringstream symbols(
      RunShell("nm --dynamic --defined-only --demangle $(find installed -name libfoothold.so) | "
               "cut -d' ' -f3-",
               directory));
  const std::set<std::string> names = PublicNames();
  const std::regex ours(R"(^(?:(?:vtable|typeinfo|typeinfo name) for )?foothold::(\w+).*)");
  int count = 0;
  for (std::string symbol; std::getline(symbols, symbol);) {
    // Templates of the standard library whose arguments are public are exported by its own rules.
    if (symbol.find("std::") < symbol.find("foothold::")) continue;
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(symbol, parts, ours)) << symbol;
    EXPECT_TRUE(names.contains(parts[1])) << symbol;
    ++count;
  }
  EXPECT_GT(count, 100);
}

TEST(DebianPackages, HoldTheCommandTheLibraryAndItsHeaders) {
  if (IsSanitized()) GTEST_SKIP() << "a sanitized build is not packed";
  for (const char* tool : {"dpkg-deb", "dpkg-shlibdeps", "file"}) {
    if (std::system(("command -v " + std::string(tool) + " >/dev/null 2>&1").c_str()) != 0) {
      GTEST_SKIP() << tool << " is not there; Debian has it in dpkg, dpkg-dev or file";
    }
  }
  const std::string directory = FreshDirectory();
  RunShell("cpack --config '" + kBuild +
               "/CPackConfig.cmake' -G DEB >pack.log 2>&1 || { cat pack.log; exit 1; }",
           directory);
  const std::string said = RunShell(
      "for package in *.deb; do dpkg-deb --field $package Package Version Depends; "
      "dpkg-deb --contents $package | awk '{print $6}'; done",
      directory);
  EXPECT_THAT(said, HasSubstr("Package: foothold\nVersion: " FOOTHOLD_VERSION "\n"));
  EXPECT_EQ(said.find("libxgboost0") != std::string::npos, FOOTHOLD_HAS_XGBOOST);
  EXPECT_THAT(said, HasSubstr("./usr/bin/foothold\n"));
  EXPECT_THAT(said, HasSubstr("Package: libfoothold-dev\n"));
  EXPECT_THAT(said, HasSubstr("./usr/include/foothold/tuner.h\n"));
  EXPECT_THAT(said, HasSubstr("/cmake/foothold/foothold-config.cmake\n"));
  EXPECT_THAT(said, HasSubstr("/libfoothold.so." FOOTHOLD_VERSION "\n"));
}

}  // namespace
}  // namespace foothold::testing_cli

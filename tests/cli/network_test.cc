// A network from its file to a folder, as users have it: schedules from logs, the same bytes each
// time, and a program for a board.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kModel = FOOTHOLD_SOURCE_DIR "/examples/network/stripes.onnx";
const std::string kSamples = FOOTHOLD_SOURCE_DIR "/examples/network/stripes.npy";

bool IsOnPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (std::filesystem::exists(folder + "/" + program)) return true;
  }
  return false;
}

class Network : public ::testing::Test {
 protected:
  Finished Run(const std::vector<std::string>& arguments) {
    Finished finished = RunFoothold(arguments, directory_);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished;
  }
  void Tune(const std::string& target, const std::string& log) {
    Run({"tune", kModel + ":C2", "--target", target, "--searcher", "random", "--trials", "96",
         "--seed", "1", "--log", log});
  }
  /// The manifest.
  std::string Compile(const std::string& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"compile", kModel, "--calibrate", kSamples,
                                          "--json",  "-o",   folder};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments).out;
  }
  const std::string directory_ = FreshDirectory();
};

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_F(Network, TakesTheSchedulesOfALogOfItsMachineWhereTheyAreFaster) {
  EXPECT_THAT(Compile("default"), Not(HasSubstr("\"tuned\": true")));
  // TVM's template has no schedule of this layer that is faster than the compiler's own.
  const std::pair<std::string, std::size_t> targets[] = {{"vta:pynq", 0}, {"vta:pynq:extended", 1}};
  for (const auto& [target, tuned] : targets) {
    Tune(target, "net.jsonl");
    const std::string manifest = Compile("tuned", {"--log", "net.jsonl"});
    EXPECT_EQ(CountOf(manifest, "\"tuned\": true"), tuned) << manifest;
    EXPECT_EQ(RunShell("make -s -C tuned check", directory_),
              "stripes: 0 of 128 numbers of 16 samples differ from the reference\n");
  }
  Tune("vta:zcu104", "other.jsonl");
  EXPECT_THAT(Compile("default", {"--log", "other.jsonl"}), Not(HasSubstr("\"tuned\": true")));
}

TEST_F(Network, GivesTheSameBytesEachTime) {
  const std::string manifest = Compile("a");
  EXPECT_EQ(Compile("b"), manifest);
  EXPECT_EQ(RunShell("diff -r a b && echo same", directory_), "same\n");
  EXPECT_NE(Compile("c", {"--scales", "ratio"}), manifest);
}

TEST_F(Network, IsBuiltForABoard) {
  if (!IsOnPath("arm-linux-gnueabihf-gcc")) {
    GTEST_SKIP() << "no arm-linux-gnueabihf-gcc: Debian's gcc-arm-linux-gnueabihf";
  }
  Compile("out");
  const std::string cc = "CC=arm-linux-gnueabihf-gcc CFLAGS='-std=c99 -O2 -Wall -Wextra -Werror'";
  EXPECT_EQ(RunShell("make -s -C out board " + cc + " && file -b out/stripes_board | cut -c1-9",
                     directory_),
            "ELF 32-bi\n");
  if (!IsOnPath("qemu-arm")) GTEST_SKIP() << "no qemu-arm: Debian's qemu-user";
  EXPECT_EQ(RunShell("make -s -C out CC='arm-linux-gnueabihf-gcc -static' && cd out && "
                     "qemu-arm ./stripes --check",
                     directory_),
            "stripes: 0 of 128 numbers of 16 samples differ from the reference\n");
}

TEST_F(Network, IsAPage) {
  Compile("out");
  const Finished report = Run({"report", "out", "-o", "page.html"});
  EXPECT_THAT(report.out, HasSubstr("stripes on vta:pynq: "));
  EXPECT_THAT(ReadTextFile(directory_ + "/page.html"), HasSubstr("\"roofline_ms\""));
  WriteTextFile(directory_ + "/out/manifest.json", "{\"format\": \"foothold-network\"}");
  const Finished broken = RunFoothold({"report", "out"}, directory_);
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("out/manifest.json:1: name: is missing"));
}

}  // namespace
}  // namespace foothold::testing_cli

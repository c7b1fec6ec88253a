// A disk that is full at each place of each command that writes: the command says so with exit code
// 3, leaves nothing half-written, and does all of it once there is room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;

constexpr const char* kQuick =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "a", "values": [9, 8, 7, 6, 5, 4, 3, 2, 1]}],
  "run": {"command": ["echo", "0.{a}"]}})";

/// A command that writes into the folder `disk`; `check` says OK when its output is whole.
struct Writer {
  const char* name;
  std::string command;
  std::string check;
  bool resumes = false;  ///< a part of it is of use
};

std::ostream& operator<<(std::ostream& out, const Writer& writer) { return out << writer.name; }

class FullDisk : public ::testing::TestWithParam<Writer> {
 protected:
  void SetUp() override {
    WriteTextFile(directory_ + "/quick.json", kQuick);
    RunShell(
        "foothold tune dense:1x64,32 --trials 8 --searcher grid --log in.jsonl >o 2>&1; "
        "(head -n 4 in.jsonl; echo garbage; tail -n +5 in.jsonl) >damaged.jsonl",
        directory_);
  }

  /// Runs the script where `disk` is a disk of its own of that many KiB.
  std::string OnDiskOf(int kilobytes, const std::string& script) {
    return RunShell(
        "unshare -rm sh -c 'mkdir -p disk; mount -t tmpfs -o size=" + std::to_string(kilobytes) +
            "k t disk || { echo NO MOUNT; exit 0; }; " + script + "' 2>&1 || true",
        directory_);
  }

  const std::string directory_ = FreshDirectory();
};

TEST_P(FullDisk, IsSaidAndCostsNothingThatWasDone) {
  const Writer& writer = GetParam();
  if (OnDiskOf(4, "echo up").find("up\n") != 0) {
    GTEST_SKIP() << "this user may not mount a file system in a namespace of its own";
  }
  int failures = 0;
  for (int kilobytes = 4;; kilobytes += std::max(4, kilobytes / 32 * 4)) {
    ASSERT_LT(kilobytes, 1 << 20) << "it never has enough";
    const std::string said = OnDiskOf(
        kilobytes, writer.command + " >out 2>err; echo rc=$?; grep -c \"No space left\" err; " +
                       "ls disk; mount -o remount,size=64m disk; " +
                       (writer.resumes ? std::string() : "rm -rf disk/*; ") + writer.command +
                       " >out 2>&1 || { echo AGAIN $?; cat out; }; " + writer.check);
    SCOPED_TRACE(::testing::Message()
                 << kilobytes << " KiB: " << said << ReadTextFile(directory_ + "/err"));
    EXPECT_THAT(said, HasSubstr("OK\n"));
    EXPECT_THAT(said, ::testing::Not(HasSubstr("AGAIN")));
    if (said.find("rc=0") == 0) break;
    ++failures;
    // Where a part is of no use, none is left: `ls` says nothing.
    EXPECT_THAT(said, ::testing::StartsWith(writer.resumes ? "rc=3\n1\n" : "rc=3\n1\nOK\n"));
  }
  EXPECT_GT(failures, 0);
}

const std::string kTune =
    "foothold tune dense:1x8,4 --target command:quick.json --searcher grid "
    "--batch-size 2 --jobs 1 --log disk/l.jsonl";

INSTANTIATE_TEST_SUITE_P(
    Commands, FullDisk,
    ::testing::Values(
        Writer{"tune", kTune,
               "foothold best disk/l.jsonl | grep -q a=1 && foothold log dump disk/l.jsonl | "
               "grep -c correct | grep -qx 9 && echo OK",
               true},
        Writer{"explore", "foothold explore resnet18.C10 --output-dir disk/truth",
               "ls disk/truth/* >/dev/null && echo OK", true},
        Writer{"report", "foothold report in.jsonl -o disk/r.html",
               "tail -n 1 disk/r.html | grep -q \"</html>\" && echo OK"},
        Writer{"convert", "foothold log convert --from foothold --to t4 in.jsonl disk/t4.json",
               "foothold best disk/t4.json >/dev/null && echo OK"},
        Writer{"repair", "foothold log repair damaged.jsonl -o disk/l.jsonl",
               "foothold best disk/l.jsonl >/dev/null && echo OK"},
        Writer{"build",
               "foothold vta build conv2d:1x16x8x8,16,1x1 "
               "tile_h=4,tile_w=8,oc_nthread=1,h_nthread=1 -o disk/built",
               "foothold vta run disk/built >/dev/null && echo OK"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace foothold::testing_cli

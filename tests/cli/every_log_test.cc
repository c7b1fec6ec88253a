// Every command that reads a log, over a log of every target. Run under AddressSanitizer too: what
// a command keeps of a target must outlive the target.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/json.h"
#include "foothold/function_task.h"
#include "foothold/tuner.h"
#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct LoggedTarget {
  std::string name;
  std::string workload;
  std::string target;
  std::string trials = "6";
};
void PrintTo(const LoggedTarget& logged, std::ostream* out) { *out << logged.name; }

/// Runs a command that must end by itself, with one of these exit codes.
Finished MustEnd(const std::vector<std::string>& arguments, const std::string& folder,
                 const std::vector<int>& codes = {0}) {
  const Finished finished = RunFoothold(arguments, folder);
  EXPECT_THAT(codes, ::testing::Contains(finished.exit_code))
      << ::testing::PrintToString(arguments) << finished.err;
  EXPECT_THAT(finished.err, Not(HasSubstr("Sanitizer")));
  return finished;
}

/// Every reading command over `folder`/t.jsonl. A log in which nothing was correct has no best.
void ReadAll(const std::string& folder, bool has_correct) {
  const std::vector<int> found = {has_correct ? 0 : 1};
  MustEnd({"best", "t.jsonl"}, folder, found);
  MustEnd({"best", "t.jsonl", "--top", "3", "--json"}, folder, found);
  MustEnd({"report", "t.jsonl", "-o", "r.html"}, folder);
  MustEnd({"report", "t.jsonl", "t.jsonl", "--json", "--group", "log"}, folder);
  EXPECT_THAT(MustEnd({"log", "rules", "t.jsonl"}, folder).out, HasSubstr("known to the target"));
  MustEnd({"log", "rules", "t.jsonl", "--json"}, folder);
  EXPECT_THAT(MustEnd({"log", "dump", "t.jsonl"}, folder).out, HasSubstr("depends on "));
  MustEnd({"log", "dump", "t.jsonl", "--json"}, folder);
  // Whether the other format can hold it depends on the target: 2 is a refusal in one line.
  for (const char* format : {"autotvm", "t4", "kernel-tuner"}) {
    MustEnd({"log", "convert", "--from", "foothold", "--to", format, "t.jsonl", "converted"},
            folder, {0, 2});
  }
}

void CopyInputs(const std::string& folder) {
  for (const char* path :
       {"examples/command/dense.json", "examples/command/dense.c", "examples/vta/half-buffers.json",
        "tests/golden/inputs/small_cache.json"}) {
    std::filesystem::copy(std::string(FOOTHOLD_SOURCE_DIR "/") + path, folder);
  }
  std::filesystem::create_directory(folder + "/cl");
  for (const char* name : {"dense.json", "dense.cl"}) {
    std::filesystem::copy(std::string(FOOTHOLD_SOURCE_DIR "/examples/opencl/") + name,
                          folder + "/cl");
  }
}

class EveryLogTest : public ::testing::TestWithParam<LoggedTarget> {};

TEST_P(EveryLogTest, IsReadByEveryCommand) {
  const std::string folder = FreshDirectory();
  CopyInputs(folder);
  const LoggedTarget& logged = GetParam();
  if (logged.name == "Opencl") {
    const Finished listed = RunFoothold({"list", "devices", "--json"}, folder);
    if (listed.exit_code != 0 || base::Json::Parse(listed.out).value().empty()) {
      GTEST_SKIP() << "there is no OpenCL device: " << listed.err;
    }
  }
  if (logged.name == "Exploration") {
    MustEnd({"explore", logged.workload, "--target", "vta:pynq", "-o", "d.explored"}, folder);
  }
  const Finished tuned =
      MustEnd({"tune", logged.workload, "--target", logged.target, "--trials", logged.trials,
               "--searcher", "random", "--seed", "1", "--log", "t.jsonl", "--jobs", "1", "--json"},
              folder, {0, 1});
  ReadAll(folder, tuned.exit_code == 0);
  std::vector<std::string> explain = {"explain",     logged.workload, "index=0", "--target",
                                      logged.target, "--log",         "t.jsonl"};
  MustEnd(explain, folder);
  explain.push_back("--json");
  MustEnd(explain, folder);
}

INSTANTIATE_TEST_SUITE_P(
    Targets, EveryLogTest,
    ::testing::Values(LoggedTarget{"Vta", "dense:1x64,64", "vta:pynq"},
                      LoggedTarget{"VtaExtended", "dense:1x64,64", "vta:pynq:extended", "12"},
                      LoggedTarget{"VtaBoardFile", "dense:1x64,64", "vta:half-buffers.json"},
                      LoggedTarget{"Cpu", "dense:1x16,16,float32", "cpu", "3"},
                      LoggedTarget{"Command", "dense:1x256,512", "command:dense.json"},
                      LoggedTarget{"Opencl", "dense:1x64,64", "opencl:cl/dense.json"},
                      LoggedTarget{"Exploration", "dense:1x64,64", "replay:d.explored"},
                      LoggedTarget{"RecordedSpace", "kernel:blur", "replay:small_cache.json"}),
    [](const auto& test) { return test.param.name; });

/// The log of a task that no target's name leads to, as Python and applications write them.
TEST(EveryFunctionLog, IsReadByEveryCommand) {
  const std::string folder = FreshDirectory();
  const Space space = Space::Create({{"a", {1, 2, 3, 4}}, {"b", {1, 2, 3}}}).value();
  const auto task = MakeFunctionTask(
      "f", space,
      [&space](const Config& config, const RunOptions&) {
        const std::int64_t a = space.Value(config, "a");
        if (a == 4) return Failed(Outcome::kRuntime, "f", "a is too large");
        return Took(1e-3 * static_cast<double>(a));
      },
      FunctionTimes::kExact);
  TunerOptions options;
  options.trials = 12;
  const auto tuned = Tune({.task = *task,
                           .target = "python",
                           .searcher = {"random"},
                           .options = options,
                           .log = folder + "/t.jsonl"});
  ASSERT_TRUE(tuned.ok()) << tuned.status().message();
  ReadAll(folder, true);
}

}  // namespace
}  // namespace foothold::testing_cli

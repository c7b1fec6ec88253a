// Whatever a run's results depend on: once it has changed, the same command starts a new run and
// says why; until then it resumes, and says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>

#include "base/json.h"
#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ChangedSourcesTest : public ::testing::Test {
 protected:
  ChangedSourcesTest() : folder_(FreshDirectory()) {}

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) { WriteTextFile(Path(name), text); }
  void WriteScript(const std::string& name, const std::string& text) {
    Write(name, text);
    ASSERT_EQ(chmod(Path(name).c_str(), 0755), 0);
  }

  /// What `foothold tune --json` says of its one workload; 4 trials by the searcher random unless
  /// `arguments` say otherwise.
  base::Json Tune(std::vector<std::string> arguments) {
    const std::vector<std::pair<std::string, std::string>> defaults = {
        {"--log", "t.jsonl"}, {"--trials", "4"},        {"--jobs", "1"},
        {"--seed", "1"},      {"--searcher", "random"}, {"--final-rounds", "0"}};
    arguments.insert(arguments.begin(), "tune");
    for (const auto& [name, value] : defaults) {
      const bool is_given = std::find(arguments.begin(), arguments.end(), name) != arguments.end();
      if (!is_given) arguments.insert(arguments.end(), {name, value});
    }
    arguments.insert(arguments.end(), {"--json", "--no-probe"});
    const Finished tuned = RunFoothold(arguments, folder_);
    said_ = tuned.err;
    EXPECT_LE(tuned.exit_code, 1) << tuned.err;  // 1: nothing was correct, which matters not here
    return tuned.exit_code <= 1 ? base::Json::Parse(tuned.out).value()["results"][0] : base::Json();
  }

  /// That the command starts run 1, resumes it, and after `edit` starts run 2 because `name`
  /// changed, which it then resumes.
  void ExpectANewRun(const std::vector<std::string>& command, const std::string& name,
                     const std::function<void()>& edit) {
    base::Json result = Tune(command);
    ASSERT_FALSE(result.is_null());
    EXPECT_EQ(result["start"]["run"], 1);
    EXPECT_FALSE(result["start"]["resumed"].truth());
    EXPECT_THAT(said_, Not(HasSubstr("run 1")));
    result = Tune(command);
    EXPECT_EQ(result["start"]["run"], 1) << said_;
    EXPECT_TRUE(result["start"]["resumed"].truth());
    EXPECT_THAT(said_, HasSubstr("resuming run 1 of t.jsonl: "));
    edit();
    result = Tune(command);
    ASSERT_FALSE(result.is_null());
    EXPECT_EQ(result["start"]["run"], 2) << said_;
    EXPECT_EQ(result["resumed"], 0);
    EXPECT_EQ(result["start"]["changed_since"], 1);
    ASSERT_FALSE(result["start"]["changes"].empty());
    EXPECT_EQ(result["start"]["changes"][0]["name"], name);
    EXPECT_THAT(said_, HasSubstr(name));
    EXPECT_THAT(said_, HasSubstr(" changed since run 1 of t.jsonl: starting run 2"));
    result = Tune(command);
    EXPECT_EQ(result["start"]["run"], 2) << said_;
    EXPECT_TRUE(result["start"]["resumed"].truth());
  }

  /// A command target over a = 1..4 with this run command and these further fields.
  void WriteCommandFile(const std::string& run, const std::string& more = "",
                        const std::string& values = "[1, 2, 3, 4]") {
    Write("target.json", R"({"format": "foothold-command-target", "version": 1,
      "parameters": [{"name": "a", "values": )" +
                             values + R"(}],
      )" + more + R"("run": {"command": )" +
                             run + "}}");
  }
  const std::vector<std::string> kCommand = {"kernel:f", "--target", "command:target.json"};
  const std::string kFastestIsOne = "#!/bin/sh\necho $1\n";
  const std::string kFastestIsFour = "#!/bin/sh\necho $((5 - $1))\n";

  std::string folder_;
  std::string said_;
};

TEST_F(ChangedSourcesTest, AScriptThatACommandNames) {
  WriteCommandFile(R"(["/bin/sh", "{here}/run.sh", "{a}"])");
  Write("run.sh", kFastestIsOne);
  EXPECT_EQ(Tune(kCommand)["best"]["config"]["a"], 1);
  Write("run.sh", kFastestIsFour);
  EXPECT_EQ(Tune(kCommand)["best"]["config"]["a"], 4) << "no stale answer";
  EXPECT_THAT(said_, HasSubstr("foothold: kernel:f: run.sh (sha256 "));
  EXPECT_THAT(said_, HasSubstr("changed since run 1 of t.jsonl: starting run 2; the earlier trials "
                               "stay for --warm-start; --resume=ignore-changes continues run 1"));

  std::vector<std::string> ignoring = kCommand;
  ignoring.push_back("--resume=ignore-changes");
  Write("run.sh", kFastestIsOne + "# edited again\n");
  EXPECT_EQ(Tune(ignoring)["start"]["run"], 2);
  EXPECT_THAT(said_, HasSubstr("resuming run 2 of t.jsonl: 4 of 4 trials, though run.sh"));

  const Finished best = RunFoothold({"best", "t.jsonl", "--json"}, folder_);
  ASSERT_EQ(best.exit_code, 0) << best.err;
  const base::Json answer = base::Json::Parse(best.out).value();
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0]["schedule"]["config"]["a"], 4);
  EXPECT_EQ(answer[0]["runs"], base::Json::Array({2}));
  EXPECT_EQ(answer[0]["runs_left_out"], base::Json::Array({1}));
  EXPECT_THAT(best.err, HasSubstr("4 trials of run 1 are left out: run.sh"));
  EXPECT_THAT(best.err, HasSubstr("changed since run 2, which this is from"));
}

TEST_F(ChangedSourcesTest, AFreshRunIsStartedWhenAskedFor) {
  WriteCommandFile(R"(["/bin/sh", "{here}/run.sh", "{a}"])");
  Write("run.sh", kFastestIsOne);
  Tune(kCommand);
  std::vector<std::string> fresh = kCommand;
  fresh.push_back("--fresh");
  EXPECT_EQ(Tune(fresh)["start"]["run"], 2);
  EXPECT_THAT(said_, HasSubstr("starting run 2 of t.jsonl, as asked for"));
  EXPECT_EQ(Tune(kCommand)["start"]["run"], 2) << "the last of equals goes on";
}

TEST_F(ChangedSourcesTest, TheEarlierTrialsAreThereToLearnFrom) {
  WriteCommandFile(R"(["/bin/sh", "{here}/run.sh", "{a}"])");
  Write("run.sh", kFastestIsOne);
  const std::vector<std::string> learning = {"kernel:f",       "--target", "command:target.json",
                                             "--searcher",     "foothold", "--warm-start",
                                             "t.jsonl",        "--trials", "3",
                                             "--no-stop-early"};
  Tune({"kernel:f", "--target", "command:target.json", "--searcher", "foothold"});
  Write("run.sh", kFastestIsFour);
  EXPECT_EQ(Tune(learning)["start"]["run"], 2);
  EXPECT_EQ(Tune(learning)["start"]["run"], 2) << "what it learned from is still the same";
  EXPECT_EQ(Tune(learning)["resumed"], 3);
}

TEST_F(ChangedSourcesTest, TheLogToLearnFromMayBeTheRunsOwnByAnotherName) {
  WriteCommandFile(R"(["/bin/sh", "{here}/run.sh", "{a}"])");
  Write("run.sh", kFastestIsOne);
  Tune({"kernel:f", "--target", "command:target.json", "--searcher", "foothold"});
  Write("run.sh", kFastestIsFour);
  std::filesystem::create_symlink("t.jsonl", Path("symbolic.jsonl"));
  std::filesystem::create_hard_link(Path("t.jsonl"), Path("hard.jsonl"));
  for (const char* name : {"symbolic.jsonl", "hard.jsonl", "./t.jsonl"}) {
    SCOPED_TRACE(name);
    const base::Json result =
        Tune({"kernel:f", "--target", "command:target.json", "--searcher", "foothold",
              "--warm-start", name, "--trials", "3", "--no-stop-early"});
    EXPECT_EQ(result["start"]["run"], 2) << said_;
    EXPECT_THAT(said_, ::testing::Not(HasSubstr("to learn from"))) << "its own trials, once more";
  }
}

TEST_F(ChangedSourcesTest, AProgramInPath) {
  std::filesystem::create_directory(Path("bin"));
  WriteScript("bin/measure", kFastestIsOne);
  const std::string path = getenv("PATH");
  setenv("PATH", (Path("bin") + ":" + path).c_str(), 1);
  WriteCommandFile(R"(["measure", "{a}"])");
  ExpectANewRun(kCommand, "program measure", [&] { WriteScript("bin/measure", kFastestIsFour); });
  setenv("PATH", path.c_str(), 1);
}

TEST_F(ChangedSourcesTest, ACommandsCompiler) {
  WriteScript("compiler", "#!/bin/sh\ncp \"$1\" kernel; chmod +x kernel\n");
  WriteScript("kernel.sh", kFastestIsOne);
  WriteCommandFile(R"(["{workdir}/kernel", "{a}"])",
                   R"("build": {"command": ["{here}/compiler", "{here}/kernel.sh"]},)");
  ExpectANewRun(kCommand, "compiler",
                [&] { WriteScript("compiler", "#!/bin/sh\n# -O3\ncp \"$1\" kernel\n"); });
}

TEST_F(ChangedSourcesTest, AFileForEachValueAndWhatItIncludes) {
  for (const char* value : {"1", "2", "3", "4"}) {
    Write(std::string("kernel_") + value + ".c",
          std::string("#include \"lib/common.h\"\n") + value);
  }
  std::filesystem::create_directory(Path("lib"));
  Write("lib/common.h", "int a;\n");
  WriteCommandFile(R"(["/bin/sh", "-c", "cat {here}/kernel_{a}.c | tail -n 1"])");
  ExpectANewRun(kCommand, "lib/common.h", [&] { Write("lib/common.h", "int b;\n"); });
  Write("kernel_3.c", "#include \"lib/common.h\"\n0.5");
  EXPECT_EQ(Tune(kCommand)["best"]["config"]["a"], 3);
  EXPECT_EQ(Tune(kCommand)["start"]["run"], 3);
}

TEST_F(ChangedSourcesTest, TheCommandFileItself) {
  WriteCommandFile(R"(["/bin/sh", "-c", "echo {a}"])");
  ExpectANewRun(kCommand, "target.json",
                [&] { WriteCommandFile(R"x(["/bin/sh", "-c", "echo $((5 - {a}))"])x"); });
}

TEST_F(ChangedSourcesTest, AParameterAndAConstraint) {
  const std::string run = R"(["/bin/sh", "-c", "echo {a}"])";
  WriteCommandFile(run);
  ExpectANewRun(kCommand, "parameter a", [&] { WriteCommandFile(run, "", "[1, 2, 3, 4, 5]"); });
  std::filesystem::remove(Path("t.jsonl"));
  const std::string below_four = R"("constraints": [{"product_of": ["a"], "at_most": 3}],)";
  const std::string below_three = R"("constraints": [{"product_of": ["a"], "at_most": 2}],)";
  WriteCommandFile(run, below_four);
  ExpectANewRun(kCommand, "constraint a is at most 2", [&] { WriteCommandFile(run, below_three); });
}

TEST_F(ChangedSourcesTest, WhatTheFileOrTheUserLists) {
  Write("notes", "one");
  std::filesystem::create_directory(Path("src"));
  Write("src/a.c", "one");
  const std::string run = R"(["/bin/sh", "-c", "echo {a}"])";
  WriteCommandFile(run, R"("depends": ["src"],)");
  ExpectANewRun(kCommand, "src", [&] { Write("src/b.c", "two"); });
  std::filesystem::remove(Path("t.jsonl"));
  std::vector<std::string> listing = kCommand;
  listing.insert(listing.end(), {"--depends", "notes"});
  ExpectANewRun(listing, "notes", [&] { Write("notes", "two"); });

  WriteCommandFile(run, R"("depends": ["none"],)");
  const Finished missing =
      RunFoothold({"tune", "kernel:f", "--target", "command:target.json"}, folder_);
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("target.json:3: depends[0]: "));
}

TEST_F(ChangedSourcesTest, TheCompilerOfTheCpuTarget) {
  WriteScript("mycc", "#!/bin/sh\nexec cc \"$@\"\n");
  setenv("CC", Path("mycc").c_str(), 1);
  ExpectANewRun({"dense:1x16,16,float32", "--target", "cpu", "--trials", "1"},
                "program " + Path("mycc"),
                [&] { WriteScript("mycc", "#!/bin/sh\nexec cc -DEDITED \"$@\"\n"); });
  unsetenv("CC");
}

TEST_F(ChangedSourcesTest, AnOpenclKernel) {
  const Finished listed = RunFoothold({"list", "devices", "--json"}, folder_);
  if (listed.exit_code != 0 || base::Json::Parse(listed.out).value().empty())
    GTEST_SKIP() << listed.err;
  for (const char* name : {"dense.json", "dense.cl"}) {
    std::filesystem::copy(std::string(FOOTHOLD_SOURCE_DIR "/examples/opencl/") + name, folder_);
  }
  ExpectANewRun({"dense:1x64,64", "--target", "opencl:dense.json", "--trials", "2"}, "dense.cl",
                [&] { Write("dense.cl", "// edited\n" + ReadTextFile(Path("dense.cl"))); });
  std::filesystem::remove(Path("t.jsonl"));
  Write("types.h", "// nothing\n");
  Write("dense.cl",
        "//\n#ifdef NEVER\n#include \"types.h\"\n#endif\n" + ReadTextFile(Path("dense.cl")));
  ExpectANewRun({"dense:1x64,64", "--target", "opencl:dense.json", "--trials", "2"}, "types.h",
                [&] { Write("types.h", "// something\n"); });
}

TEST_F(ChangedSourcesTest, AVtaBoardFile) {
  std::filesystem::copy(FOOTHOLD_SOURCE_DIR "/examples/vta/half-buffers.json", folder_);
  const std::string board = ReadTextFile(Path("half-buffers.json"));
  ExpectANewRun({"dense:1x64,64", "--target", "vta:half-buffers.json"}, "machine timing", [&] {
    std::string faster = board;
    const std::string figures = R"("figures": {})";
    faster.replace(faster.find(figures), figures.size(),
                   R"("figures": {"clock_mhz": {"value": 200, "source": "assumed: faster"}})");
    Write("half-buffers.json", faster);
  });
}

TEST_F(ChangedSourcesTest, AnExplorationAndARecordedSpace) {
  const auto explore = [&](const std::string& machine) {
    std::filesystem::remove(Path("d.explored"));
    const Finished explored =
        RunFoothold({"explore", "dense:1x64,64", "--target", machine, "-o", "d.explored"}, folder_);
    ASSERT_EQ(explored.exit_code, 0) << explored.err;
  };
  explore("vta:pynq");
  ExpectANewRun({"dense:1x64,64", "--target", "replay:d.explored"}, "d.explored",
                [&] { explore("vta:ultra96"); });
  std::filesystem::remove(Path("t.jsonl"));
  std::filesystem::copy(FOOTHOLD_SOURCE_DIR "/tests/golden/inputs/small_cache.json", folder_);
  ExpectANewRun({"kernel:blur", "--target", "replay:small_cache.json"}, "small_cache.json", [&] {
    std::string other = ReadTextFile(Path("small_cache.json"));
    other.replace(other.find("3.25"), 4, "2.25");
    Write("small_cache.json", other);
  });
}

}  // namespace
}  // namespace foothold::testing_cli

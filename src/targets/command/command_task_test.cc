#include "targets/command/command_task.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/json.h"
#include "core/target/dependencies.h"
#include "process/testing/fault_env.h"
#include "targets/command/command_target.h"

namespace foothold::command {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandTaskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = *env_.CreateTemporaryDirectory("foothold_command_");
    workload_ = *ParseInlineWorkload("dense:1x8,4");
  }
  void TearDown() override { EXPECT_TRUE(env_.RemoveTree(directory_).ok()); }

  /// A task over p = 0..9 with these stages: JSON objects, `build` may be empty.
  Result<std::unique_ptr<TargetTask>> Prepare(const std::string& build, const std::string& run,
                                              const std::string& more = "") {
    base::Json values = base::Json::Array();
    for (int i = 0; i < 10; ++i) values.push_back(i);
    const std::string json =
        R"({"format": "foothold-command-target", "version": 1, "parameters": [{"name": "p", "values": )" +
        values.Dump() + "}]" + (build.empty() ? "" : ", \"build\": " + build) +
        ", \"run\": " + run + more + "}";
    const std::string path = directory_ + "/target.json";
    EXPECT_TRUE(env_.WriteFileAtomically(path, json).ok());
    Result<std::unique_ptr<Target>> target = MakeCommandTarget(fault_env_, path);
    if (!target.ok()) return target.status();
    return (*target)->Prepare(workload_);
  }
  std::unique_ptr<TargetTask> MustPrepare(const std::string& build, const std::string& run,
                                          const std::string& more = "") {
    auto task = Prepare(build, run, more);
    EXPECT_TRUE(task.ok()) << task.status().message();
    return task.ok() ? *std::move(task) : nullptr;
  }
  /// A stage that runs a shell script.
  static std::string Script(const std::string& script, const std::string& more = "") {
    return R"({"command": ["/bin/sh", "-c", )" + base::Json(script).Dump() + "]" + more + "}";
  }
  static std::string Misbehave(const std::string& kind, const std::string& limits) {
    return R"({"command": [")" FOOTHOLD_MISBEHAVE R"(", ")" + kind + R"(", "{p}"], "limits": )" +
           limits + "}";
  }
  static Config At(std::uint32_t p) { return Config{{p}}; }

  RunResult BuildAndRun(const TargetTask& task, std::uint32_t p, const RunOptions& options = {}) {
    const BuildResult built = task.Build(At(p));
    EXPECT_TRUE(built.ok()) << built.status.message() << built.failure->reason;
    return built.ok() ? task.Run(*built.program, options) : RunResult{};
  }
  static void ExpectFailure(const RunResult& result, Outcome outcome, const std::string& stage,
                            const std::string& reason) {
    EXPECT_TRUE(result.status.ok()) << result.status.message();
    EXPECT_EQ(result.outcome(), outcome);
    EXPECT_EQ(result.failure->outcome, outcome);
    EXPECT_EQ(result.failure->stage, stage);
    EXPECT_THAT(result.failure->reason, HasSubstr(reason));
    EXPECT_EQ(result.failure->reason.find('\n'), std::string::npos);
    EXPECT_TRUE(result.seconds.empty());
  }

  Env& env_ = *Env::Default();
  process::FaultEnv fault_env_{Env::Default()};
  std::string directory_;
  Workload workload_;
};

TEST_F(CommandTaskTest, BuildsAndRunsInADirectoryThatGoesWithTheProgram) {
  const auto task = MustPrepare(
      Script("test $PWD = {workdir} && echo {p} {index} {workload.in_features} {here} >built"),
      Script("cat built >&2; echo 0.$(cut -d' ' -f1 built); pwd >{here}/where"));
  EXPECT_TRUE(task->traits().candidates_can_harm_host);
  BuildResult built = task->Build(At(7));
  ASSERT_TRUE(built.ok()) << built.failure->reason;
  const RunResult result = task->Run(*built.program, {});
  EXPECT_EQ(result.outcome(), Outcome::kCorrect);
  EXPECT_EQ(result.seconds, std::vector<double>{0.7});
  EXPECT_GT(result.metrics.at("process.wall_seconds"), 0);
  std::string workdir = *env_.ReadFile(directory_ + "/where");
  workdir.pop_back();
  EXPECT_EQ(*env_.ReadFile(workdir + "/built"), "7 7 8 " + directory_ + "\n");
  built.program.reset();
  EXPECT_FALSE(env_.FileExists(workdir));
}

TEST_F(CommandTaskTest, AFailedBuildIsACompileFailure) {
  const auto task = MustPrepare(
      Script("echo first >&2; echo 'x.c:1: error: {p} is too large' >&2; echo last >&2; exit 1"),
      Script("echo 1"));
  const BuildResult built = task->Build(At(3));
  EXPECT_TRUE(built.status.ok());
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(built.failure->stage, "build.exit");
  EXPECT_EQ(built.failure->reason, "exited with code 1: x.c:1: error: 3 is too large");
}

TEST_F(CommandTaskTest, ABuildThatHangsIsACompileFailure) {
  const auto task = MustPrepare(Misbehave("hang", R"({"wall_s": 0.2})"), Script("echo 1"));
  const BuildResult built = task->Build(At(3));
  EXPECT_EQ(built.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(built.failure->stage, "build.timeout");
  EXPECT_EQ(built.failure->reason, "ran past its limit of 0.2 s");
}

TEST_F(CommandTaskTest, EachWayToFailHasAStage) {
  const auto run = [&](const std::string& kind, const std::string& limits) {
    return BuildAndRun(*MustPrepare("", Misbehave(kind, limits)), 3);
  };
  ExpectFailure(run("exit", "{}"), Outcome::kRuntime, "run.exit", "exited with code 3");
  ExpectFailure(run("crash", "{}"), Outcome::kRuntime, "run.signal", "signal 11");
  ExpectFailure(run("hang", R"({"wall_s": 0.2})"), Outcome::kTimeout, "run.timeout", "0.2 s");
  ExpectFailure(run("spin", R"({"cpu_s": 0.1})"), Outcome::kTimeout, "run.cpu", "0.1 s");
  ExpectFailure(run("print", R"({"output_mb": 1})"), Outcome::kRuntime, "run.output", "1.049 MB");
  ExpectFailure(run("fill_file", R"({"file_mb": 1})"), Outcome::kRuntime, "run.file_size",
                "1.049 MB");
  ExpectFailure(run("kill_keeper", "{}"), Outcome::kRuntime, "run.lost", "watched");
  const RunResult large = run("allocate", R"({"memory_mb": 32})");
  EXPECT_EQ(large.outcome(), Outcome::kRuntime);  // run.memory, or run.signal where nobody looked
  EXPECT_EQ(run("close_output", R"({"wall_s": 0.2})").outcome(), Outcome::kTimeout);
}

TEST_F(CommandTaskTest, AFolderThatIsLostIsBuiltAgain) {
  for (const std::string loss : {"rm -rf {workdir}", "chmod 0 .", "mv {workdir} {workdir}.$$"}) {
    const auto task = MustPrepare(Script("echo 0.{p} >program"), Script("cat program; " + loss));
    const BuildResult built = task->Build(At(7));
    ASSERT_TRUE(built.ok());
    for (int run = 0; run < 3; ++run) {
      EXPECT_EQ(task->Run(*built.program, {}).seconds, std::vector<double>{0.7}) << loss << run;
    }
  }
}

TEST_F(CommandTaskTest, AProgramThatIsNotLeftIsTheCandidatesFault) {
  for (const char* program : {R"("{workdir}/kernel")", R"("./kernel")"}) {
    const auto task = MustPrepare(Script("true"), fmt::format(R"({{"command": [{}]}})", program));
    ExpectFailure(BuildAndRun(*task, 1), Outcome::kRuntime, "run.start", "left nothing to run");
  }
}

TEST_F(CommandTaskTest, WhatTheSystemLacksIsNotTheCandidatesFault) {
  const auto task = MustPrepare(Script("echo 0 >kernel"), R"({"command": ["{workdir}/kernel"]})");
  ExpectFailure(BuildAndRun(*task, 1), Outcome::kRuntime, "run.start", "Permission denied");
  const BuildResult built = task->Build(At(1));
  ASSERT_TRUE(built.ok());
  const Status lack = Status::IoError("pipe: cannot create: Too many open files");
  fault_env_.FailNth(process::FaultEnv::Operation::kRunProcess, 1, lack);
  EXPECT_EQ(task->Run(*built.program, {}).status, lack);
}

TEST_F(CommandTaskTest, ABuildThatRemovesItsFolderLeavesAnEmptyOne) {
  const auto task = MustPrepare(Script("rm -rf {workdir}"), Script("echo 0.{p}; rm -rf {workdir}"));
  const BuildResult built = task->Build(At(3));
  ASSERT_TRUE(built.ok());
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(task->Run(*built.program, {}).seconds, std::vector<double>{0.3});
  }
}

TEST_F(CommandTaskTest, TheTunersTimeLimitHoldsToo) {
  const auto task = MustPrepare("", Misbehave("hang", R"({"wall_s": 50})"));
  ExpectFailure(BuildAndRun(*task, 1, {0.15, true}), Outcome::kTimeout, "run.timeout", "0.15 s");
}

TEST_F(CommandTaskTest, ExitCodesMeanWhatTheFileSays) {
  const std::string outcomes =
      R"(, "outcomes": {"3": "correctness", "4": "timeout", "5": "infrastructure"})";
  const auto task = MustPrepare("", Script("echo said {p} >&2; exit {p}", outcomes));
  ExpectFailure(BuildAndRun(*task, 2), Outcome::kRuntime, "run.exit", "said 2");
  ExpectFailure(BuildAndRun(*task, 3), Outcome::kCorrectness, "run.exit", "said 3");
  ExpectFailure(BuildAndRun(*task, 4), Outcome::kTimeout, "run.exit", "said 4");
  const RunResult infrastructure = BuildAndRun(*task, 5);
  EXPECT_EQ(infrastructure.status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(infrastructure.status.message(),
            "/bin/sh: exited with code 5: said 5, which stands for infrastructure");
}

TEST_F(CommandTaskTest, WhatIsPrintedIsJudged) {
  const auto run = [&](const std::string& out, bool verify = true) {
    return BuildAndRun(*MustPrepare("", Script("cat <<'E'\n" + out + "\nE")), 1, {60, verify});
  };
  ExpectFailure(run("done"), Outcome::kRuntime, "run.result", "printed \"done\"");
  const std::string wrong = R"({{"seconds": 2, "correct": false}})";
  for (const bool verify : {true, false}) {
    ExpectFailure(run(wrong, verify), Outcome::kCorrectness, "run.result",
                  "reported a wrong output");
  }
  const RunResult result = run(R"({{"seconds": [1, 3], "metrics": {{"cycles": 9}}}})");
  EXPECT_EQ(result.seconds, (std::vector<double>{1, 3}));
  EXPECT_EQ(result.metrics.at("cycles"), 9);
}

TEST_F(CommandTaskTest, WhatIsNoFaultOfTheCandidateIsAStatus) {
  using Operation = process::FaultEnv::Operation;
  auto task = MustPrepare(R"({"command": ["no-such-compiler"]})", Script("echo 1"));
  EXPECT_EQ(task->Build(At(1)).status.code(), StatusCode::kNotFound);
  task = MustPrepare("", R"({"command": ["no-such-runner"]})");
  EXPECT_EQ(BuildAndRun(*task, 1).status.code(), StatusCode::kNotFound);
  task = MustPrepare(Script("exit 75"), Script("echo 1"));
  EXPECT_EQ(task->Build(At(1)).status.code(), StatusCode::kUnavailable);

  task = MustPrepare(Script("true"), Script("echo 1"));
  const Status full = Status::Unavailable("no more processes");
  fault_env_.FailNth(Operation::kRunProcess, 2, full);
  EXPECT_EQ(BuildAndRun(*task, 1).status, full);
  fault_env_.FailNth(Operation::kRunProcess, 1, full);
  EXPECT_EQ(task->Build(At(1)).status, full);
  fault_env_.FailNth(Operation::kCreateTemporaryDirectory, 1, full);
  EXPECT_EQ(task->Build(At(1)).status, full);
}

TEST_F(CommandTaskTest, ABuildThatMakesNothingIsTheCandidatesFault) {
  const auto task = MustPrepare(Script("true"), R"({"command": ["{workdir}/kernel"]})");
  ExpectFailure(BuildAndRun(*task, 1), Outcome::kRuntime, "run.start",
                "the build left nothing to run");
}

TEST_F(CommandTaskTest, TakesTheWorkloadsItCan) {
  EXPECT_THAT(Prepare("", Script("{workload.height}")).status().message(),
              HasSubstr("run.command[2]: has the placeholder {workload.height}; a dense workload "
                        "has no such field"));
  const std::string other =
      R"(, "workload": {"name": "w", "op": "dense", "in_features": 8, "out_features": 5})";
  EXPECT_THAT(Prepare("", Script("echo 1"), other).status().message(),
              HasSubstr("target.json: workload: is dense"));
  const std::string same =
      R"(, "workload": {"name": "w", "op": "dense", "in_features": 8, "out_features": 4})";
  EXPECT_TRUE(Prepare("", Script("echo 1"), same).ok());
}

TEST_F(CommandTaskTest, DependsOnWhatItsCommandsName) {
  const auto write = [&](const std::string& name) {
    EXPECT_TRUE(env_.WriteFileAtomically(directory_ + "/" + name, name).ok());
  };
  for (const char* name : {"k0.c", "k7.c", "run.sh", "notes"}) write(name);
  const auto task =
      MustPrepare(R"({"command": ["/bin/sh", "-c", "cp {here}/k{p}.c {workdir}/x.c"]})",
                  R"({"command": ["{here}/run.sh", "{workdir}/x.c", "{p}"]})",
                  R"(, "depends": ["notes"], "environment": {"PRE": "{here}"})");
  const Dependencies found = task->DependsOn(env_).value();
  for (const char* name : {"target.json", "k0.c", "k7.c", "run.sh", "notes", "program cp"}) {
    EXPECT_TRUE(found.contains(name)) << name;
  }
  EXPECT_EQ(found.count("program 0"), 0U);
  const auto missing = MustPrepare("", Script("echo 1"), R"(, "depends": ["none"])");
  const Status status = missing->DependsOn(env_).status();
  EXPECT_THAT(status.message(), HasSubstr("target.json:1: depends[0]: "));
}

TEST_F(CommandTaskTest, DependsOnNothingThatItsCandidatesWrite) {
  const auto task =
      MustPrepare("", R"({"command": ["/bin/sh", "{here}/a", "{here}/b", "-o{here}/c.{p}"]})",
                  R"(, "outputs": ["b", "c.*"])");
  EXPECT_EQ(task->DependsOn(env_)->at("a"), target::kAbsentFile);
  for (const char* name : {"a", "b", "c.0", "c.7"}) {
    EXPECT_TRUE(env_.WriteFileAtomically(directory_ + "/" + name, name).ok());
  }
  const Dependencies found = task->DependsOn(env_).value();
  EXPECT_THAT(found.at("a"), ::testing::StartsWith("sha256 "));
  for (const char* name : {"b", "c.0", "c.7"}) EXPECT_FALSE(found.contains(name)) << name;
}

// A workload file may be of somebody else, and a command may be a shell, here or behind ssh.
TEST_F(CommandTaskTest, TakesNoNameThatAShellCouldObey) {
  const std::string run = Script("echo 1 # {workload.name} {workload.in_features}");
  for (const char* name : {"resnet18.C8", "dense:1x8,4,bias", "a_b+c@d%e/f=g-h"}) {
    workload_.name = name;
    EXPECT_TRUE(Prepare("", run).ok()) << name;
  }
  for (const char* name : {"x; touch y", "$(id)", "`id`", "a b", "x\ny", "-rf", "a'b", "\x1b[2J"}) {
    workload_.name = name;
    const Status status = Prepare("", run).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(status.message(), HasSubstr("run.command[2]: has the placeholder {workload.name}"));
    EXPECT_TRUE(Prepare("", Script("echo 1")).ok()) << "no command uses it";
  }
}

TEST_F(CommandTaskTest, SaysWhatBuildsCostWhereTheFileDoes) {
  EXPECT_EQ(MustPrepare(Script("true"), Script("echo 1"))->traits().builds_per_trial, 1);
  const auto cheap = MustPrepare(Script("true"), Script("echo 1"), R"(, "builds_per_trial": 8)");
  EXPECT_EQ(cheap->traits().builds_per_trial, 8);
}

TEST_F(CommandTaskTest, ExplainsWithTheCommands) {
  const auto task = MustPrepare(R"({"command": ["cc", "-DP={p}", "{workdir}/x"]})",
                                R"({"command": ["r", "{index}"]})");
  const Explanation explanation = task->Explain(At(4));
  EXPECT_THAT(ToText(explanation), HasSubstr("(index 4)\n"
                                             "build     cc -DP=4 {workdir}/x\n"
                                             "run       r 4\n"));
  EXPECT_THAT(explanation.target, StartsWith("command:"));
  const auto json = base::Json::Parse(ToJson(explanation)).value();
  EXPECT_EQ(json["run"], (std::vector<std::string>{"r", "4"}));
}

/// A file of parameters of any kind, in the folder of the tests.
class CommandParametersTest : public CommandTaskTest {
 protected:
  Result<std::unique_ptr<TargetTask>> Prepare(const std::string& rest) {
    const std::string path = directory_ + "/target.json";
    EXPECT_TRUE(env_.WriteFileAtomically(
                        path, R"({"format": "foothold-command-target", "version": 1, "parameters": [
                                 {"name": "flags", "values": ["-O0", "-O3 -g"]},
                                 {"name": "share", "values": [0.25, 1]},
                                 {"name": "fast", "values": [false, true]}], )" +
                                  rest + "}")
                    .ok());
    auto target = MakeCommandTarget(fault_env_, path);
    if (!target.ok()) return target.status();
    return (*target)->Prepare(workload_);
  }
  /// What `cat`, the run command, prints in the folder of the last config.
  std::string LastOutput(const TargetTask& task) {
    const BuildResult built = task.Build(Config{{1, 0, 1}});
    EXPECT_TRUE(built.ok()) << built.status.message();
    const RunResult run = task.Run(*built.program, {});
    EXPECT_TRUE(run.failure.has_value());
    return run.failure ? run.failure->reason : "";
  }
};

TEST_F(CommandParametersTest, ComeIntoEnvironmentFilesAndTemplates) {
  EXPECT_TRUE(env_.WriteFileAtomically(directory_ + "/in.c", "@flags@ {share} @unknown@ @").ok());
  const auto task = Prepare(
      R"("environment": {"SHARE": "{share}/{workload.in_features}"},
         "files": {"made/params.h": "{fast} {{}}"}, "templates": {"k.c": "in.c"},
         "run": {"command": ["sh", "-c", "echo $SHARE `cat made/params.h k.c` >&2; exit 1"]})");
  ASSERT_TRUE(task.ok()) << task.status().message();
  EXPECT_THAT(LastOutput(**task), HasSubstr("0.25/8 True {}-O3 -g {share} @unknown@ @"));
  EXPECT_TRUE(fault_env_.notes().empty());
  EXPECT_TRUE((*task)->DependsOn(env_)->contains("in.c"));
}

TEST_F(CommandParametersTest, WhatNothingUsesIsNoted) {
  const auto task = Prepare(R"("run": {"command": ["echo", "{share}"]})");
  ASSERT_TRUE(task.ok()) << task.status().message();
  ASSERT_EQ(fault_env_.notes().size(), 2U);
  EXPECT_THAT(fault_env_.notes()[0], HasSubstr("nothing uses the parameter \"flags\""));
  EXPECT_THAT(fault_env_.notes()[1], HasSubstr("nothing uses the parameter \"fast\""));
}

TEST_F(CommandParametersTest, TheIndexStandsForAll) {
  EXPECT_TRUE(Prepare(R"("run": {"command": ["echo", "{index}"]})").ok());
  EXPECT_TRUE(fault_env_.notes().empty());
}

TEST_F(CommandParametersTest, ExpressionsSeeTheValues) {
  const auto task = Prepare(
      R"("constraints": ["flags == '-O3 -g' or share < 1", "not fast or share == 1"],
         "run": {"command": ["echo", "{index}"]})");
  ASSERT_TRUE(task.ok()) << task.status().message();
  EXPECT_EQ((*task)->space().valid_count(), 4U);
  EXPECT_TRUE((*task)->space().IsValid(Config{{1, 1, 1}}));
  EXPECT_FALSE((*task)->space().IsValid(Config{{0, 1, 0}}));
}

TEST_F(CommandParametersTest, ATemplateThatIsNotThereIsNamed) {
  const auto task = Prepare(R"("templates": {"k.c": "none.c"}, "run": {"command": ["r"]})");
  EXPECT_THAT(task.status().message(), HasSubstr("target.json:4: templates[\"k.c\"]: "));
  EXPECT_THAT(task.status().message(), HasSubstr("none.c"));
}

}  // namespace
}  // namespace foothold::command

#include "targets/cpu/cpu_task.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/json.h"
#include "process/testing/fault_env.h"
#include "targets/cpu/cpu_target.h"
#include "targets/cpu/testing.h"

namespace foothold::cpu {
namespace {

using ::testing::HasSubstr;

/// Builds and runs `count` random configs of `workload`: what the generated code computes is what
/// the reference computes, bit for bit.
void ExpectCorrect(const std::string& workload, int count, std::uint64_t seed, int threads = 1,
                   Weights weights = Weights::kConstant) {
  const auto task = MakeTask(*Env::Default(), workload, threads, weights);
  if (!task) GTEST_SKIP() << "no C compiler";
  Rng rng(seed);
  for (int i = 0; i < count; ++i) {
    const Config config = task->space().Sample(rng);
    const std::string what =
        fmt::format("seed {}: {} {}", seed, workload, task->space().ToString(config));
    const BuildResult built = task->Build(config);
    ASSERT_TRUE(built.status.ok()) << what << ": " << built.status.message();
    ASSERT_TRUE(built.ok()) << what << ": " << built.failure->reason;
    const RunResult run = task->Run(*built.program, {});
    ASSERT_TRUE(run.status.ok()) << what << ": " << run.status.message();
    ASSERT_EQ(run.outcome(), Outcome::kCorrect) << what << ": " << run.failure->reason;
    ASSERT_FALSE(run.seconds.empty()) << what;
    for (const double seconds : run.seconds) EXPECT_GT(seconds, 0) << what;
  }
}

std::string RandomConv2d(Rng& rng) {
  const auto between = [&](std::uint64_t low, std::uint64_t high) {
    return low + rng.Below(high - low + 1);
  };
  const std::uint64_t kh = between(1, 4), kw = between(1, 4);
  return fmt::format("conv2d:{}x{}x{}x{},{},{}x{},pad={}x{},stride={}x{},float32", between(1, 2),
                     between(1, 40), between(kh, 20), between(kw, 20), between(1, 40), kh, kw,
                     between(0, kh), between(0, kw), between(1, 3), between(1, 3));
}

TEST(CpuTask, RandomConvolutionsAreCorrect) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Rng rng(seed);
    ExpectCorrect(RandomConv2d(rng), 1, seed);
  }
}

TEST(CpuTask, ConvolutionsOfNetworksAreCorrect) {
  ExpectCorrect("conv2d:1x32x14x14,64,3x3,pad=1,float32", 3, 1);
  ExpectCorrect("conv2d:1x64x15x15,32,1x1,stride=2,float32", 2, 2);
  ExpectCorrect("conv2d:1x3x31x29,16,7x7,pad=3,stride=2,float32", 2, 3);
}

TEST(CpuTask, RandomDenseLayersAreCorrect) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Rng rng(seed);
    ExpectCorrect(fmt::format("dense:{}x{},{},float32", 1 + rng.Below(70), 1 + rng.Below(90),
                              1 + rng.Below(70)),
                  1, seed, 1, seed % 2 == 0 ? Weights::kConstant : Weights::kFresh);
  }
}

TEST(CpuTask, ThreadsAreCorrect) {
  ExpectCorrect("conv2d:1x16x14x14,32,3x3,pad=1,float32", 2, 1, 3);
  ExpectCorrect("dense:40x64,48,float32", 2, 2, 3);
}

/// A task whose compiler is the shell command `script`, run where candidate.c is.
std::unique_ptr<TargetTask> TaskCompiledBy(const std::string& script) {
  TaskOptions options;
  options.host = DescribeHost(*Env::Default());
  options.toolchain = {"sh", "a shell", {"-c", script}};
  options.repeats = 1;
  return CpuTask::Create(*Env::Default(), std::move(options),
                         Parsed("conv2d:1x8x9x9,16,3x3,pad=1,float32"))
      .value();
}
constexpr const char* kCompile = "; exec cc -O1 -march=native -pthread candidate.c -o candidate";

/// The first config of the task, built and run.
RunResult RunFirst(const TargetTask& task, double timeout_s = 60) {
  const BuildResult built = task.Build(task.space().Unrank(0));
  EXPECT_TRUE(built.ok()) << built.failure->reason << built.status.message();
  if (!built.ok()) return {};
  RunOptions options;
  options.timeout_s = timeout_s;
  return task.Run(*built.program, options);
}

TEST(CpuTask, AMissingProductIsFound) {
  if (!MakeTask(*Env::Default(), "dense:1x1,1,float32")) GTEST_SKIP() << "no C compiler";
  const auto task = TaskCompiledBy(
      std::string("sed -i 's/c < channels; ++c, x/c < channels - 1; ++c, x/' candidate.c") +
      kCompile);
  const RunResult run = RunFirst(*task);
  EXPECT_EQ(run.outcome(), Outcome::kCorrectness);
  EXPECT_EQ(run.failure->stage, "run.verify");
  EXPECT_THAT(run.failure->reason, HasSubstr("differ"));
}

TEST(CpuTask, WhatIsNotWrittenIsWrong) {
  if (!MakeTask(*Env::Default(), "dense:1x1,1,float32")) GTEST_SKIP() << "no C compiler";
  const auto task =
      TaskCompiledBy(std::string("sed -i 's/OUT_H - y/OUT_H - 1 - y/' candidate.c") + kCompile);
  const RunResult run = RunFirst(*task);
  EXPECT_EQ(run.outcome(), Outcome::kCorrectness) << run.failure->reason;
  EXPECT_THAT(run.failure->reason, HasSubstr("nan"));
}

TEST(CpuTask, WithoutVerificationAWrongOutputPasses) {
  if (!MakeTask(*Env::Default(), "dense:1x1,1,float32")) GTEST_SKIP() << "no C compiler";
  const auto task =
      TaskCompiledBy(std::string("sed -i 's/OUT_H - y/OUT_H - 1 - y/' candidate.c") + kCompile);
  const BuildResult built = task->Build(task->space().Unrank(0));
  ASSERT_TRUE(built.ok());
  RunOptions options;
  options.verify = false;
  EXPECT_EQ(task->Run(*built.program, options).outcome(), Outcome::kCorrect);
}

TEST(CpuTask, ASourceThatDoesNotCompileIsACompileFailure) {
  if (!MakeTask(*Env::Default(), "dense:1x1,1,float32")) GTEST_SKIP() << "no C compiler";
  const auto task =
      TaskCompiledBy(std::string("sed -i 's/int main/itn main/' candidate.c") + kCompile);
  const BuildResult built = task->Build(task->space().Unrank(0));
  EXPECT_FALSE(built.ok());
  EXPECT_TRUE(built.status.ok()) << built.status.message();
  EXPECT_EQ(built.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(built.failure->stage, "build.exit");
  EXPECT_THAT(built.failure->reason, HasSubstr("itn"));
}

TEST(CpuTask, AProgramThatHangsIsKilled) {
  const auto task =
      TaskCompiledBy("printf '#!/bin/sh\nsleep 60\n' > candidate; chmod +x candidate");
  const RunResult run = RunFirst(*task, 0.2);
  EXPECT_EQ(run.outcome(), Outcome::kTimeout);
  EXPECT_EQ(run.failure->stage, "run.timeout");
}

TEST(CpuTask, AProgramThatCrashesIsARuntimeFailure) {
  const auto task =
      TaskCompiledBy("printf '#!/bin/sh\nkill -SEGV $$\n' > candidate; chmod +x candidate");
  const RunResult run = RunFirst(*task);
  EXPECT_EQ(run.outcome(), Outcome::kRuntime);
  EXPECT_EQ(run.failure->stage, "run.signal");
}

TEST(CpuTask, AHarnessWithoutItsFilesSaysNothingAboutTheCandidate) {
  const auto task = TaskCompiledBy("printf '#!/bin/sh\nexit 75\n' > candidate; chmod +x candidate");
  const RunResult run = RunFirst(*task);
  EXPECT_FALSE(run.status.ok());
}

TEST(CpuTask, AFullDiskSaysNothingAboutTheCandidate) {
  process::FaultEnv env(Env::Default());
  const auto task = MakeTask(env, "dense:4x4,4,float32");
  if (!task) GTEST_SKIP() << "no C compiler";
  env.FailNth(process::FaultEnv::Operation::kAppend, 1, Status::IoError("disk full"));
  EXPECT_EQ(task->Build(task->space().Unrank(0)).status.code(), StatusCode::kIoError);
  const BuildResult built = task->Build(task->space().Unrank(0));
  ASSERT_TRUE(built.ok());
  env.FailNth(process::FaultEnv::Operation::kAppend, 1, Status::IoError("disk full"));
  EXPECT_EQ(task->Run(*built.program, {}).status.code(), StatusCode::kIoError);
  // The next run makes the files again.
  EXPECT_EQ(task->Run(*built.program, {}).outcome(), Outcome::kCorrect);
}

TEST(CpuTask, AProgramHasFeatures) {
  const auto task = MakeTask(*Env::Default(), "dense:8x64,64,float32");
  if (!task) GTEST_SKIP() << "no C compiler";
  const BuildResult built = task->Build(task->space().Unrank(0));
  ASSERT_TRUE(built.ok()) << built.failure->reason;
  for (const char* name :
       {"code_bytes", "flop_per_loaded_byte", "input_tile_bytes", "sum_tile_bytes", "useful_lanes",
        "vector_registers", "weight_tile_bytes"}) {
    ASSERT_TRUE(built.program->metrics().contains(name)) << name;
    EXPECT_GT(built.program->metrics().at(name), 0) << name;
  }
  EXPECT_FALSE(task->traits().context.at("candidate_compiler").empty());
}

TEST(CpuTask, ExplainShowsTheSourceOrTheBrokenConstraint) {
  const auto task = MakeTask(*Env::Default(), "dense:8x64,60,float32");
  if (!task) GTEST_SKIP() << "no C compiler";
  const Config valid = task->space().Unrank(0);
  const Explanation explanation = task->Explain(valid);
  EXPECT_FALSE(explanation.failure.has_value());
  EXPECT_EQ(explanation.facts.at(0).name, "compile");
  EXPECT_TRUE(explanation.metrics.contains("vector_registers"));
  EXPECT_THAT(explanation.notes.at(0), HasSubstr("register block: "));
  EXPECT_THAT(explanation.source, HasSubstr("static void sweep("));
  EXPECT_THAT(explanation.source, HasSubstr("static void run_part("));
  for (std::uint64_t index = 0; index < task->space().raw_size(); ++index) {
    const Config config = task->space().AtIndex(index);
    if (task->space().IsValid(config)) continue;
    const Explanation broken = task->Explain(config);
    EXPECT_EQ(broken.failure.value().outcome, Outcome::kConstraints);
    EXPECT_EQ(broken.failure->reason, task->space().FirstBroken(config)->description());
    EXPECT_EQ(broken.source, "");
    break;
  }
}

TEST(CpuTarget, SaysWhatItTakes) {
  const auto target = MakeCpuTarget(*Env::Default(), "").value();
  EXPECT_EQ(target->name(), "cpu");
  const Status int8 = target->Prepare(Parsed("dense:1x2,3")).status();
  if (int8.code() == StatusCode::kNotFound) GTEST_SKIP() << "no C compiler";
  EXPECT_EQ(int8.message(),
            "dense:1x2,3: is int8, must be float32 on the cpu target: a layer like "
            "resnet18-float32.C8, or a shape with \",float32\" behind it");
  EXPECT_EQ(MakeCpuTarget(*Env::Default(), ":gemm")
                .value()
                ->Prepare(Parsed("conv2d:1x1x1x1,1,1x1,float32"))
                .status()
                .message(),
            "conv2d:1x1x1x1,1,1x1,float32: is a conv2d, must be a dense on cpu:gemm");
  EXPECT_EQ(MakeCpuTarget(*Env::Default(), ":fast").status().message(),
            "there is no target \"cpu:fast\"; there are cpu, cpu:gemm, cpu:threads");
  EXPECT_THAT(target->Prepare(Parsed("conv2d:1x1000000x5x5,1,5x5,float32")).status().message(),
              HasSubstr("sums 25,000,000 products for an output, must be at most 16,777,216"));
}

}  // namespace
}  // namespace foothold::cpu

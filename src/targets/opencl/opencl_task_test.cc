// The target on a real device, through the runner. Skipped where there is none.
#include "targets/opencl/opencl_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "process/testing/temporary_folder.h"
#include "targets/opencl/argument_data.h"
#include "targets/opencl/opencl_target.h"
#include "targets/opencl/testing.h"

namespace foothold::opencl {
namespace {

using ::foothold::opencl::testing::kFile;
using ::foothold::opencl::testing::Replaced;
using ::foothold::opencl::testing::SmallDense;
using ::testing::HasSubstr;

constexpr std::string_view kKernel = R"(
#define RIGHT 1
#define WRONG 2
#define BROKEN 3
#define HANG 4
#define BEHIND 5
#define PART 6
#if mode == BROKEN
#error "this mode does not compile"
#endif
__kernel void scale(__global const float2* in, __global float* out, __local float* scratch, float factor) {
  const int i = get_global_id(0);
  scratch[0] = 0;
  volatile int forever = mode == HANG;
  while (forever) {}
  const float value = (i % 2 == 0 ? in[i / 2].x : in[i / 2].y) * factor;
  if (mode == PART && i == 63) return;
  out[i] = mode == WRONG && i == 7 ? value + 1 : value;
  if (mode == BEHIND && i == 63) out[64] = 1;
}
// The reference for the file that names a kernel; two work-items for each element.
__kernel void slow_scale(__global const float2* in, __global float* out, float factor) {
  __global const float* flat = (__global const float*)in;
  if (get_global_id(0) % 2 == 0) out[get_global_id(0) / 2] = flat[get_global_id(0) / 2] * factor;
}
)";

enum Mode : std::uint32_t { kRight, kWrong, kBroken, kHang, kBehind, kPart };

class OpenclTaskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto devices = Runner(env_, FOOTHOLD_OPENCL_RUNNER).Devices();
    if (!devices.ok()) GTEST_SKIP() << devices.status().message();
    if (devices->empty()) GTEST_SKIP() << "no OpenCL device (Debian: apt install pocl-opencl-icd)";
    device_ = devices->front();
    Write("scale.cl", kKernel);
    WriteReference();
  }

  void Write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(env_.WriteFileAtomically(folder_.File(name), text).ok());
  }

  /// What the kernel must compute, on this side.
  void WriteReference() {
    const KernelFile file = ParseKernelFile(kFile, folder_.File("scale.json")).value();
    const Names names = Names::WithoutConfig(file, SmallDense());
    std::string bytes =
        MakeBytes(env_, file.arguments[0], file.arguments[0].fill, 32, names).value();
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(float)) {
      float element = 0;
      std::memcpy(&element, bytes.data() + at, sizeof(element));
      element *= 2;  // factor: max(width) / 4096
      std::memcpy(bytes.data() + at, &element, sizeof(element));
    }
    Write("reference.bin", bytes);
  }

  Result<std::unique_ptr<TargetTask>> Prepare(std::string_view file,
                                              const Workload& workload = SmallDense()) {
    Write("scale.json", file);
    FOOTHOLD_ASSIGN_OR_RETURN(
        const auto target,
        MakeOpenclTarget(env_, folder_.File("scale.json"), Runner(env_, FOOTHOLD_OPENCL_RUNNER)));
    return target->Prepare(workload);
  }

  static RunResult BuildAndRun(const TargetTask& task, const Config& config,
                               const RunOptions& options = {60, true}) {
    const BuildResult built = task.Build(config);
    EXPECT_TRUE(built.ok()) << built.failure->reason << built.status.message();
    return built.ok() ? task.Run(*built.program, options) : RunResult();
  }

  Env& env_ = *Env::Default();
  const foothold::testing::TemporaryFolder folder_;
  Device device_;
};

// Needs no device. Run under AddressSanitizer it shows what a constraint borrows.
TEST(OpenclConstraints, OutliveTheirTask) {
  Env& env = *Env::Default();
  const foothold::testing::TemporaryFolder folder;
  ASSERT_TRUE(env.WriteFileAtomically(folder.File("scale.cl"), kKernel).ok());
  Device device;
  device.max_work_group = 100;
  device.max_work_items = {100, 100, 100};
  KernelFile file = ParseKernelFile(kFile, folder.File("scale.json")).value();
  auto task =
      OpenclTask::Create(env, Runner(env, "no-runner"), std::move(file), SmallDense(), device)
          .value();
  const std::vector<Constraint> known = task->KnownConstraints();
  const std::vector<Parameter> parameters = task->space().parameters();
  task.reset();
  // Any mode and scratch size, and a width of 4 or 5, not 8192.
  EXPECT_EQ(Space::Create(parameters, known)->valid_count(), 6U * 2 * 2);
}

TEST_F(OpenclTaskTest, DependsOnSourcesDeviceAndDriver) {
  Write("types.h", "// one");
  Write("scale.cl", "#include \"types.h\"\n" + std::string(kKernel));
  const auto task = Prepare(kFile);
  ASSERT_TRUE(task.ok()) << task.status().message();
  const Dependencies before = (*task)->DependsOn(env_).value();
  EXPECT_EQ(before.size(), 6U);
  EXPECT_THAT(before.at("device"), HasSubstr(device_.name));
  EXPECT_THAT(before.at("driver"), HasSubstr(device_.driver));
  for (const char* name : {"scale.json", "scale.cl", "types.h", "reference.bin"}) {
    const std::string text = env_.ReadFile(folder_.File(name)).value();
    Write(name, text + " ");
    EXPECT_NE((*task)->DependsOn(env_)->at(name), before.at(name)) << name;
    Write(name, text);
    EXPECT_EQ((*task)->DependsOn(env_).value(), before) << name;
  }
}

TEST_F(OpenclTaskTest, ACorrectKernelHasTimes) {
  const auto task = Prepare(kFile);
  ASSERT_TRUE(task.ok()) << task.status().message();
  const BuildResult built = (*task)->Build({{kRight, 0, 0}});
  ASSERT_TRUE(built.ok()) << built.failure->reason << built.status.message();
  EXPECT_EQ(built.program->metrics().at("kernel.local_bytes"), 4);
  EXPECT_EQ(built.program->metrics().at("device.local_bytes"),
            static_cast<double>(device_.local_bytes));
  for (int times = 0; times < 2; ++times) {  // a program can be run again
    const RunResult run = (*task)->Run(*built.program, {60, true});
    ASSERT_TRUE(run.status.ok()) << run.status.message();
    EXPECT_EQ(run.outcome(), Outcome::kCorrect) << run.failure->reason;
    ASSERT_EQ(run.seconds.size(), 2u);
    EXPECT_GT(run.seconds[0], 0);
  }
}

TEST_F(OpenclTaskTest, WrongOutputsAreFound) {
  const auto task = Prepare(kFile).value();
  const RunResult wrong = BuildAndRun(*task, {{kWrong, 0, 0}});
  EXPECT_EQ(wrong.outcome(), Outcome::kCorrectness);
  EXPECT_EQ(wrong.failure->stage, "run.verify");
  EXPECT_THAT(wrong.failure->reason, HasSubstr("out: element 7 is"));
  EXPECT_THAT(wrong.failure->reason, HasSubstr("1 of 64 differ"));
  // An element that is left out, although the reference could be anything.
  const RunResult part = BuildAndRun(*task, {{kPart, 0, 0}});
  EXPECT_EQ(part.outcome(), Outcome::kCorrectness);
  EXPECT_THAT(part.failure->reason, HasSubstr("element 63 is"));
  const RunResult behind = BuildAndRun(*task, {{kBehind, 0, 0}});
  EXPECT_EQ(behind.outcome(), Outcome::kCorrectness);
  EXPECT_EQ(behind.failure->stage, "run.bounds");
  EXPECT_THAT(behind.failure->reason, HasSubstr("out: byte"));
  EXPECT_EQ(BuildAndRun(*task, {{kWrong, 0, 0}}, {60, false}).outcome(), Outcome::kCorrect);
}

TEST_F(OpenclTaskTest, AKernelThatDoesNotCompileSaysWhy) {
  const auto task = Prepare(kFile).value();
  const BuildResult built = task->Build({{kBroken, 0, 0}});
  EXPECT_FALSE(built.ok());
  ASSERT_TRUE(built.status.ok()) << built.status.message();
  EXPECT_EQ(built.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(built.failure->stage, "build.clBuildProgram");
  EXPECT_THAT(built.failure->reason, HasSubstr("this mode does not compile"));
  EXPECT_EQ(built.failure->reason.find("foothold-candidate"), std::string::npos)
      << "the same each time: " << built.failure->reason;
}

TEST_F(OpenclTaskTest, TheDevicesLimitsAreReal) {
  const auto task = Prepare(kFile).value();
  // 64 work-items do not make groups of 5.
  const RunResult uneven = BuildAndRun(*task, {{kRight, 1, 0}});
  EXPECT_EQ(uneven.outcome(), Outcome::kRuntime);
  EXPECT_EQ(uneven.failure->stage, "run.clEnqueueNDRangeKernel");
  EXPECT_THAT(uneven.failure->reason,
              HasSubstr("CL_INVALID_WORK_GROUP_SIZE (-54): work-groups of 5"));
  if (device_.local_bytes < 16'000'000) {
    const RunResult local = BuildAndRun(*task, {{kRight, 0, 1}});
    EXPECT_EQ(local.outcome(), Outcome::kRuntime);
    EXPECT_THAT(local.failure->reason, HasSubstr("local memory: needs 16,000,000 B of "));
  }
  if (device_.max_work_group < 8192) {
    const auto file = Replaced(std::string(kFile), "\"X\": \"ProblemSize[0]\"", "\"X\": \"8192\"");
    const RunResult large = BuildAndRun(*Prepare(file).value(), {{kRight, 2, 0}});
    EXPECT_EQ(large.outcome(), Outcome::kRuntime);
    EXPECT_EQ(large.failure->stage, "run.clEnqueueNDRangeKernel");
  }
}

TEST_F(OpenclTaskTest, AHangingKernelIsATimeout) {
  const auto task = Prepare(kFile).value();
  const RunResult hang = BuildAndRun(*task, {{kHang, 0, 0}}, {3, true});
  EXPECT_EQ(hang.outcome(), Outcome::kTimeout) << hang.failure->reason;
  EXPECT_EQ(hang.failure->stage, "run.timeout");
}

TEST_F(OpenclTaskTest, AReferenceKernelComputesTheReference) {
  std::string file = Replaced(std::string(kFile), "\"ReferenceArguments\"", "\"Unused\"");
  // The reference kernel gets the same arguments, so there can be no Local one.
  file = Replaced(
      file,
      R"({"Name": "scratch", "Type": "float", "MemoryType": "Local", "Size": "scratch_size"},)",
      "");
  file = Replaced(file, R"({"Repeats": 2})", R"({"ReferenceKernel": {"KernelName": "slow_scale",
      "KernelFile": "reference.cl", "LocalSize": {"X": 1}, "GlobalSize": {"X": 128}}})");
  std::string kernel = Replaced(std::string(kKernel), " __local float* scratch,", "");
  kernel = Replaced(kernel, "scratch[0] = 0;", "");
  Write("scale.cl", kernel);
  Write("reference.cl", "#define mode 0\n" + kernel);
  const auto task = Prepare(file).value();
  EXPECT_EQ(BuildAndRun(*task, {{kRight, 0, 0}}).outcome(), Outcome::kCorrect);
  EXPECT_EQ(BuildAndRun(*task, {{kWrong, 0, 0}}).failure->stage, "run.verify");

  Write("reference.cl", "__kernel void another(void) {}");
  const auto broken = Prepare(file).value();
  const BuildResult built = broken->Build({{kRight, 0, 0}});
  ASSERT_TRUE(built.ok()) << built.failure->reason;
  const RunResult run = broken->Run(*built.program, {60, true});
  EXPECT_EQ(run.status.code(), StatusCode::kInvalidArgument);  // no candidate's fault
  EXPECT_THAT(run.status.message(), HasSubstr("Foothold.ReferenceKernel: clCreateKernel"));
}

TEST_F(OpenclTaskTest, PrepareSaysWhatDoesNotFit) {
  const auto message = [&](std::string_view from, std::string_view to) {
    return Prepare(Replaced(std::string(kFile), from, to)).status().message();
  };
  EXPECT_THAT(message("\"X\": \"width\"", "\"X\": \"widht\""),
              HasSubstr("LocalSize.X: column 1: \"widht\" is neither a parameter nor ProblemSize"));
  EXPECT_THAT(message("\"Size\": 64", "\"Size\": \"width\""),
              HasSubstr("Size: is [4, 5, 8192], must be a whole number"));
  EXPECT_THAT(message("\"Size\": 64", "\"Size\": 1e12"), HasSubstr("which is more than"));
  EXPECT_THAT(message("scale.cl", "nowhere.cl"), HasSubstr("nowhere.cl"));
  EXPECT_THAT(
      message(R"("Language": "OpenCL")", R"("Device": {"Name": "Babbage"}, "Language": "OpenCL")"),
      HasSubstr("KernelSpecification.Device: there is no such device; there are 0.0 "));
  EXPECT_THAT(
      message(
          R"({"Repeats": 2})",
          R"({"Workload": {"name": "other", "op": "dense", "in_features": 1, "out_features": 1}})"),
      HasSubstr("Foothold.Workload: is dense 1x1 -> 1, not dense 1x64 -> 64"));
}

TEST_F(OpenclTaskTest, Float32WorkloadsHaveNoTensorsToGive) {
  const auto target = MakeOpenclTarget(env_, FOOTHOLD_SOURCE_DIR "/examples/opencl/dense.json",
                                       Runner(env_, FOOTHOLD_OPENCL_RUNNER));
  ASSERT_TRUE(target.ok()) << target.status().message();
  const Workload workload = ParseInlineWorkload("dense:8x64,64,float32").value();
  EXPECT_THAT((*target)->Prepare(workload).status().message(),
              HasSubstr("which is float32; only tensors of int8 workloads are given"));
}

TEST_F(OpenclTaskTest, ExplainsAConfigAndKnowsTheDevicesLimits) {
  const auto task = Prepare(kFile).value();
  const Explanation broken = task->Explain({{kWrong, 1, 0}});
  EXPECT_EQ(broken.failure.value().reason, "width != 5 or mode == 'RIGHT'");
  const std::string text = ToText(broken);
  EXPECT_THAT(text, HasSubstr("config    mode=WRONG width=5 scratch_size=1  (index "));
  EXPECT_THAT(text, HasSubstr("\noptions   -Dmode=WRONG -Dwidth=5 -Dscratch_size=1\n"));
  EXPECT_THAT(text, HasSubstr("\nglobal    64 x 1 x 1\nlocal     5 x 1 x 1\ngroup     5 items\n"));
  EXPECT_FALSE(task->Explain({{kRight, 0, 0}}).failure.has_value());
  const auto known = task->KnownConstraints();
  ASSERT_EQ(known.size(), 1u);
  const auto space = Space::Create(task->space().parameters(), known).value();
  EXPECT_TRUE(space.IsValid({{0, 0, 0}}));
  EXPECT_EQ(space.IsValid({{0, 2, 0}}), device_.max_work_group >= 8192);
}

TEST(OpenclRunner, WithoutItTheTargetSaysWhatToInstall) {
  const auto devices = Runner(*Env::Default(), "/nowhere/foothold-opencl-runner").Devices();
  EXPECT_EQ(devices.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(devices.status().message(), HasSubstr("apt install ocl-icd-opencl-dev"));
}

}  // namespace
}  // namespace foothold::opencl

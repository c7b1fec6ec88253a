#include "targets/vta/vta_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <thread>

#include "base/json.h"
#include "base/testing/test_data.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<TargetTask> Prepared(const Workload& workload,
                                     const std::string& machine = "pynq") {
  auto task = MakeVtaTarget(*FindMachine(*Env::Default(), machine))->Prepare(workload);
  EXPECT_TRUE(task.ok()) << task.status().message();
  return std::move(task).value();
}

Workload NamedConv(const std::string& name, const Conv2d& conv, bool bias = false) {
  return {name, conv, {.bias = bias}};
}

struct Counts {
  std::map<Outcome, int> outcomes;
  std::string first_wrong;
};

/// Builds and runs every config of the space, verifying each output.
Counts RunAll(const TargetTask& task) {
  Counts counts;
  for (std::uint64_t index = 0; index < task.space().raw_size(); ++index) {
    const Config config = task.space().AtIndex(index);
    const BuildResult build = task.Build(config);
    if (!build.ok()) {
      ++counts.outcomes[build.failure->outcome];
      continue;
    }
    const RunResult run = task.Run(*build.program, {.timeout_s = 1e6});
    ++counts.outcomes[run.outcome()];
    if (run.outcome() == Outcome::kCorrectness && counts.first_wrong.empty()) {
      counts.first_wrong = task.space().ToString(config) + ": " + run.failure->reason;
    }
  }
  return counts;
}

void ExpectAllCorrect(const Workload& workload, int at_least, const std::string& machine = "pynq") {
  const Counts counts = RunAll(*Prepared(workload, machine));
  EXPECT_EQ(counts.outcomes.count(Outcome::kCorrectness), 0U)
      << workload.name << " " << counts.first_wrong;
  EXPECT_EQ(counts.outcomes.count(Outcome::kTimeout), 0U);
  EXPECT_GE(counts.outcomes.count(Outcome::kCorrect) ? counts.outcomes.at(Outcome::kCorrect) : 0,
            at_least)
      << workload.name;
}

// Every valid config computes the right result, over whole spaces of layers of different kinds.
TEST(VtaTaskTest, EveryValidConfigOfAPadded3x3IsCorrect) {
  ExpectAllCorrect(NamedConv("3x3", {1, 64, 12, 12, 64, 3, 3, 1, 1, 1, 1}), 100);
  ExpectAllCorrect(FindWorkloads("resnet18.C8")->front(), 103);
}
TEST(VtaTaskTest, EveryValidConfigOfA1x1IsCorrect) {
  ExpectAllCorrect(NamedConv("1x1", {1, 64, 12, 12, 64, 1, 1, 0, 0, 1, 1}), 200);
  ExpectAllCorrect(NamedConv("1x1 7x7", {1, 832, 7, 7, 256, 1, 1, 0, 0, 1, 1}), 50);
}
TEST(VtaTaskTest, EveryValidConfigOfAStrided1x1IsCorrect) {
  ExpectAllCorrect(NamedConv("1x1s2", {1, 64, 16, 16, 96, 1, 1, 0, 0, 2, 2}), 100);
  ExpectAllCorrect(FindWorkloads("resnet18.C4")->front(), 315);
}
TEST(VtaTaskTest, EveryValidConfigOfAStrided3x3WithBiasIsCorrect) {
  ExpectAllCorrect(NamedConv("3x3s2", {1, 32, 16, 16, 64, 3, 3, 1, 1, 2, 2}, true), 50);
}
TEST(VtaTaskTest, EveryValidConfigOfA5x5IsCorrect) {
  ExpectAllCorrect(NamedConv("5x5", {1, 32, 12, 12, 32, 5, 5, 2, 2, 1, 1}, true), 50);
}
TEST(VtaTaskTest, EveryValidConfigOfA7x7IsCorrect) {
  ExpectAllCorrect(NamedConv("7x7", {1, 32, 12, 12, 32, 7, 7, 3, 3, 2, 2}), 20);
}
TEST(VtaTaskTest, EveryValidConfigOfAnUnpadded3x3IsCorrect) {
  ExpectAllCorrect(NamedConv("3x3 valid", {1, 32, 10, 14, 32, 3, 3, 0, 0, 1, 1}), 20);
}
TEST(VtaTaskTest, EveryValidConfigOfAsymmetricKernelsIsCorrect) {
  ExpectAllCorrect(NamedConv("1x7", {1, 32, 6, 14, 32, 1, 7, 0, 3, 1, 1}), 20);
  ExpectAllCorrect(NamedConv("7x1", {1, 32, 14, 6, 32, 7, 1, 3, 0, 1, 1}), 20);
}
TEST(VtaTaskTest, EveryValidConfigOfABatchIsCorrect) {
  ExpectAllCorrect(NamedConv("batch", {3, 32, 8, 8, 32, 3, 3, 1, 1, 1, 1}, true), 20);
}
TEST(VtaTaskTest, EveryValidConfigOnTheOtherGeometryIsCorrect) {
  ExpectAllCorrect(NamedConv("4x8", {8, 32, 8, 8, 32, 3, 3, 1, 1, 1, 1}, true), 20, "pynq-4x8");
  ExpectAllCorrect({"4x8 dense", Dense{16, 64, 64}, {.bias = true}}, 10, "pynq-4x8");
}
TEST(VtaTaskTest, EveryValidConfigOfDenseIsCorrect) {
  ExpectAllCorrect({"dense", Dense{1, 256, 128}, {}}, 20);
  ExpectAllCorrect({"dense batch", Dense{6, 128, 96}, {.bias = true}}, 20);
}

TEST(VtaTaskTest, ResultsDoNotDependOnTheOrderOrTheThread) {
  const auto task = Prepared(NamedConv("c", {1, 32, 14, 14, 32, 3, 3, 1, 1, 1, 1}));
  const auto build =
      task->Build(*task->space().FromValues(std::vector<std::int64_t>{1, 14, 14, 1, 1, 2, 1}));
  ASSERT_TRUE(build.ok()) << build.failure->reason;
  const RunResult first = task->Run(*build.program, {});
  ASSERT_EQ(first.outcome(), Outcome::kCorrect) << first.failure->reason;
  std::vector<std::jthread> threads;
  std::vector<double> seconds(4);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    threads.emplace_back([&, i] { seconds[i] = task->Run(*build.program, {}).seconds.at(0); });
  }
  threads.clear();
  for (double s : seconds) EXPECT_EQ(s, first.seconds.at(0));
}

TEST(VtaTaskTest, ARunPastItsLimitIsATimeout) {
  const auto task = Prepared(NamedConv("c", {1, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1}));
  const auto build =
      task->Build(*task->space().FromValues(std::vector<std::int64_t>{1, 7, 28, 1, 1, 1, 1}));
  ASSERT_TRUE(build.ok());
  const RunResult run = task->Run(*build.program, {.timeout_s = 1e-4});
  EXPECT_EQ(run.outcome(), Outcome::kTimeout);
  EXPECT_TRUE(run.seconds.empty());
}

TEST(VtaTaskTest, AJitRejectionBuildsAndFailsWhenRun) {
  const auto task = Prepared(NamedConv("c", {1, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1}));
  const auto build =
      task->Build(*task->space().FromValues(std::vector<std::int64_t>{1, 1, 28, 1, 1, 1, 1}));
  ASSERT_TRUE(build.ok());
  const RunResult run = task->Run(*build.program, {});
  EXPECT_EQ(run.outcome(), Outcome::kRuntime);
  EXPECT_EQ(run.failure->stage, "jit.hazard");
}

/// Runs every TopHub schedule: all compile, run and are correct.
TEST(VtaTaskTest, EveryTopHubScheduleIsCorrect) {
  const std::string data = testing::DataDirectory();
  std::ifstream file(data + "/boards/tophub_vta_v0.10_pynq_1x16.log");
  if (!file) GTEST_SKIP() << "needs " << data << " (set FOOTHOLD_DATA)";
  std::string line;
  int schedules = 0;
  while (std::getline(file, line)) {
    const auto record = base::Json::Parse(line).value();
    const auto& args = record.at("input").at(2);
    const auto& data_shape = args.at(0).at(1);
    const auto& kernel = args.at(1).at(1);
    const auto size = [](const base::Json& value) { return value.Get<std::int64_t>(); };
    const auto task = Prepared(NamedConv(
        "tophub", {size(data_shape[0]), 16 * size(data_shape[1]), size(data_shape[2]),
                   size(data_shape[3]), 16 * size(kernel[0]), size(kernel[2]), size(kernel[3]),
                   size(args[3][0]), size(args[3][1]), size(args[2][0]), size(args[2][1])}));
    std::vector<std::int64_t> values;
    for (const base::Json& entity : record.at("config").at("entity").elements()) {
      values.push_back(size(entity[2].is_array() ? entity[2].elements().back() : entity[2]));
    }
    const auto config = task->space().FromValues(values);
    ASSERT_TRUE(config.ok()) << config.status().message();
    EXPECT_EQ(task->space().IndexOf(*config), record.at("config").at("index").Get<std::uint64_t>());
    const BuildResult build = task->Build(*config);
    ASSERT_TRUE(build.ok()) << line << build.failure->reason;
    const RunResult run = task->Run(*build.program, {});
    EXPECT_EQ(run.outcome(), Outcome::kCorrect) << line << run.failure->reason;
    ++schedules;
  }
  EXPECT_EQ(schedules, 43);
}

// The Chisel RTL ran these two (shared/data/boards/rtl_chisel_de10_cycles.csv): it holds 2,048
// micro-ops, they have 2,876 and 2,778, it went on to the end and its output was wrong.
TEST(VtaTaskTest, MicroOpsBeyondWhatTheRtlHoldsAreRefusedAndWouldBeWrong) {
  const Workload layer = NamedConv("5x5", {1, 32, 28, 28, 32, 5, 5, 2, 2, 1, 1});
  VtaMachine unchecked = *FindMachine(*Env::Default(), "tsim:extended");
  unchecked.geometry.log_uop_memory = Geometry::kAsConfigured;
  const auto believing = MakeVtaTarget(unchecked)->Prepare(layer).value();
  const auto task = Prepared(layer, "tsim:extended");
  for (const std::uint64_t index : {2987U, 7443U}) {
    const Config config = task->space().AtIndex(index);
    const BuildResult refused = task->Build(config);
    EXPECT_EQ(refused.failure->outcome, Outcome::kCompile);
    EXPECT_EQ(refused.failure->stage, "lower.micro-op");
    EXPECT_THAT(refused.failure->reason, HasSubstr("holds 2,048"));

    // Built as if the memory were as large as the runtime believes, and run on what there is.
    const BuildResult built = believing->Build(config);
    ASSERT_TRUE(built.ok()) << built.failure->reason;
    const RunResult run = task->Run(*built.program, {.timeout_s = 1e6});
    EXPECT_EQ(run.outcome(), Outcome::kCorrectness);
  }
}

TEST(VtaTaskTest, TvmsTemplateIsRefusedBeyondWhatTheRtlHolds) {
  // A tile of 10 channel blocks and 9 rows: 25 x 10 x 9 micro-ops and those of the reset.
  const Workload layer = NamedConv("5x5", {1, 64, 13, 6, 160, 5, 5, 0, 0, 1, 1});
  const auto chisel = Prepared(layer, "de10nano");
  const auto pynq = Prepared(layer);
  int refused = 0;
  for (std::uint64_t index = 0; index < chisel->space().raw_size(); ++index) {
    const Config config = chisel->space().AtIndex(index);
    const BuildResult on_pynq = pynq->Build(config);
    if (!on_pynq.ok()) continue;
    const auto& program = static_cast<const VtaProgram&>(*on_pynq.program);
    if (program.device_program() == nullptr) continue;
    const BuildResult build = chisel->Build(config);
    ASSERT_TRUE(build.ok());
    const auto& checked = static_cast<const VtaProgram&>(*build.program);
    const bool fits = program.device_program()->uops.size() <= 2048;
    EXPECT_EQ(checked.device_program() != nullptr, fits);
    if (fits) continue;
    ++refused;
    EXPECT_EQ(checked.jit_rejection().stage, "jit.micro-op");
    EXPECT_THAT(checked.jit_rejection().reason, HasSubstr("2,048"));
  }
  EXPECT_GT(refused, 0);
}

TEST(VtaTaskTest, TheChiselAluHasOneRow) {
  VtaMachine machine = *FindMachine(*Env::Default(), "pynq-4x8");
  machine.semantics = Semantics::kChisel;
  const auto task = MakeVtaTarget(machine)->Prepare(NamedConv("c", {4, 32, 8, 8, 32, 1, 1}));
  EXPECT_THAT(task.status().message(), HasSubstr("LOG_BATCH is 2, must be 0"));
}

TEST(VtaTaskTest, TensorsBeyond32AddressBitsAreRefused) {
  const auto task = MakeVtaTarget(*FindMachine(*Env::Default(), "pynq"))
                        ->Prepare(NamedConv("huge", {1, 512, 2048, 2047, 512, 1, 1}));
  EXPECT_THAT(task.status().message(), HasSubstr("a VTA addresses 4,294,967,296"));
}

}  // namespace
}  // namespace foothold::vta

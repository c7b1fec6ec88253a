#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "targets/vta/compiler/tensor_layout.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {

/// Compiles configs of one workload, runs the programs with data, and judges what happened.
class ProgramOracle {
 public:
  ProgramOracle(const Workload& workload, const std::string& machine)
      : machine_(*FindMachine(*Env::Default(), machine)),
        workload_(workload),
        task_(std::move(VtaTask::Create(machine_, workload)).value()),
        simulator_(machine_.geometry, machine_.timing) {
    const Tensors tensors = RandomTensors(workload, 7);
    const BlockedShape shape = *machine_.schedules->Shape(workload, machine_.geometry);
    packed_ = Pack(workload, shape, machine_.geometry, tensors);
    expected_ =
        PackOutput(workload, machine_.geometry, ReferenceOutput(workload, tensors), tensors.bias);
  }

  const Space& space() const { return task_->space(); }
  int valid() const { return valid_; }

  /// Every config of the space, of which at least `at_least` must be valid.
  void CheckAll(int at_least) {
    for (std::uint64_t i = 0; i < space().raw_size() && !::testing::Test::HasFailure(); ++i)
      Check(space().AtIndex(i));
    EXPECT_GE(valid_, at_least) << workload_.name;
  }

  /// False when the config does not become a program.
  bool Check(const Config& config) {
    const BuildResult build = task_->Build(config);
    if (!build.ok()) {
      EXPECT_EQ(build.failure->outcome, Outcome::kCompile);
      return false;
    }
    const DeviceProgram* program = static_cast<const VtaProgram&>(*build.program).device_program();
    if (program == nullptr) return false;  // refused by the JIT
    ++valid_;
    std::vector<std::byte> output(expected_.size(), std::byte{0x55});
    SimulationOptions options;
    options.poison = 0x77;  // what was never loaded is not zero
    const SimulationResult run =
        simulator_.Run(*program, {packed_.input, packed_.weight, packed_.bias, output}, options);
    const std::string what = workload_.name + " " + space().ToString(config);
    EXPECT_TRUE(run.finished()) << what << ": " << run.message;
    EXPECT_EQ(run.races, 0) << what;
    EXPECT_THAT(run.warnings, ::testing::IsEmpty()) << what;
    EXPECT_TRUE(output == expected_) << what;
    return true;
  }

 private:
  VtaMachine machine_;
  Workload workload_;
  std::unique_ptr<TargetTask> task_;
  Simulator simulator_;
  PackedTensors packed_;
  std::vector<std::byte> expected_;
  int valid_ = 0;
};

}  // namespace foothold::vta

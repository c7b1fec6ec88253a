#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "foothold/target.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/compiler/tensor_layout.h"
#include "targets/vta/isa/program_files.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/simulator.h"
#include "targets/vta/vta_target.h"

namespace foothold::vta {

/// What Build produces: instructions for the device, or the reason why the board's JIT will refuse
/// the schedule when it is run. TVM finds out about the latter only on the board, and so does a
/// searcher here. Thread-safe.
class VtaProgram : public Program {
 public:
  /// `write_out` makes the whole program of an outline that is not written out; it is called once,
  /// when the program is asked for.
  VtaProgram(std::variant<ProgramOutline, Rejection> code, Metrics metrics,
             std::function<DeviceProgram()> write_out)
      : code_(std::move(code)), metrics_(std::move(metrics)), write_out_(std::move(write_out)) {}

  const Metrics& metrics() const override { return metrics_; }
  /// All that takes time; null when the JIT refuses.
  const ProgramOutline* outline() const { return std::get_if<ProgramOutline>(&code_); }
  /// The program that a device runs; null when the JIT refuses.
  const DeviceProgram* device_program() const;
  /// REQUIRES: outline() == nullptr.
  const Rejection& jit_rejection() const { return std::get<Rejection>(code_); }

 private:
  std::variant<ProgramOutline, Rejection> code_;
  Metrics metrics_;
  std::function<DeviceProgram()> write_out_;
  mutable std::once_flag once_;
  mutable DeviceProgram written_out_;
};

/// A workload prepared for a simulated VTA: the machine's template as the space and as Build, the
/// simulator and the comparison with the reference as Run. Thread-safe.
class VtaTask : public TargetTask {
 public:
  static Result<std::unique_ptr<TargetTask>> Create(const VtaMachine& machine,
                                                    const Workload& workload);

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  std::vector<Constraint> KnownConstraints() const override;
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  const TaskTraits& traits() const override { return traits_; }
  Result<Dependencies> DependsOn(Env& env) const override;
  Explanation Explain(const Config& config) const override;

  const VtaMachine& machine() const { return machine_; }

  /// What Build made of a config, with the tensors that Run gives it and the output that Run
  /// expects, as the files that VTA tools exchange.
  ProgramFiles MakeProgramFiles(const DeviceProgram& program) const;

  /// Time without data or verification: what Run takes for the clock, at a fraction of its cost.
  SimulationResult Time(const DeviceProgram& program, const SimulationOptions& options) const;

 private:
  VtaTask(const VtaMachine& machine, const Workload& workload, const BlockedShape& shape,
          Space space);

  /// Tensors in VTA's layout and the output to expect; made at the first run, because a space can
  /// be explored without.
  struct Reference {
    PackedTensors tensors;
    std::vector<std::byte> output;
  };
  const Reference& reference() const;

  /// A simulator with an output buffer, lent to one thread at a time.
  struct Bench {
    Simulator simulator;
    std::vector<std::byte> output;
  };
  class Loan;
  std::unique_ptr<Bench> Borrow() const;
  void Return(std::unique_ptr<Bench> bench) const;

  Failure CompareOutput(const std::vector<std::byte>& output) const;

  const VtaMachine machine_;
  const Workload workload_;
  const BlockedShape shape_;
  const DramLayout layout_;
  const Space space_;
  const TaskTraits traits_;
  const CostModel costs_;

  mutable std::once_flag reference_once_;
  mutable Reference reference_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Bench>> idle_;  // guarded by mutex_
};

}  // namespace foothold::vta

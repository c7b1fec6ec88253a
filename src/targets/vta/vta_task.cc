#include "targets/vta/vta_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/content_hash.h"
#include "base/text.h"
#include "targets/vta/compiler/schedule_template.h"
#include "targets/vta/explain.h"
#include "targets/vta/program_bound.h"
#include "targets/vta/roofline.h"
#include "targets/vta/simulator/work.h"
#include "targets/vta/source_digest.h"

namespace foothold::vta {
namespace {

/// Inputs are the same for every config and every run: a config's verdict must not depend on luck.
constexpr std::uint64_t kTensorSeed = 1;

Failure FailureOf(const Rejection& rejection) {
  return {rejection.phase == Phase::kJit ? Outcome::kRuntime : Outcome::kCompile, rejection.stage,
          rejection.reason};
}

/// What of a machine decides whether a program is right; of two logs, whether they can be compared.
std::string GeometryText(const VtaMachine& machine) {
  std::string text = machine.geometry.ModelName();
  if (machine.geometry.uop_capacity() < machine.geometry.uop_depth())
    text += fmt::format(", {} micro-ops", machine.geometry.uop_capacity());
  if (machine.semantics != Semantics::kFsim)
    text += fmt::format(", {}", ToString(machine.semantics));
  return text;
}

/// Boards and RTL have 32 address bits: what lies beyond would silently be taken from below.
Status CheckAddresses(const Workload& workload, const BlockedShape& shape,
                      const Geometry& geometry) {
  constexpr std::uint64_t kAddressable = std::uint64_t{1} << 32;
  // Micro-ops come last; more than kMostMicroOpBytes of them have no instruction to load them.
  constexpr std::uint64_t kMostMicroOpBytes = std::uint64_t{1} << 25;
  const std::uint64_t end = LayOut(shape, geometry).uop + kMostMicroOpBytes;
  if (end <= kAddressable) return Status();
  return Status::InvalidArgument(
      fmt::format("{}: its tensors and micro-ops take {} bytes of DRAM, a VTA addresses {}",
                  workload.name, base::WithThousands(static_cast<std::int64_t>(end)),
                  base::WithThousands(static_cast<std::int64_t>(kAddressable))));
}

/// How a run that did not finish counts.
Failure FailureOf(const SimulationResult& result) {
  const bool timed_out = result.outcome == SimulationOutcome::kTimeout;
  return {timed_out ? Outcome::kTimeout : Outcome::kRuntime, "run", result.message};
}

TaskTraits TraitsOf(const VtaMachine& machine, const Workload& workload) {
  const Geometry& geometry = machine.geometry;
  const auto bytes = [](int log) { return std::exp2(log); };
  TaskTraits traits;
  traits.target = "vta:" + machine.name;
  traits.times_are_exact = true;
  traits.candidates_can_harm_host = false;
  traits.builds_per_trial = 64;
  traits.peak_operations_per_second = PeakOperationsPerSecond(geometry, machine.timing);
  const Result<BlockedShape> shape = BlockShape(workload, geometry);
  FOOTHOLD_CHECK(shape.ok(), shape.status().message());
  traits.roofline_seconds =
      ComputeRoofline(*shape, workload.requantize.bias, geometry, machine.timing).Seconds();
  traits.device_numbers = {{"block", static_cast<double>(geometry.block())},
                           {"batch", static_cast<double>(geometry.batch())},
                           {"uop_bytes", bytes(geometry.log_uop_buff_size)},
                           {"inp_bytes", bytes(geometry.log_inp_buff_size)},
                           {"wgt_bytes", bytes(geometry.log_wgt_buff_size)},
                           {"acc_bytes", bytes(geometry.log_acc_buff_size)},
                           {"clock_hz", machine.timing.clock_mhz * 1e6}};
  return traits;
}

void AddOccupancy(const ScratchpadUse& use, const Geometry& g, Metrics& metrics) {
  const auto share = [](std::int64_t elements, std::int64_t depth) {
    return static_cast<double>(elements) / static_cast<double>(depth);
  };
  metrics["inp_occupancy"] = share(use.inp, g.inp_depth());
  metrics["wgt_occupancy"] = share(use.wgt, g.wgt_depth());
  metrics["acc_occupancy"] = share(use.acc, g.acc_depth());
  metrics["virtual_threads"] = static_cast<double>(use.virtual_threads);
}

void AddWork(const ProgramOutline& outline, const Geometry& geometry, Metrics& metrics) {
  const Work work = CountWork(geometry, outline);
  const auto set = [&metrics](const char* name, std::int64_t value) {
    metrics[name] = static_cast<double>(value);
  };
  const auto memory = [&](const char* name, MemoryId id) {
    set(fmt::format("{}_bytes", name).c_str(), work.of(id).bytes);
    set(fmt::format("{}_rows", name).c_str(), work.of(id).rows);
  };
  set("instructions", work.instructions);
  set("uops", static_cast<std::int64_t>(outline.program.uops.size()));
  set("gemm_ops", work.gemm_ops);
  set("alu_ops", work.alu_ops);
  memory("inp_load", MemoryId::kInp);
  memory("wgt_load", MemoryId::kWgt);
  memory("acc_load", MemoryId::kAcc);
  memory("uop_load", MemoryId::kUop);
  memory("out_store", MemoryId::kOut);
}

void AddBounds(const ProgramOutline& outline, const Timing& timing, const CostModel& costs,
               Metrics& metrics) {
  const ProgramBound bound = BoundProgram(outline, costs);
  const double host_s = timing.HostSeconds(outline.instructions(), outline.program.uops.size());
  const auto seconds = [&](std::int64_t cycles) { return timing.DeviceSeconds(cycles) + host_s; };
  metrics["load_cycles"] = static_cast<double>(bound.of(Unit::kLoad));
  metrics["compute_cycles"] = static_cast<double>(bound.of(Unit::kCompute));
  metrics["store_cycles"] = static_cast<double>(bound.of(Unit::kStore));
  metrics[kLowerBoundMetric] = seconds(bound.lower);
  metrics[kEstimateMetric] = seconds(bound.estimate);
  metrics[kSerialMetric] = seconds(bound.serial());
}

}  // namespace

const DeviceProgram* VtaProgram::device_program() const {
  if (outline() == nullptr) return nullptr;
  if (outline()->written_out()) return &outline()->program;
  std::call_once(once_, [this] { written_out_ = write_out_(); });
  return &written_out_;
}

/// Gives a bench back when it goes out of scope.
class VtaTask::Loan {
 public:
  explicit Loan(const VtaTask& task) : task_(task), bench_(task.Borrow()) {}
  ~Loan() { task_.Return(std::move(bench_)); }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  Bench* operator->() const { return bench_.get(); }

 private:
  const VtaTask& task_;
  std::unique_ptr<Bench> bench_;
};

Result<std::unique_ptr<TargetTask>> VtaTask::Create(const VtaMachine& machine,
                                                    const Workload& workload) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(machine.geometry));
  FOOTHOLD_RETURN_IF_ERROR(Validate(machine.timing));
  if (workload.type != ElementType::kInt8) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be int8: VTA multiplies nothing else", workload.name,
                    ToString(workload.type)));
  }
  if (machine.semantics == Semantics::kChisel && machine.geometry.log_batch != 0) {
    return Status::InvalidArgument(fmt::format(
        "{}: LOG_BATCH is {}, must be 0: the Chisel RTL's ALU computes one row of a batch",
        machine.name, machine.geometry.log_batch));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const BlockedShape shape,
                            machine.schedules->Shape(workload, machine.geometry));
  FOOTHOLD_RETURN_IF_ERROR(CheckAddresses(workload, shape, machine.geometry));
  FOOTHOLD_ASSIGN_OR_RETURN(Space space, machine.schedules->MakeSpace(workload, machine.geometry));
  return std::unique_ptr<TargetTask>(new VtaTask(machine, workload, shape, std::move(space)));
}

VtaTask::VtaTask(const VtaMachine& machine, const Workload& workload, const BlockedShape& shape,
                 Space space)
    : machine_(machine),
      workload_(workload),
      shape_(shape),
      layout_(LayOut(shape, machine.geometry)),
      space_(std::move(space)),
      traits_(TraitsOf(machine, workload)),
      costs_(machine.geometry, machine.timing) {}

const VtaTask::Reference& VtaTask::reference() const {
  std::call_once(reference_once_, [this] {
    const Tensors tensors = RandomTensors(workload_, kTensorSeed);
    reference_.tensors = Pack(workload_, shape_, machine_.geometry, tensors);
    reference_.output =
        PackOutput(workload_, machine_.geometry, ReferenceOutput(workload_, tensors), tensors.bias);
  });
  return reference_;
}

std::unique_ptr<VtaTask::Bench> VtaTask::Borrow() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Bench> bench = std::move(idle_.back());
      idle_.pop_back();
      return bench;
    }
  }
  auto bench = std::make_unique<Bench>(Bench{Simulator(machine_.geometry, machine_.timing), {}});
  bench->output.resize(
      static_cast<std::size_t>(shape_.OutputElements() * machine_.geometry.out_elem_bytes()));
  return bench;
}

void VtaTask::Return(std::unique_ptr<Bench> bench) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(bench));
}

std::vector<Constraint> VtaTask::KnownConstraints() const {
  return machine_.schedules->KnownConstraints(workload_, machine_.geometry);
}

BuildResult VtaTask::Build(const Config& config) const {
  const std::vector<std::int64_t> values = space_.Values(config);
  OutlinedSchedule compiled = machine_.schedules->Outline(workload_, machine_.geometry, layout_,
                                                          values, costs_.AddressPeriod());
  const auto* rejection = std::get_if<Rejection>(&compiled.code);
  if (rejection != nullptr && rejection->phase != Phase::kJit)
    return {nullptr, FailureOf(*rejection)};
  Metrics metrics;
  AddOccupancy(compiled.use, machine_.geometry, metrics);
  if (rejection == nullptr) {
    const auto& outline = std::get<ProgramOutline>(compiled.code);
    AddWork(outline, machine_.geometry, metrics);
    AddBounds(outline, machine_.timing, costs_, metrics);
  }
  const auto write_out = [this, values] {
    return std::get<DeviceProgram>(
        machine_.schedules->Compile(workload_, machine_.geometry, layout_, values).code);
  };
  return {std::make_unique<VtaProgram>(std::move(compiled.code), std::move(metrics), write_out),
          {}};
}

RunResult VtaTask::Run(const Program& program, const RunOptions& options) const {
  const auto& vta_program = static_cast<const VtaProgram&>(program);
  const ProgramOutline* outline = vta_program.outline();
  if (outline == nullptr) return {FailureOf(vta_program.jit_rejection())};

  SimulationOptions simulation;
  simulation.breakdown = false;
  simulation.data = options.verify;
  simulation.semantics = machine_.semantics;
  const double device_seconds =
      std::max(0.0, options.timeout_s - machine_.timing.HostSeconds(outline->instructions(),
                                                                    outline->program.uops.size()));
  simulation.max_cycles =
      static_cast<std::int64_t>(device_seconds * machine_.timing.clock_mhz * 1e6);

  const Loan bench(*this);
  SimulationResult run;
  if (options.verify) {
    // A program that stores too little must not pass on the output of the one before.
    std::fill(bench->output.begin(), bench->output.end(), std::byte{0x55});
    const PackedTensors& in = reference().tensors;
    run = bench->simulator.Run(*vta_program.device_program(),
                               {in.input, in.weight, in.bias, bench->output}, simulation);
  } else {
    run = bench->simulator.RunTiming(*outline, simulation);
  }
  if (!run.finished()) return {FailureOf(run)};
  if (options.verify && bench->output != reference().output) return {CompareOutput(bench->output)};
  RunResult result;
  result.seconds = {run.seconds};
  result.metrics["cycles"] = static_cast<double>(run.cycles);
  return result;
}

ProgramFiles VtaTask::MakeProgramFiles(const DeviceProgram& program) const {
  ProgramFiles files;
  files.program = program;
  files.listed = AddressesOf(program);
  files.input = reference().tensors.input;
  files.weight = reference().tensors.weight;
  files.accumulator = reference().tensors.bias;
  files.out_initial.resize(reference().output.size());
  files.expected_out = reference().output;
  return files;
}

SimulationResult VtaTask::Time(const DeviceProgram& program,
                               const SimulationOptions& options) const {
  return Loan(*this)->simulator.RunTiming(program, options);
}

Failure VtaTask::CompareOutput(const std::vector<std::byte>& output) const {
  const std::vector<std::byte>& expected = reference().output;
  std::int64_t first = -1, wrong = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (output[i] == expected[i]) continue;
    if (first < 0) first = static_cast<std::int64_t>(i);
    ++wrong;
  }
  FOOTHOLD_CHECK(first >= 0);
  const auto at = static_cast<std::size_t>(first);
  const std::int64_t index = UnpackedOutputIndex(workload_, machine_.geometry, first);
  const std::string where = index < 0 ? "in a block that is filled up" : std::to_string(index);
  return {Outcome::kCorrectness, "verify",
          fmt::format("output {} is {}, must be {}; {} of {} values differ", where,
                      static_cast<std::int8_t>(output[at]), static_cast<std::int8_t>(expected[at]),
                      base::WithThousands(wrong),
                      base::WithThousands(static_cast<std::int64_t>(expected.size())))};
}

Result<Dependencies> VtaTask::DependsOn(Env&) const {
  return Dependencies{
      {"Foothold's VTA compiler and simulator", kSourceDigest},
      {"machine geometry", GeometryText(machine_)},
      {"machine timing", base::ContentHash(ToJson(machine_.timing))},
  };
}

Explanation VtaTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  const BuildResult build = Build(config);
  if (!build.ok()) {
    e.failure = build.failure;
    return e;
  }
  const RunResult run = Run(*build.program, {});
  if (run.outcome() != Outcome::kCorrect) {
    e.failure = run.failure;
    return e;
  }
  const DeviceProgram& program = *static_cast<const VtaProgram&>(*build.program).device_program();
  TimeShares shares(machine_.geometry);
  SimulationOptions options;
  options.listener = &shares;
  const SimulationResult timed = Time(program, options);
  SetSeconds(*this, timed.seconds, e);
  e.host_seconds = machine_.timing.HostSeconds(program.instructions.size(), program.uops.size());
  ExplainTime(timed, shares, e);
  e.metrics = build.program->metrics();
  e.notes = {ScratchpadNote(e.metrics)};
  return e;
}

}  // namespace foothold::vta

#include "targets/vta/simulator/simulator.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/datapath.h"
#include "targets/vta/simulator/effects.h"
#include "targets/vta/simulator/engine.h"
#include "targets/vta/simulator/instruction_text.h"
#include "targets/vta/simulator/token_order.h"

namespace foothold::vta {
namespace {

/// Adds up where each unit's cycles go.
void Account(const InstructionEvent& event, Breakdown* breakdown) {
  UnitCycles& unit = breakdown->units[static_cast<std::size_t>(event.unit)];
  ++unit.instructions;
  std::int64_t now = event.idle_from;
  const auto wait_until = [&now](std::int64_t time) {
    const std::int64_t waited = std::max<std::int64_t>(0, time - now);
    now += waited;
    return waited;
  };
  unit.wait_fetch += wait_until(event.arrival);
  unit.wait_prev += wait_until(event.token_prev);
  unit.wait_next += wait_until(event.token_next);
  unit.busy += event.end - event.start;
  unit.port_delay += event.port_delay;
  unit.last_end = event.end;
}

/// Cycles only, as fast as can be.
struct NoSink {
  static constexpr bool kWantsEvents = false;
};

/// Cycles, and where they go.
struct AccountingSink {
  static constexpr bool kWantsEvents = true;
  static bool OnStart(const InstructionEvent&) { return true; }
  void OnEnd(const InstructionEvent& event) {
    Account(event, breakdown);
    if (listener != nullptr) listener->OnInstruction(event);
  }
  Breakdown* breakdown;
  SimulationListener* listener;
};

/// Cycles and effects.
struct EffectsSink {
  static constexpr bool kWantsEvents = true;
  bool OnStart(const InstructionEvent& event) { return effects->Start(event); }
  void OnEnd(const InstructionEvent& event) {
    effects->SetEnd(event.unit, event.end);
    if (breakdown != nullptr) Account(event, breakdown);
    if (listener != nullptr) listener->OnInstruction(event);
  }
  Effects* effects;
  Breakdown* breakdown;  // may be null
  SimulationListener* listener;
};

constexpr const char* kNoFinishMessage =
    "the program has no FINISH: the device would never report that it is done";

/// What is left when FINISH has run.
struct Leftovers {
  std::array<std::size_t, kTokenQueues> tokens{};
  std::string stuck;
  std::size_t after_finish = 0;
};

void Warn(const Leftovers& leftovers, SimulationResult* result) {
  for (std::size_t q = 0; q < leftovers.tokens.size(); ++q)
    if (leftovers.tokens[q] > 0)
      result->warnings.push_back(fmt::format("{} token(s) left over in the {} queue",
                                             leftovers.tokens[q],
                                             ToString(static_cast<TokenQueue>(q))));
  if (!leftovers.stuck.empty())
    result->warnings.push_back("never ran, although FINISH did: " + leftovers.stuck);
  if (leftovers.after_finish > 0)
    result->warnings.push_back(
        fmt::format("{} instruction(s) after FINISH were not executed", leftovers.after_finish));
}

}  // namespace

struct Simulator::State {
  State(const Geometry& g, const Timing& t, GemmKernelKind kernel)
      : geometry(g), timing(t), costs(g, t), engine(costs, timing), kernel_kind(kernel) {}

  // Constant after construction.
  Geometry geometry;
  Timing timing;
  CostModel costs;
  Engine engine;
  GemmKernelKind kernel_kind;
  std::unique_ptr<Datapath> datapath;  // made by the first run with data

  SimulationResult Run(const DeviceProgram& program, const Dram& dram,
                       const SimulationOptions& options);
  SimulationResult RunOutline(const ProgramOutline& outline, const SimulationOptions& options);
  EngineEnd RunTimed(const DeviceProgram& program, const SimulationOptions& options,
                     SimulationResult* result);
  /// `outline`: null for a program that is written out.
  EngineEnd RunWithoutData(const DeviceProgram& program, const ProgramOutline* outline,
                           const SimulationOptions& options, SimulationResult* result);
  /// Of the run that has just ended.
  double SecondsOf(const DeviceProgram& program, std::int64_t cycles) const {
    return timing.HostSeconds(engine.instructions(), program.uops.size()) +
           timing.DeviceSeconds(cycles);
  }
  void RunUntimed(const DeviceProgram& program, SimulationResult* result);
  static void Refuse(const DeviceProgram& program, std::size_t index, SimulationResult* result);
  static bool RefuseUndecodable(const DeviceProgram& program, SimulationResult* result);
  void AddEngineAccount(Breakdown* breakdown) const;
  void Conclude(EngineEnd end, const DeviceProgram& program, const SimulationOptions& options,
                SimulationResult* result) const;
  void WarnOfLeftovers(const DeviceProgram& program, SimulationResult* result) const;
};

std::string_view ToString(SimulationOutcome outcome) {
  constexpr std::string_view kNames[] = {"finished",     "deadlock",        "timeout",
                                         "out_of_range", "bad_instruction", "no_finish"};
  return kNames[static_cast<int>(outcome)];
}

SimulationResult Simulator::State::Run(const DeviceProgram& program, const Dram& dram,
                                       const SimulationOptions& options) {
  SimulationResult result;
  if (options.breakdown) result.work = CountWork(geometry, program.instructions);
  if (options.data) {
    if (datapath == nullptr) datapath = std::make_unique<Datapath>(geometry, kernel_kind);
    datapath->Begin(program, dram,
                    {options.semantics, options.poison.value_or(0), options.keep_out_scratchpad});
    if (options.semantics == Semantics::kChisel && RefuseUndecodable(program, &result))
      return result;
  }
  if (options.timing) {
    Conclude(RunTimed(program, options, &result), program, options, &result);
    result.seconds = SecondsOf(program, result.cycles);
  } else if (options.data) {
    RunUntimed(program, &result);
  }
  return result;
}

SimulationResult Simulator::State::RunOutline(const ProgramOutline& outline,
                                              const SimulationOptions& options) {
  SimulationResult result;
  if (options.breakdown) result.work = CountWork(geometry, outline);
  Conclude(RunWithoutData(outline.program, &outline, options, &result), outline.program, options,
           &result);
  result.seconds = SecondsOf(outline.program, result.cycles);
  return result;
}

EngineEnd Simulator::State::RunTimed(const DeviceProgram& program, const SimulationOptions& options,
                                     SimulationResult* result) {
  if (!options.data) return RunWithoutData(program, nullptr, options, result);
  Effects effects(datapath.get());
  EffectsSink sink{&effects, options.breakdown ? &result->breakdown : nullptr, options.listener};
  const EngineEnd end = engine.Run(program.instructions, nullptr, options.max_cycles, sink);
  if (end == EngineEnd::kDrained || end == EngineEnd::kDeadlock) effects.Finish();
  effects.Report(result);
  return end;
}

EngineEnd Simulator::State::RunWithoutData(const DeviceProgram& program,
                                           const ProgramOutline* outline,
                                           const SimulationOptions& options,
                                           SimulationResult* result) {
  // The one choice between the fast and the curious: nothing below asks again.
  if (options.breakdown || options.listener != nullptr) {
    AccountingSink sink{&result->breakdown, options.listener};
    return engine.Run(program.instructions, outline, options.max_cycles, sink);
  }
  NoSink sink;
  return engine.Run(program.instructions, outline, options.max_cycles, sink);
}

void Simulator::State::RunUntimed(const DeviceProgram& program, SimulationResult* result) {
  for (std::size_t i = 0; i < program.instructions.size(); ++i)
    if (!IsDefined(program.instructions[i])) return Refuse(program, i, result);
  const TokenOrderEnd end = RunInTokenOrder(
      program.instructions, [&](std::uint32_t index, const Instruction& instruction) {
        Footprint footprint;
        if (!datapath->Check(instruction, &footprint)) {
          result->outcome = SimulationOutcome::kOutOfRange;
          result->instruction = index;
          result->message = fmt::format("instruction {} ({}): {}", index, Describe(instruction),
                                        datapath->error());
          return false;
        }
        datapath->Execute(instruction);
        return true;
      });
  if (!result->finished()) return;
  if (end.finished) {
    Leftovers leftovers;
    for (std::size_t q = 0; q < end.tokens.size(); ++q)
      leftovers.tokens[q] = static_cast<std::size_t>(end.tokens[q]);
    leftovers.stuck = end.stuck;
    leftovers.after_finish = program.instructions.size() - end.program_end;
    Warn(leftovers, result);
  } else if (!end.stuck.empty()) {
    result->outcome = SimulationOutcome::kDeadlock;
    result->instruction = end.first_stuck;
    result->message = "deadlock: " + end.stuck;
  } else {
    result->outcome = SimulationOutcome::kNoFinish;
    result->message = kNoFinishMessage;
  }
}

void Simulator::State::Refuse(const DeviceProgram& program, std::size_t index,
                              SimulationResult* result) {
  result->outcome = SimulationOutcome::kBadInstruction;
  result->instruction = static_cast<std::int64_t>(index);
  result->message = fmt::format("instruction {} ({}): the machine has no such operation", index,
                                Describe(program.instructions[index]));
}

/// What the Chisel RTL stops at, hangs on or does not finish in any useful time
/// (docs/reference/vta-and-autotvm.md#where-engines-differ).
std::string_view ChiselProblem(const Instruction& i) {
  const bool loop = i.opcode == Opcode::kGemm || i.opcode == Opcode::kAlu;
  if (i.opcode == Opcode::kAlu && i.alu_opcode == AluOpcode::kMul)
    return "the Chisel RTL does not decode MUL";
  if (i.opcode == Opcode::kLoad && i.memory == MemoryId::kAcc8 && i.x_size != 0)
    return "the Chisel RTL does not decode a load of 8-bit accumulators";
  if (loop && (i.iter_out == 0 || i.iter_in == 0 || i.uop_begin >= i.uop_end))
    return "a loop bound is 0: the Chisel RTL's counter would wrap and run 2^14 iterations";
  return "";
}

bool Simulator::State::RefuseUndecodable(const DeviceProgram& program, SimulationResult* result) {
  for (std::size_t i = 0; i < program.instructions.size(); ++i) {
    if (program.instructions[i].opcode == Opcode::kFinish) return false;
    const std::string_view problem = ChiselProblem(program.instructions[i]);
    if (problem.empty()) continue;
    Refuse(program, i, result);
    result->message =
        fmt::format("instruction {} ({}): {}", i, Describe(program.instructions[i]), problem);
    return true;
  }
  return false;
}

void Simulator::State::AddEngineAccount(Breakdown* breakdown) const {
  UnitCycles& fetch = breakdown->units[static_cast<std::size_t>(Unit::kFetch)];
  fetch.busy = engine.fetch_cycles().busy;
  fetch.port_delay = engine.fetch_cycles().port_delay;
  fetch.wait_queue = engine.fetch_cycles().wait_queue;
  fetch.last_end = engine.fetch_cycles().last_end;
  for (std::size_t u = 0; u < kExecutingUnits; ++u)
    breakdown->units[u].wait_push = engine.wait_push(static_cast<Unit>(u));
}

void Simulator::State::Conclude(EngineEnd end, const DeviceProgram& program,
                                const SimulationOptions& options, SimulationResult* result) const {
  const bool finished = engine.finish_end() != Engine::kNever;
  result->cycles = finished ? engine.finish_end() : std::max(engine.now(), engine.last_end());
  if (options.breakdown) AddEngineAccount(&result->breakdown);
  if (end == EngineEnd::kStopped || end == EngineEnd::kUndefined) {
    result->cycles = engine.now();
    if (end == EngineEnd::kUndefined) Refuse(program, engine.undefined_instruction(), result);
    return;  // a sink that stops has said why
  }
  if (result->cycles > options.max_cycles || (end == EngineEnd::kTimeout && !finished)) {
    result->outcome = SimulationOutcome::kTimeout;
    result->cycles = options.max_cycles;
    result->message = fmt::format("FINISH had not run after {} cycles", options.max_cycles);
  } else if (finished) {
    WarnOfLeftovers(program, result);
  } else if (end == EngineEnd::kDeadlock) {
    result->outcome = SimulationOutcome::kDeadlock;
    result->message = fmt::format("deadlock after {} cycles: ", result->cycles) +
                      engine.DescribeStuck(program.instructions, &result->instruction);
  } else {
    result->outcome = SimulationOutcome::kNoFinish;
    result->message = kNoFinishMessage;
  }
}

void Simulator::State::WarnOfLeftovers(const DeviceProgram& program,
                                       SimulationResult* result) const {
  Leftovers leftovers;
  for (std::size_t q = 0; q < leftovers.tokens.size(); ++q)
    leftovers.tokens[q] = engine.tokens(static_cast<TokenQueue>(q));
  std::int64_t first = -1;
  if (engine.stuck()) leftovers.stuck = engine.DescribeStuck(program.instructions, &first);
  leftovers.after_finish = engine.after_finish();
  Warn(leftovers, result);
  if (engine.lost_tokens() > 0)
    result->warnings.push_back(
        fmt::format("{} token(s) were lost: their queue was full", engine.lost_tokens()));
  if (!engine.stuck() && engine.last_end() > engine.finish_end())
    result->warnings.push_back(fmt::format("the last instruction ended {} cycles after FINISH",
                                           engine.last_end() - engine.finish_end()));
}

Simulator::Simulator(const Geometry& geometry, const Timing& timing)
    : Simulator(geometry, timing, BestGemmKernel(geometry)) {}

Simulator::Simulator(const Geometry& geometry, const Timing& timing, GemmKernelKind kernel) {
  FOOTHOLD_CHECK(Validate(geometry).ok(), "geometry");
  FOOTHOLD_CHECK(Validate(timing).ok(), "timing");
  state_ = std::make_unique<State>(geometry, timing, kernel);
}

Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

SimulationResult Simulator::Run(const DeviceProgram& program, const Dram& dram,
                                const SimulationOptions& options) {
  return state_->Run(program, dram, options);
}

SimulationResult Simulator::RunTiming(const DeviceProgram& program,
                                      const SimulationOptions& options) {
  SimulationOptions timing_only = options;
  timing_only.timing = true;
  timing_only.data = false;
  return state_->Run(program, {}, timing_only);
}

SimulationResult Simulator::RunTiming(const ProgramOutline& outline,
                                      const SimulationOptions& options) {
  return state_->RunOutline(outline, options);
}

std::span<const std::int32_t> Simulator::acc_scratchpad() const {
  return state_->datapath == nullptr ? std::span<const std::int32_t>() : state_->datapath->acc();
}

std::span<const std::int8_t> Simulator::out_scratchpad() const {
  return state_->datapath == nullptr ? std::span<const std::int8_t>() : state_->datapath->out();
}

const Geometry& Simulator::geometry() const { return state_->geometry; }
const Timing& Simulator::timing() const { return state_->timing; }
GemmKernelKind Simulator::gemm_kernel() const { return state_->kernel_kind; }

}  // namespace foothold::vta

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/dram.h"
#include "targets/vta/simulator/gemm_kernel.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/semantics.h"
#include "targets/vta/simulator/timing.h"
#include "targets/vta/simulator/units.h"
#include "targets/vta/simulator/work.h"

namespace foothold::vta {

/// How a simulated run ended.
enum class SimulationOutcome : std::uint8_t {
  kFinished,        ///< FINISH ran
  kDeadlock,        ///< every unit waits, for ever
  kTimeout,         ///< FINISH had not run after max_cycles
  kOutOfRange,      ///< an access outside a scratchpad or outside every DRAM tensor
  kBadInstruction,  ///< one the machine does not define, such as a STORE of weights, or, under
                    ///< Semantics::kChisel, what that RTL does not decode or never ends
  kNoFinish,  ///< all instructions ran and none was FINISH: the device would never report done
};
std::string_view ToString(SimulationOutcome outcome);

struct SimulationOptions {
  bool timing = true;  ///< false: effects only, in an order that the tokens allow; cycles stay 0
  bool data = true;    ///< false: cycles only; no tensor is touched and no address is checked
  /// Fill SimulationResult::work and breakdown. Costs about ten nanoseconds an instruction.
  bool breakdown = true;
  std::int64_t max_cycles = std::numeric_limits<std::int64_t>::max() / 4;
  Semantics semantics = Semantics::kFsim;  ///< what instructions do to data
  /// Keep the hardware's OUT scratchpad (see Simulator::out_scratchpad); otherwise it is not
  /// modelled.
  bool keep_out_scratchpad = false;
  /// Scratchpads hold this byte at the start instead of zero: shows programs that read what they
  /// never wrote.
  std::optional<std::uint8_t> poison;
  SimulationListener* listener = nullptr;  ///< needs timing; not owned
};

/// One unit's share of the cycles up to its last instruction's end. The parts add up: last_end =
/// busy + every stall.
struct UnitCycles {
  std::int64_t instructions = 0;
  std::int64_t busy = 0;  ///< of which port_delay was waiting for the DRAM port
  std::int64_t port_delay = 0;
  std::int64_t wait_fetch = 0;  ///< the command queue was empty
  std::int64_t wait_prev = 0;   ///< for a token popped by pop_prev
  std::int64_t wait_next = 0;   ///< for a token popped by pop_next
  std::int64_t wait_push = 0;   ///< a token queue was full
  std::int64_t wait_queue = 0;  ///< fetch only: a command queue was full
  std::int64_t last_end = 0;
};

/// Where the cycles went, by unit.
struct Breakdown {
  std::array<UnitCycles, kUnits> units;
  const UnitCycles& of(Unit unit) const { return units[static_cast<std::size_t>(unit)]; }
};

struct SimulationResult {
  SimulationOutcome outcome = SimulationOutcome::kFinished;
  std::string message;            ///< one line saying what happened; empty when kFinished
  std::int64_t instruction = -1;  ///< the one that message is about, or -1
  /// What did not stop the run but is wrong with the program: tokens left over, instructions after
  /// FINISH, data races between units. One line each.
  std::vector<std::string> warnings;
  /// From launch to the end of FINISH; at another outcome, to where it stopped.
  std::int64_t cycles = 0;
  double seconds = 0;      ///< host overhead + cycles / clock
  std::int64_t races = 0;  ///< accesses of two units to the same data that no token kept apart
  Work work;               ///< of the whole program up to FINISH, whether or not it got to run
  Breakdown breakdown;

  bool finished() const { return outcome == SimulationOutcome::kFinished; }
};

/// A VTA: load, compute, store and fetch run decoupled, with command queues, dependency tokens,
/// scratchpads and one DRAM port (docs/reference/vta-and-autotvm.md#what-instructions-do,
/// docs/reference/vta-and-autotvm.md#modules-and-queues). What instructions do and when they do it
/// are separate; a run may have either or both.
///
/// Effects follow simulated time. An instruction's effect takes place when it ends. If it starts
/// while an instruction of another unit that touches the same data is still running, because a
/// token is missing, then it takes place at once: a reader sees the old data, a writer destroys
/// what is being read, and the race is reported.
///
/// Reusable: holds the scratchpads and queues, so that a second run allocates nothing.
/// Deterministic. Use one per thread.
class Simulator {
 public:
  /// REQUIRES: Validate(geometry).ok() and Validate(timing).ok().
  Simulator(const Geometry& geometry, const Timing& timing);
  /// With the GEMM kernel named instead of the fastest this machine has.
  /// REQUIRES: Supports(kernel, geometry).
  Simulator(const Geometry& geometry, const Timing& timing, GemmKernelKind kernel);
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  /// Runs a program from launch to FINISH. Scratchpads are zero at the start. Never fails otherwise
  /// than in its result; it never hangs.
  SimulationResult Run(const DeviceProgram& program, const Dram& dram,
                       const SimulationOptions& options = {});
  /// Cycles only: no tensor is needed.
  SimulationResult RunTiming(const DeviceProgram& program, const SimulationOptions& options = {});
  /// The same for a program in outline. Indices in messages are those of what is written.
  SimulationResult RunTiming(const ProgramOutline& outline, const SimulationOptions& options = {});

  /// Scratchpads after the last run with data; element-major, lanes as in
  /// docs/reference/vta-and-autotvm.md#element-sizes. Valid until the next run.
  std::span<const std::int32_t> acc_scratchpad() const;
  /// What the boards' separate OUT scratchpad holds: the low 8 bits of the last result that a GEMM
  /// (not a reset) or ALU instruction wrote at each index, zero elsewhere. STORE reads the
  /// accumulators, not this, unless Semantics::kChisel is asked for (the engines differ; see
  /// docs/reference/vta-and-autotvm.md#where-engines-differ). Empty unless the last run had
  /// keep_out_scratchpad or Semantics::kChisel.
  std::span<const std::int8_t> out_scratchpad() const;

  const Geometry& geometry() const;
  const Timing& timing() const;
  GemmKernelKind gemm_kernel() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace foothold::vta

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {

/// Where the cycles went, a line per unit, in cycles up to the unit's last instruction:
///
///     unit     instr      busy  (port)  fetch   prev   next  push  queue       end
///     load       129    512334    1020     60      0  98211     0      0    610605
///
/// `port` is the part of busy spent waiting for the DRAM port; the columns after it are idle cycles
/// by what they waited for: the instruction itself (fetch), a token popped by pop_prev or pop_next,
/// room in a token queue (push), room in a command queue (queue; only fetch).
std::string CyclesText(const SimulationResult& result);
base::Json CyclesJson(const SimulationResult& result);

/// What was moved and computed: bytes, instructions, rows and zeros per memory; GEMM and ALU
/// operations as fsim counts them.
std::string WorkText(const Work& work);
base::Json WorkJson(const Work& work);

/// How much of the machine was used over the whole run.
struct Utilization {
  double gemm = 0;  ///< GEMM micro-ops per cycle: share of the peak
  double load = 0;  ///< share of the cycles in which the unit was busy
  double compute = 0;
  double store = 0;
  double bytes_per_cycle = 0;  ///< loads and stores
  double gops = 0;             ///< 2 * multiply-accumulates / second, host overhead included
};
/// REQUIRES: a finished run with a breakdown.
Utilization MeasureUtilization(const SimulationResult& result, const Geometry& geometry);
std::string UtilizationText(const Utilization& utilization);
base::Json UtilizationJson(const Utilization& utilization);

/// A listener that keeps the first instructions of a run and draws them:
///
///     #     unit        start       end  waited for       0 .. 1204 cycles
///     3     load           75       432  fetch 75         |  ######            | LOAD INP sram 0
///     ... 5     compute       432       508  load 330         |        ##          | GEMM uop
///     0..14 ...
class Timeline : public SimulationListener {
 public:
  explicit Timeline(std::size_t instructions) : limit_(instructions) {}

  void OnInstruction(const InstructionEvent& event) override;

  /// In the order of their starts.
  std::string Text() const;
  base::Json ToJson() const;

 private:
  struct Row {
    InstructionEvent event;  // its instruction is not kept
    std::string instruction;
  };
  std::size_t limit_;
  std::vector<Row> rows_;
};

}  // namespace foothold::vta

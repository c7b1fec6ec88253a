#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "targets/vta/simulator/datapath.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

struct SimulationResult;

/// Carries out instructions at their simulated times. An effect takes place when its instruction
/// ends. One that starts while an instruction of another unit that touches the same data is still
/// running takes effect at once: so a reader gets the old data, and a writer destroys what the
/// other is still to read. Either is what a missing token does to a real machine, and neither can
/// be missed.
///
/// REQUIRES: instructions start in the order of their start times.
class Effects {
 public:
  explicit Effects(Datapath* datapath) : datapath_(datapath) {}

  /// False when an address is out of range: the run must end.
  bool Start(const InstructionEvent& event);
  /// The end of the unit's instruction, where it was not known at the start.
  void SetEnd(Unit unit, std::int64_t end) { running_[static_cast<std::size_t>(unit)].end = end; }
  /// Ends the instructions that are still running.
  void Finish();
  /// Adds races, and the address that was out of range, to the result.
  void Report(SimulationResult* result) const;

 private:
  struct Running {
    bool active = false;
    bool took_effect = false;
    std::int64_t end = 0;
    std::uint32_t index = 0;
    const Instruction* instruction = nullptr;
    Footprint footprint;
  };

  /// Ends the instructions that end by `time`, in the order of their ends.
  void EndUntil(std::int64_t time);
  bool Races(const Running& starting, Unit unit);

  Datapath* datapath_;
  std::array<Running, kExecutingUnits> running_;
  std::int64_t races_ = 0;
  std::string first_race_;
  std::int64_t fault_ = -1;
  std::string fault_text_;
};

}  // namespace foothold::vta

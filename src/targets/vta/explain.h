#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "foothold/explanation.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {

/// Listens to one run, and says afterwards where its time went: its cycles are cut into equal
/// pieces, and each kind of work of each unit has its busy cycles in each piece. Memory does not
/// grow with the run: when the pieces do not reach its end, each two become one.
class TimeShares : public SimulationListener {
 public:
  static constexpr std::size_t kPieces = 128;  ///< what a chart has room for

  /// REQUIRES: pieces is even and > 0.
  explicit TimeShares(const Geometry& geometry, std::size_t pieces = kPieces)
      : geometry_(geometry), pieces_(pieces) {}

  void OnInstruction(const InstructionEvent& event) override;

  /// By unit, largest first within a unit. Each has as many pieces as the run has, of which the
  /// last one may be there in part.
  std::vector<Explanation::Work> Works() const;
  /// A power of two.
  std::int64_t piece_cycles() const { return piece_cycles_; }

 private:
  void Halve();

  const Geometry geometry_;
  const std::size_t pieces_;
  std::int64_t piece_cycles_ = 1;
  std::int64_t end_ = 0;
  std::map<std::pair<Unit, std::string>, Explanation::Work> works_;  // `busy` in cycles
};

/// Sets cycles, works, units and bounds: those of the run that `shares` listened to.
void ExplainTime(const SimulationResult& timed, const TimeShares& shares, Explanation& explanation);

/// "scratchpads: input 25 %, weight 7 %, accumulator 77 % of capacity", by a program's metrics.
std::string ScratchpadNote(const Metrics& metrics);

}  // namespace foothold::vta

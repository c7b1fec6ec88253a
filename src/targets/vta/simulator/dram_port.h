#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// The one DRAM port that all units share. A transfer alone uses the port for port_cycles of its
/// cycles, so it leaves the rest to others. A transfer that starts while others are under way gets
/// what they leave on average, and no more than it needs, as long as they last; those under way
/// keep their share.
///
/// REQUIRES: calls come in the order of their start times.
class DramPort {
 public:
  explicit DramPort(bool separate_writes) : separate_writes_(separate_writes) {}

  void Reset() { transfers_ = {}; }
  /// Appends what decides about transfers that start from `now` on; times relative to it.
  void WriteState(std::int64_t now, std::vector<std::int64_t>* state) const;
  /// As if all that has happened had happened so much later.
  void Delay(std::int64_t cycles);

  /// When a transfer of `unit` that starts at `start` ends. REQUIRES: cost.port_cycles > 0; the
  /// unit's previous transfer has ended.
  std::int64_t Transfer(Unit unit, std::int64_t start, const Cost& cost) {
    if (separate_writes_ && unit == Unit::kStore) return start + cost.cycles;
    const std::int64_t end = LastEnd() <= start ? start + cost.cycles : Share(start, cost);
    transfers_[static_cast<std::size_t>(unit)] = {start, end, cost.port_cycles};
    return end;
  }

 private:
  struct InFlight {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t port_cycles = 0;
  };

  std::int64_t LastEnd() const {
    return std::max(std::max(transfers_[0].end, transfers_[1].end),
                    std::max(transfers_[2].end, transfers_[3].end));
  }
  std::int64_t Share(std::int64_t start, const Cost& cost) const;

  bool separate_writes_;
  std::array<InFlight, kUnits> transfers_;  // by Unit; under way while end > now
};

}  // namespace foothold::vta

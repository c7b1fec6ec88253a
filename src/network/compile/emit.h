#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "network/compile/layout.h"
#include "network/compile/place.h"
#include "targets/vta/isa/program.h"

namespace foothold::network {

/// Where the instructions of a node stand: [first, last).
struct InstructionSpan {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Writes the instruction stream of a network: its pieces one behind the other, each waiting until
/// all that the one before it stores is in DRAM. Micro-ops that two pieces share are there once.
class StreamWriter {
 public:
  /// All outlive it.
  StreamWriter(const vta::Geometry& geometry, const NetworkLayout& layout, const Storages& storages)
      : geometry_(geometry), layout_(layout), storages_(storages) {}

  /// The pieces of a node.
  InstructionSpan Append(const std::vector<ScheduledPiece>& pieces);
  /// Ends a run; the next piece begins another one. REQUIRES: something was appended to it.
  void EndRun();

  vta::DeviceProgram Take();

 private:
  vta::DeviceProgram Compiled(const ScheduledPiece& scheduled) const;
  std::uint64_t AddressOf(const Operand& operand) const;
  void AddMicroOps(vta::DeviceProgram& program);

  const vta::Geometry& geometry_;
  const NetworkLayout& layout_;
  const Storages& storages_;
  vta::DeviceProgram stream_;
  std::map<std::vector<std::uint64_t>, std::uint32_t> known_uops_;  // where each list begins
  bool run_has_begun_ = false;
};

}  // namespace foothold::network

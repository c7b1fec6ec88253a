#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "foothold/rng.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/dram.h"

namespace foothold::vta {

/// A program with the tensors it works on.
struct TestProgram {
  DeviceProgram program;
  std::vector<std::byte> inp;
  std::vector<std::byte> wgt;
  std::vector<std::byte> acc;
  std::vector<std::byte> out;

  /// Of these tensors; `out` is written.
  Dram dram() { return {inp, wgt, acc, out}; }
};

/// Tensors of random bytes, room for `elements` of each kind, at distinct addresses.
TestProgram RandomTensors(const Geometry& geometry, std::size_t elements, Rng* rng);

/// Instructions of every kind with random loops, pads, sizes and micro-ops, all in range, and a
/// token at every change of unit, so that they run one after the other.
TestProgram RandomSerialProgram(const Geometry& geometry, Rng* rng);

/// Tiles computed alternately in two halves of the scratchpads, with the tokens that TVM's streams
/// have (docs/reference/vta-and-autotvm.md#instruction-stream): load, compute and store overlap.
/// Sizes are random.
TestProgram RandomPipelinedProgram(const Geometry& geometry, Rng* rng);

}  // namespace foothold::vta

#pragma once

#include <cstddef>
#include <span>

namespace foothold::vta {

/// The tensors in DRAM during one run. Each lies at its address in the DeviceProgram (inp_address,
/// ...). An access of a memory type looks in the tensor of that type first, then in any other that
/// contains it whole. Nothing is copied; the spans must outlive the run. The micro-op image is the
/// program's own.
struct Dram {
  std::span<const std::byte> inp;
  std::span<const std::byte> wgt;
  std::span<const std::byte> acc;  ///< little-endian 32-bit lanes
  std::span<std::byte> out;        ///< written by STORE; may be read back by a LOAD
};

}  // namespace foothold::vta

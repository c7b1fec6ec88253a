#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// A complete VTA program: what the driver copies to the device. Positions of tensors are byte
/// addresses in DRAM; each memory type has its own tensor, and an instruction's dram_base counts
/// elements of its memory from address 0.
struct DeviceProgram {
  std::vector<Instruction> instructions;
  std::vector<MicroOp> uops;  ///< the DRAM image that LOAD UOP reads

  std::uint64_t uop_address = 0;
  std::uint64_t inp_address = 0;
  std::uint64_t wgt_address = 0;
  std::uint64_t acc_address = 0;  ///< bias, or initial accumulators
  std::uint64_t out_address = 0;
};

}  // namespace foothold::vta

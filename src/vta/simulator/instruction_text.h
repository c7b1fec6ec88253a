#pragma once

#include <string>

#include "vta/isa/instruction.h"

namespace foothold::vta {

/// One line for messages and timelines: "LOAD INP sram 0 dram 0x100 y 1 x 16 stride 16 push_next".
std::string Describe(const Instruction& instruction);
/// The opcode and what it works on: "LOAD INP", "GEMM reset", "ALU MAX", "FINISH".
std::string Mnemonic(const Instruction& instruction);

}  // namespace foothold::vta

#pragma once

#include <string>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// One line without a line break, read off the ISA table:
///
///     load.inp        sram=0 dram=0x10 y=14 x=14 stride=14 pad=1,1,1,1  pop_next push_next
///     gemm            uop=0:14 loop=14x16 dst=16,1 src=16,1 wgt=0,0  pop_prev
///     alu.max.imm     uop=0:1 loop=1x16 dst=0,1 src=0,1 imm=0
///
/// Pairs are outer,inner; pads are rows before, rows after, elements before, elements after. An
/// enumeration's value without a name is written as a number.
std::string Disassemble(const Instruction& instruction);

/// "dst=0 src=32 wgt=1".
std::string Disassemble(const MicroOp& uop);

}  // namespace foothold::vta

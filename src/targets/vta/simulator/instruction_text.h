#pragma once

#include <string>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// The disassembly without its columns, for messages: "load.inp sram=0 dram=0x100 y=1 ...".
std::string Describe(const Instruction& instruction);

}  // namespace foothold::vta

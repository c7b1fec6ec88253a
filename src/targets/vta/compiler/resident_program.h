#pragma once

#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/kernel_pool.h"
#include "targets/vta/compiler/token_stream.h"
#include "targets/vta/isa/program.h"

// What begins and ends a program whose micro-ops all stay in their memory.
namespace foothold::vta {

/// The program's first instruction. How many micro-ops it loads is set by FinishProgram.
Instruction MicroOpLoad(const DramLayout& dram);

/// Waits for the last store, which is the last of all since stores are in order, ends the program
/// and takes its parts. `uop_load` is where MicroOpLoad's instruction stands.
DeviceProgram FinishProgram(TokenStream& stream, KernelPool& pool, TokenStream::Position uop_load,
                            const DramLayout& dram);

}  // namespace foothold::vta

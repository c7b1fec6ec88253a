#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foothold/target.h"
#include "targets/cpu/nest.h"
#include "targets/cpu/schedule.h"

namespace foothold::cpu {

/// What can be said of a schedule without compiling it: vector registers of a block
/// ("vector_registers"), bytes that its tiles take in the caches ("input_tile_bytes",
/// "weight_tile_bytes", "sum_tile_bytes"), "flop_per_loaded_byte" of a register block, and which
/// part of the multiplications is not for padding channels ("useful_lanes").
Metrics AnalyseSchedule(const Nest& nest, const Schedule& schedule);

/// Bytes of machine code in an ELF file of 64 bits: its executable sections. 0 for anything else.
double CodeBytes(std::string_view file);

/// The schedule in a few lines, for people.
std::vector<std::string> Describe(const Nest& nest, const Schedule& schedule);

}  // namespace foothold::cpu

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vta/isa/program_files.h"
#include "vta/simulator/simulator.h"

namespace foothold::vta {

/// A run of a folder of program files, compared with what the folder expects.
struct ProgramCheck {
  SimulationResult result;
  std::vector<std::byte> out;  ///< the OUT tensor after the run, as long as out.bin
  /// Whether expected_out.bin and expected_out_sram.bin agree; nullopt where the folder has none.
  std::optional<bool> out_matches;
  std::optional<bool> out_scratchpad_matches;
  std::string mismatch;  ///< the first difference, one line; empty when there is none

  /// Finished, and nothing that is expected differs.
  bool ok() const { return result.finished() && mismatch.empty(); }
};

/// Runs the program on its tensors. DRAM is as the tools that write such folders lay it out: each
/// tensor is followed by zeros up to the end of its 4 KiB page, or to the next tensor.
/// keep_out_scratchpad is set. expected_out is compared with the OUT tensor, or with the out
/// scratchpad if the program stores nothing.
ProgramCheck RunProgramFiles(Simulator* simulator, const ProgramFiles& files,
                             const SimulationOptions& options = {});

}  // namespace foothold::vta

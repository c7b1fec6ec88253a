#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "targets/vta/isa/program_files.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/simulator.h"
#include "targets/vta/vta_target.h"

namespace foothold::cli {

/// What a program left in one memory, beside what was expected there.
struct MemoryComparison {
  std::string file;                ///< "expected_out.bin"
  std::size_t expected_bytes = 0;  ///< compared from the memory's start
  std::size_t actual_bytes = 0;    ///< less than expected: the rest counts as different
  std::size_t different_bytes = 0;
  std::size_t first_difference = 0;  ///< meaningful unless equal()

  bool equal() const { return different_bytes == 0; }
};

/// A raw program, run from launch to FINISH.
struct ProgramRun {
  vta::SimulationResult result;
  std::vector<std::byte> output;              ///< DRAM at out_address after the run
  std::vector<MemoryComparison> comparisons;  ///< empty when nothing was expected or not finished

  /// It finished and left what was expected.
  bool ok() const;
};

/// Runs the files' program with their tensors in DRAM. Each tensor is followed by zeros to the end
/// of its last 4 KiB page, because the tools that write such files give each tensor whole pages,
/// and their programs read beyond the end of a short file. Data follow the machine's semantics.
/// `listener` may be null.
ProgramRun RunProgram(const vta::ProgramFiles& files, const vta::VtaMachine& machine,
                      vta::SimulationListener* listener);

}  // namespace foothold::cli

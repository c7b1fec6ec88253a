#pragma once

#include <string>

namespace foothold::vta {

/// The step of the tool chain that refuses a schedule
/// (docs/reference/vta-and-autotvm.md#rejected-configs).
enum class Phase {
  kLower,   ///< while the schedule is turned into device calls: it does not compile
  kJit,     ///< while the calls are turned into instructions on the board's host: it fails when run
  kEncode,  ///< an instruction field is too narrow; TVM cuts the value off silently
            ///< (docs/reference/vta-and-autotvm.md#silent-truncation), we refuse
};

/// Why a schedule cannot become a program. Data about a candidate, not an error of ours.
struct Rejection {
  Phase phase = Phase::kLower;
  std::string stage;  ///< "lower.capacity", "lower.dma", "jit.hazard", ...:
                      ///< docs/targets/vta-validity.md lists them
  /// One line with the numbers: "input scratchpad: needs 52,480 B of 32,768 B".
  std::string reason;
};

}  // namespace foothold::vta

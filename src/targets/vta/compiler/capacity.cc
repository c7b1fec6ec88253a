#include "targets/vta/compiler/capacity.h"

#include <fmt/core.h>

#include <cstdint>
#include <string>

#include "base/text.h"

namespace foothold::vta {
namespace {

struct Scratchpad {
  const char* name;
  std::int64_t needed;  // elements
  std::int64_t depth;   // elements
  std::int64_t element_bytes;
};

std::optional<Rejection> Check(const Scratchpad& pad, const std::string& detail) {
  if (pad.needed <= pad.depth) return std::nullopt;
  return Rejection{Phase::kLower, "lower.capacity",
                   fmt::format("{} scratchpad: needs {} B of {} B{}", pad.name,
                               base::WithThousands(pad.needed * pad.element_bytes),
                               base::WithThousands(pad.depth * pad.element_bytes), detail)};
}

}  // namespace

std::optional<Rejection> CheckSingleBuffers(const LoweredProgram& program,
                                            const Geometry& geometry) {
  for (const Scratchpad& pad :
       {Scratchpad{"input", program.inp_elements, geometry.inp_depth(), geometry.inp_elem_bytes()},
        Scratchpad{"weight", program.wgt_elements, geometry.wgt_depth(), geometry.wgt_elem_bytes()},
        Scratchpad{"accumulator", program.acc_elements, geometry.acc_depth(),
                   geometry.acc_elem_bytes()}}) {
    if (auto rejection = Check(pad, "")) return rejection;
  }
  return std::nullopt;
}

std::optional<Rejection> CheckThreadedBuffers(const LoweredProgram& program,
                                              const Geometry& geometry) {
  const std::int64_t threads = program.thread.extent;
  const std::string detail = threads > 1 ? fmt::format(" ({} virtual threads)", threads) : "";
  const std::int64_t acc = (program.acc_elements + program.bias_elements) * threads;
  for (const Scratchpad& pad :
       {Scratchpad{"input", program.inp_elements * threads, geometry.inp_depth(),
                   geometry.inp_elem_bytes()},
        Scratchpad{"weight", program.wgt_elements * threads, geometry.wgt_depth(),
                   geometry.wgt_elem_bytes()},
        Scratchpad{"accumulator", acc, geometry.acc_depth(), geometry.acc_elem_bytes()}}) {
    if (auto rejection = Check(pad, detail)) return rejection;
  }
  if (program.two_thread_axes && program.bias_elements > 0) {
    return Rejection{
        Phase::kLower, "lower.alu",
        "the bias add is not in place under two thread axes: oc_nthread and h_nthread are both 2"};
  }
  return std::nullopt;
}

}  // namespace foothold::vta

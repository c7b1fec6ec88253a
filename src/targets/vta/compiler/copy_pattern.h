#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "targets/vta/compiler/lowered_program.h"
#include "targets/vta/compiler/rejection.h"

namespace foothold::vta {

/// One loop of a copy between DRAM and a scratchpad, outside the loops over a single element. The
/// scratchpad side is dense; `stride` is the distance in DRAM in elements. `axis` says which image
/// coordinate the loop walks if that coordinate is padded.
struct CopyLoop {
  std::int64_t extent = 1;
  std::int64_t stride = 1;
  ImageAxis axis = ImageAxis::kNone;
};

/// Finds the 2-D transfer that performs a copy nest, or says why there is none: TVM's DMA matching
/// (docs/reference/vta-and-autotvm.md#copy-patterns) as a rule rather than a list of cases. `what`
/// names the tensor in reasons ("input", "output").
///
/// Loops of extent 1 are dropped. Without padding, neighbouring loops whose strides chain merge,
/// and at most two dimensions may remain, the inner one contiguous. With padding nothing merges,
/// and the padded loops must be the transfer's own rows and columns. `element_dims` is the number
/// of loops inside one element (1, or 2 for BATCH > 1): it counts in TVM's limit on padded copies.
std::variant<DmaShape, Rejection> MatchCopy(std::span<const CopyLoop> loops, int element_dims,
                                            const std::string& what);

}  // namespace foothold::vta

#pragma once

#include <vector>

#include "foothold/workload.h"
#include "targets/vta/compiler/lowered_program.h"

namespace foothold::vta {

/// The element-wise passes that turn accumulators into outputs, in Requantize's order, over a tile
/// with the given loops (outermost first; `dst` steps the accumulator, `src` the bias).
/// Neighbouring loops that chain in both indices become one, as TVM's InjectALUIntrin flattens them
/// (docs/reference/vta-and-autotvm.md#copy-patterns).
std::vector<AluPass> RequantizePasses(const Requantize& requantize,
                                      const std::vector<ComputeLoop>& tile);

}  // namespace foothold::vta

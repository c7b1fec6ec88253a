#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/space.h"
#include "foothold/workload.h"
#include "formats/autotvm/autotvm_log.h"

namespace foothold::formats {

/// The tensor unit that a VTA task is packed for.
struct VtaPacking {
  std::int64_t batch = 1;
  std::int64_t block_in = 16;
  std::int64_t block_out = 16;

  friend bool operator==(const VtaPacking&, const VtaPacking&) = default;
};

/// The packing in the model of an AutoTVM target: 1 x 16 for "... -model=pynq_1x16_i8w8a32_...".
Result<VtaPacking> PackingOf(std::string_view autotvm_target);

/// The knobs of AutoTVM's task for `workload` (docs/reference/vta-and-autotvm.md#knobs): tile sizes
/// of the inner loops, and numbers of virtual threads, in the order that makes AutoTVM's config
/// index. InvalidArgument when a size is no multiple of the packing.
Result<std::vector<Parameter>> AutotvmParameters(const Workload& workload,
                                                 const VtaPacking& packing);

/// A VTA task of AutoTVM: what it computes, and how its tensors are packed
/// (docs/reference/vta-and-autotvm.md#tensor-layouts).
struct AutotvmTask {
  Workload workload;
  VtaPacking packing;
};

/// "conv2d_packed.vta", "group_conv2d_packed.vta", "conv2d_transpose_packed.vta" or
/// "dense_packed.vta". REQUIRES: not a Kernel, as the next.
std::string_view TaskName(const Operator& op);
bool IsVtaTask(std::string_view task);

/// The task's arguments as AutoTVM serialises them
/// (docs/reference/vta-and-autotvm.md#task-arguments). REQUIRES: the sizes are multiples of the
/// packing.
base::Json TaskArguments(const AutotvmTask& task);

/// The inverse, with the record's target; the workload's name is its inline form. Errors name the
/// field. REQUIRES: IsVtaTask(record.task).
Result<AutotvmTask> ReadTask(const AutotvmRecord& record);

}  // namespace foothold::formats

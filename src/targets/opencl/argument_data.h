#pragma once

#include <cstdint>
#include <string>

#include "foothold/env.h"
#include "foothold/workload.h"
#include "targets/opencl/kernel_file.h"
#include "targets/opencl/names.h"

namespace foothold::opencl {

/// The bytes of `count` elements of the argument's type, as `fill` says. Random numbers are a
/// function of seed, type and count: of floating types uniform in [0, FillValue), of whole ones in
/// [0, FillValue]. Errors name file, line and field.
Result<std::string> MakeBytes(Env& env, const Argument& argument, const Fill& fill,
                              std::int64_t count, const Names& names);

/// The bytes of the workload's tensor; of a bias that it does not have, zeros. The inputs are those
/// of the other targets, and the output is ReferenceOutput's.
std::string TensorBytes(const Workload& workload, Tensor tensor);
/// Their number, without making them.
std::int64_t TensorByteCount(const Workload& workload, Tensor tensor);

}  // namespace foothold::opencl

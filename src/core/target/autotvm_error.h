#pragma once

#include "foothold/target.h"

namespace foothold {

/// The error number under which AutoTVM's log knows an outcome that brings none of its own
/// (docs/reference/vta-and-autotvm.md#error-numbers); 0 for kCorrect.
int AutotvmError(Outcome outcome);

}  // namespace foothold

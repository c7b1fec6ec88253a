#pragma once

#include "foothold/process.h"
#include "foothold/status.h"

namespace foothold::process {

/// What Env::RunProcess of the real Env does; the contract is there.
Result<ProcessResult> RunPosixProcess(const ProcessCommand& command, const Cancelled& cancelled);

}  // namespace foothold::process

#pragma once

#include <string>
#include <vector>

#include "cli/doctor/judge.h"
#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::cli {

/// What will not work with the fleet at `address`, and how to fix it: whether it answers, what its
/// server keeps, its clock, its workers and their versions. InvalidArgument when that is no
/// address.
Result<std::vector<doctor::Finding>> ExamineFleet(const std::string& address, Env& env);

}  // namespace foothold::cli

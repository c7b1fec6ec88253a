#pragma once

#include <map>
#include <string>

#include "foothold/env.h"

namespace foothold::tune {

/// What this process runs on, for the header of a run: "host", "cpu", "cores", "load", "governor",
/// "no_turbo", "boost", "kernel", "compiler". Facts the system does not tell are left out.
std::map<std::string, std::string> DescribeMachine(Env& env);

}  // namespace foothold::tune

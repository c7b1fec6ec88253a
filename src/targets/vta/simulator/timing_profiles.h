#pragma once

#include <vector>

#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// The built-in profiles, in alphabetical order of their names, with the source of every figure.
const std::vector<Timing>& TimingProfiles();

}  // namespace foothold::vta

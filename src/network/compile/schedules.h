#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "targets/vta/compiler/extended_compiler.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/vta_target.h"

namespace foothold::network {

/// "h 7, w 14, co 2, ci 4, threads 2x1, ..."
std::string ToString(const vta::ExtendedSchedule& schedule);

/// Schedules that are worth a look, the most promising first: those whose tiles fit, ordered by a
/// rough count of what they compute and move. Deterministic.
std::vector<vta::ExtendedSchedule> CandidateSchedules(const vta::Layer& layer,
                                                      const vta::Geometry& geometry,
                                                      std::size_t most);

/// The schedule of a layer that is fastest on the simulated machine, of a few candidates; or why
/// there is none.
std::variant<vta::ExtendedSchedule, vta::Rejection> ChooseSchedule(const vta::Layer& layer,
                                                                   const vta::VtaMachine& machine);

}  // namespace foothold::network

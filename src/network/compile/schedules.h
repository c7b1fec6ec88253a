#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "foothold/workload.h"
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

/// The cycles of a layer alone on the simulated machine; or why the schedule is none of its.
std::variant<std::int64_t, vta::Rejection> CyclesOf(const vta::Layer& layer,
                                                    const vta::VtaMachine& machine,
                                                    const vta::ExtendedSchedule& schedule);

/// The schedule of a layer that is fastest on the simulated machine, of a few candidates; or why
/// there is none.
std::variant<vta::ExtendedSchedule, vta::Rejection> ChooseSchedule(const vta::Layer& layer,
                                                                   const vta::VtaMachine& machine);

/// Seconds of a layer alone with ChooseSchedule's schedule; nullopt when there is none, or the
/// workload is no layer of the VTA.
std::optional<double> DefaultSeconds(const Workload& workload, const vta::VtaMachine& machine);

}  // namespace foothold::network

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "targets/vta/compiler/schedule_template.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/simulator/semantics.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// A VTA to tune for: its geometry, its timing, and the schedule template that spans the space.
struct VtaMachine {
  std::string name;  ///< "pynq", "pynq:extended"
  Geometry geometry;
  Timing timing;
  const ScheduleTemplate* schedules = &TvmTemplate();  ///< never null
  std::string board = "pynq";                          ///< TARGET of its vta_config.json
  Semantics semantics = Semantics::kFsim;              ///< what its RTL does to data
};

/// The built-in machines by name, in alphabetical order: one for each timing profile with the
/// boards' default geometry, and "pynq-4x8", TopHub's other geometry
/// (docs/reference/vta-and-autotvm.md#configuration-fields).
std::vector<std::string> BuiltinMachines();

/// A built-in machine, or the path of a `vta_config.json`, whose TARGET names the timing profile
/// ("sim" and the other software targets take pynq's, as in TVM); either with a template's suffix,
/// as in "pynq:extended", or without one for TVM's template. NotFound with the known names
/// otherwise.
Result<VtaMachine> FindMachine(Env& env, const std::string& name_or_path);

/// The machine as a board file, which FindMachine reads back; without the template.
std::string BoardJson(const VtaMachine& machine);

/// The target "vta:<machine>": schedules of the machine's template, compiled and run on the
/// simulated machine.
std::unique_ptr<Target> MakeVtaTarget(VtaMachine machine);

}  // namespace foothold::vta

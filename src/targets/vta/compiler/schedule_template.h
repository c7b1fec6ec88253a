#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// How much of each scratchpad a schedule takes, all virtual threads' buffers together, in
/// elements.
struct ScratchpadUse {
  std::int64_t inp = 0;
  std::int64_t wgt = 0;
  std::int64_t acc = 0;
  std::int64_t virtual_threads = 1;
};

/// What compiling a config produces. A rejection in Phase::kJit happens on the board's host: the
/// schedule has compiled by then, and its use of the scratchpads is known.
struct CompiledSchedule {
  std::variant<DeviceProgram, Rejection> code;
  ScratchpadUse use;  ///< meaningful unless `code` is a rejection before the JIT
};

/// The same in outline.
struct OutlinedSchedule {
  std::variant<ProgramOutline, Rejection> code;
  ScratchpadUse use;  ///< as CompiledSchedule's
};

/// A way to schedule workloads on a VTA: which configs there are, and the program that each one
/// stands for. Immutable, thread-safe.
class ScheduleTemplate {
 public:
  virtual ~ScheduleTemplate() = default;

  /// What follows the machine in a target's name: "" for TVM's template, ":extended".
  virtual std::string_view suffix() const = 0;
  /// A few words for `foothold list targets`; "" for TVM's template.
  virtual std::string_view description() const = 0;

  /// The workload in blocks, as the template's programs find it in DRAM. InvalidArgument when VTA
  /// has no such operator.
  virtual Result<BlockedShape> Shape(const Workload& workload, const Geometry& geometry) const = 0;

  /// The configs of a workload. No constraints are declared: validity is found by compiling.
  /// InvalidArgument as Shape.
  virtual Result<Space> MakeSpace(const Workload& workload, const Geometry& geometry) const = 0;

  /// Rules over the space's parameters that a config must meet to become a program, known without
  /// compiling; not all that there are. REQUIRES: MakeSpace succeeds.
  virtual std::vector<Constraint> KnownConstraints(const Workload& workload,
                                                   const Geometry& geometry) const = 0;

  /// `values` are those of the space's parameters, in its order. REQUIRES: MakeSpace succeeds, and
  /// `dram` is LayOut's for Shape().
  virtual CompiledSchedule Compile(const Workload& workload, const Geometry& geometry,
                                   const DramLayout& dram,
                                   std::span<const std::int64_t> values) const = 0;
  /// What Compile makes, for its time alone; addresses that are equal modulo `address_period` bytes
  /// (a power of two) take the same time. By default the whole program. REQUIRES: as Compile.
  virtual OutlinedSchedule Outline(const Workload& workload, const Geometry& geometry,
                                   const DramLayout& dram, std::span<const std::int64_t> values,
                                   std::int64_t address_period) const;
};

/// AutoTVM's stock templates (docs/targets/vta.md).
const ScheduleTemplate& TvmTemplate();
/// Foothold's own, richer space (docs/targets/vta-extended.md).
const ScheduleTemplate& ExtendedTemplate();

/// All templates, TVM's first.
std::span<const ScheduleTemplate* const> ScheduleTemplates();

}  // namespace foothold::vta

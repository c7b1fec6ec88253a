#include "base/check.h"
#include "targets/vta/compiler/extended_compiler.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/schedule_template.h"

namespace foothold::vta {
namespace {

BlockedShape ShapeOf(const Workload& workload, const Geometry& geometry) {
  Result<BlockedShape> shape = BlockShape(workload, geometry);
  FOOTHOLD_CHECK(shape.ok(), shape.status().message());
  return *shape;
}

class Extended : public ScheduleTemplate {
 public:
  std::string_view suffix() const override { return ":extended"; }
  std::string_view description() const override { return "extended schedules"; }

  Result<BlockedShape> Shape(const Workload& workload, const Geometry& geometry) const override {
    return BlockShape(workload, geometry);
  }

  Result<Space> MakeSpace(const Workload& workload, const Geometry& geometry) const override {
    FOOTHOLD_ASSIGN_OR_RETURN(const BlockedShape shape, BlockShape(workload, geometry));
    return Space::Create(ExtendedParameters(shape));
  }

  std::vector<Constraint> KnownConstraints(const Workload& workload,
                                           const Geometry& geometry) const override {
    return ExtendedConstraints(ShapeOf(workload, geometry), workload.requantize.bias, geometry);
  }

  CompiledSchedule Compile(const Workload& workload, const Geometry& geometry,
                           const DramLayout& dram,
                           std::span<const std::int64_t> values) const override {
    const BlockedShape shape = ShapeOf(workload, geometry);
    const ExtendedSchedule schedule = ParseExtendedSchedule(values);
    const ScratchpadPlan plan = PlanScratchpads(shape, workload.requantize.bias, schedule);
    return {CompileExtended({shape, ToEpilogue(workload.requantize)}, geometry, dram, schedule),
            {plan.InpElements(), plan.WgtElements(), plan.AccElements(), schedule.threads()}};
  }
};

}  // namespace

const ScheduleTemplate& ExtendedTemplate() {
  static const Extended extended;
  return extended;
}

}  // namespace foothold::vta

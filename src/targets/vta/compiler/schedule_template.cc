#include "targets/vta/compiler/schedule_template.h"

#include <array>
#include <utility>

#include "targets/vta/compiler/tvm_template.h"

namespace foothold::vta {
namespace {

class Tvm : public ScheduleTemplate {
 public:
  std::string_view suffix() const override { return ""; }
  std::string_view description() const override { return ""; }

  Result<BlockedShape> Shape(const Workload& workload, const Geometry& geometry) const override {
    return TvmTemplateShape(workload, geometry);
  }

  Result<Space> MakeSpace(const Workload& workload, const Geometry& geometry) const override {
    return TvmTemplateSpace(workload, geometry);
  }

  std::vector<Constraint> KnownConstraints(const Workload& workload,
                                           const Geometry& geometry) const override {
    return TvmTemplateConstraints(workload, geometry);
  }

  CompiledSchedule Compile(const Workload& workload, const Geometry& geometry,
                           const DramLayout& dram,
                           std::span<const std::int64_t> values) const override {
    return Lowered<CompiledSchedule>(
        workload, geometry, values,
        [&](const LoweredProgram& program) { return Assemble(program, geometry, dram); });
  }

  OutlinedSchedule Outline(const Workload& workload, const Geometry& geometry,
                           const DramLayout& dram, std::span<const std::int64_t> values,
                           std::int64_t address_period) const override {
    return Lowered<OutlinedSchedule>(
        workload, geometry, values, [&](const LoweredProgram& program) {
          return AssembleOutline(program, geometry, dram, address_period);
        });
  }

 private:
  template <typename Schedule, typename Emit>
  static Schedule Lowered(const Workload& workload, const Geometry& geometry,
                          std::span<const std::int64_t> values, const Emit& emit) {
    auto lowered = LowerTvmTemplate(workload, geometry, values);
    if (auto* rejection = std::get_if<Rejection>(&lowered)) return {std::move(*rejection), {}};
    const auto& program = std::get<LoweredProgram>(lowered);
    const std::int64_t threads = program.thread.extent;
    return {emit(program),
            {program.inp_elements * threads, program.wgt_elements * threads,
             (program.acc_elements + program.bias_elements) * threads, threads}};
  }
};

}  // namespace

OutlinedSchedule ScheduleTemplate::Outline(const Workload& workload, const Geometry& geometry,
                                           const DramLayout& dram,
                                           std::span<const std::int64_t> values,
                                           std::int64_t /*address_period*/) const {
  CompiledSchedule compiled = Compile(workload, geometry, dram, values);
  if (auto* rejection = std::get_if<Rejection>(&compiled.code))
    return {std::move(*rejection), compiled.use};
  return {ProgramOutline::Of(std::get<DeviceProgram>(std::move(compiled.code))), compiled.use};
}

const ScheduleTemplate& TvmTemplate() {
  static const Tvm tvm;
  return tvm;
}

std::span<const ScheduleTemplate* const> ScheduleTemplates() {
  static const std::array<const ScheduleTemplate*, 2> templates = {&TvmTemplate(),
                                                                   &ExtendedTemplate()};
  return templates;
}

}  // namespace foothold::vta

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
    auto lowered = LowerTvmTemplate(workload, geometry, values);
    if (auto* rejection = std::get_if<Rejection>(&lowered)) return {std::move(*rejection), {}};
    const auto& program = std::get<LoweredProgram>(lowered);
    const std::int64_t threads = program.thread.extent;
    return {Assemble(program, geometry, dram),
            {program.inp_elements * threads, program.wgt_elements * threads,
             (program.acc_elements + program.bias_elements) * threads, threads}};
  }
};

}  // namespace

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

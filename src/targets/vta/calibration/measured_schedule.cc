#include "targets/vta/calibration/measured_schedule.h"

#include <utility>

#include "formats/autotvm/autotvm_convert.h"
#include "formats/autotvm/autotvm_log.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/tvm_template.h"

namespace foothold::vta {

Result<std::vector<MeasuredSchedule>> ReadMeasuredSchedules(std::string_view log,
                                                            std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmLog records,
                            formats::ParseAutotvmLog(log, path, formats::BadRecords::kSkip));
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmImport import,
                            formats::FromAutotvm(records, path, formats::BadRecords::kSkip));
  std::vector<MeasuredSchedule> schedules;
  for (const RunLog& run : import.runs) {
    for (const TrialRecord& trial : run.trials) {
      if (trial.measurement.outcome() != Outcome::kCorrect) continue;
      MeasuredSchedule schedule{
          run.header.workload, {}, trial.measurement.MedianSeconds(), trial.wall_clock};
      const std::vector<std::uint32_t>& choices = trial.measurement.config.choices;
      for (std::size_t i = 0; i < choices.size(); ++i) {
        schedule.values.push_back(run.header.parameters[i].values[choices[i]]);
      }
      schedules.push_back(std::move(schedule));
    }
  }
  return schedules;
}

Result<std::optional<vta::DeviceProgram>> CompileSchedule(const vta::VtaMachine& machine,
                                                          const Workload& workload,
                                                          const std::vector<std::int64_t>& values) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::BlockedShape shape,
                            vta::TvmTemplateShape(workload, machine.geometry));
  FOOTHOLD_ASSIGN_OR_RETURN(const Space space, vta::TvmTemplateSpace(workload, machine.geometry));
  FOOTHOLD_RETURN_IF_ERROR(space.FromValues(values).status());
  auto lowered = vta::LowerTvmTemplate(workload, machine.geometry, values);
  std::optional<vta::DeviceProgram> none;
  if (std::holds_alternative<vta::Rejection>(lowered)) return none;
  auto program = vta::Assemble(std::get<vta::LoweredProgram>(lowered), machine.geometry,
                               vta::LayOut(shape, machine.geometry));
  if (std::holds_alternative<vta::Rejection>(program)) return none;
  return std::optional(std::get<vta::DeviceProgram>(std::move(program)));
}

}  // namespace foothold::vta

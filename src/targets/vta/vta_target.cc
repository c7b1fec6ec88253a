#include "targets/vta/vta_target.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/file_limits.h"
#include "base/text.h"
#include "targets/vta/board_file.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

constexpr std::string_view kPynq4x8 = "pynq-4x8";

class VtaTarget : public Target {
 public:
  explicit VtaTarget(VtaMachine machine) : machine_(std::move(machine)) {}

  std::string name() const override { return "vta:" + machine_.name; }

  std::string description() const override {
    const std::string_view schedules = machine_.schedules->description();
    return fmt::format("simulated VTA, {} at {:g} MHz: {}{}{}", machine_.geometry.ModelName(),
                       machine_.timing.clock_mhz, machine_.timing.description,
                       schedules.empty() ? "" : "; ", schedules);
  }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    return VtaTask::Create(machine_, workload);
  }

 private:
  const VtaMachine machine_;
};

Result<VtaMachine> MachineFromFile(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text,
                            env.ReadFile(path, base::kMostDescriptionBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(BoardFile board, ParseBoardFile(text, path));
  VtaMachine machine{fmt::format("{}_{}", board.config.target, board.config.geometry.ModelName()),
                     board.config.geometry, std::move(board.timing)};
  machine.board = board.config.target;
  machine.semantics = board.semantics;
  return machine;
}

/// The hardware alone, without a template's suffix.
Result<VtaMachine> FindHardware(Env& env, const std::string& name_or_path) {
  if (name_or_path.ends_with(".json")) return MachineFromFile(env, name_or_path);
  if (name_or_path == kPynq4x8) {
    FOOTHOLD_ASSIGN_OR_RETURN(Timing timing, FindTiming("pynq"));
    timing.accuracy = "no board of this geometry measured";
    const Geometry geometry{.log_batch = 2,
                            .log_block = 3,
                            .log_inp_buff_size = 16,
                            .log_wgt_buff_size = 16,
                            .log_acc_buff_size = 18};
    return VtaMachine{name_or_path, geometry, std::move(timing)};
  }
  Result<Timing> timing = FindTiming(name_or_path);
  if (timing.ok()) {
    BoardFile board = BuiltinBoard(name_or_path);
    return VtaMachine{name_or_path,   board.config.geometry, *std::move(timing),
                      &TvmTemplate(), name_or_path,          board.semantics};
  }
  return Status::NotFound(
      fmt::format("there is no VTA machine \"{}\": use one of {}, or the path of a vta_config.json",
                  name_or_path, base::Joined(BuiltinMachines(), ", ")));
}

}  // namespace

std::vector<std::string> BuiltinMachines() {
  std::vector<std::string> names = BuiltinTimings();
  names.emplace_back(kPynq4x8);
  std::sort(names.begin(), names.end());
  return names;
}

Result<VtaMachine> FindMachine(Env& env, const std::string& name) {
  for (const ScheduleTemplate* schedules : ScheduleTemplates()) {
    const std::string_view suffix = schedules->suffix();
    if (suffix.empty() || !name.ends_with(suffix)) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(VtaMachine machine,
                              FindHardware(env, name.substr(0, name.size() - suffix.size())));
    machine.name += suffix;
    machine.schedules = schedules;
    return machine;
  }
  return FindHardware(env, name);
}

std::string BoardJson(const VtaMachine& machine) {
  return ToJson(
      BoardFile{{machine.board, "", machine.geometry}, machine.timing, machine.semantics});
}

std::unique_ptr<Target> MakeVtaTarget(VtaMachine machine) {
  return std::make_unique<VtaTarget>(std::move(machine));
}

}  // namespace foothold::vta

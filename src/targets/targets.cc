#include "foothold/targets.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/similar.h"
#include "foothold/replayed_space.h"
#include "records/ground_truth/ground_truth.h"
#include "targets/command/command_target.h"
#include "targets/cpu/cpu_target.h"
#include "targets/opencl/opencl_target.h"
#include "targets/replay/replay_target.h"
#include "targets/vta/vta_target.h"

namespace foothold {

namespace {

/// A recorded space is a JSON object, perhaps compressed by gzip.
bool BeginsAsRecordedSpace(std::string_view text) {
  if (text.starts_with("\x1f\x8b")) return true;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// The file's content says what it is.
Result<std::unique_ptr<Target>> MakeReplay(Env& env, const std::string& path) {
  constexpr std::size_t kEnough = 4096;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForRead(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, file->Read(kEnough));
  if (records::BeginsAsGroundTruth(text)) return replay::MakeReplayTarget(env, path);
  if (BeginsAsRecordedSpace(text)) return MakeRecordedTarget(env, path);
  return Status::InvalidArgument(fmt::format(
      "{}: is not an exploration (of `foothold explore`), nor a recorded space (T4, KTT or Kernel "
      "Tuner JSON, perhaps .gz)",
      path));
}

std::vector<std::string> Names(const std::vector<TargetInfo>& targets) {
  std::vector<std::string> names;
  for (const TargetInfo& target : targets) names.push_back(target.name);
  return names;
}

}  // namespace

std::vector<TargetInfo> ListTargets() {
  std::vector<TargetInfo> targets;
  for (const std::string& machine : vta::BuiltinMachines()) {
    for (const vta::ScheduleTemplate* schedules : vta::ScheduleTemplates()) {
      auto found = vta::FindMachine(*Env::Default(), machine + std::string(schedules->suffix()));
      const auto target = vta::MakeVtaTarget(std::move(found).value());
      targets.push_back({target->name(), target->description()});
    }
  }
  for (const cpu::Variant& variant : cpu::Variants()) {
    targets.push_back({fmt::format("cpu{}", variant.suffix), std::string(variant.description)});
  }
  std::sort(targets.begin(), targets.end(),
            [](const TargetInfo& a, const TargetInfo& b) { return a.name < b.name; });
  return targets;
}

Result<std::unique_ptr<Target>> MakeTarget(Env& env, std::string_view name) {
  constexpr std::string_view kCommand = "command:";
  if (name.starts_with(kCommand)) {
    return command::MakeCommandTarget(env, std::string(name.substr(kCommand.size())));
  }
  constexpr std::string_view kCpu = "cpu";
  if (name == kCpu || name.starts_with("cpu:")) {
    return cpu::MakeCpuTarget(env, name.substr(kCpu.size()));
  }
  constexpr std::string_view kOpencl = "opencl:";
  if (name.starts_with(kOpencl)) {
    return opencl::MakeOpenclTarget(env, std::string(name.substr(kOpencl.size())),
                                    opencl::Runner::Default(env));
  }
  constexpr std::string_view kVta = "vta:";
  constexpr std::string_view kReplay = "replay:";
  if (name.starts_with(kReplay)) {
    return MakeReplay(env, std::string(name.substr(kReplay.size())));
  }
  if (!name.starts_with(kVta)) {
    return Status::NotFound(fmt::format(
        "there is no target \"{}\"{}: use vta:MACHINE, for example vta:pynq, cpu (`foothold "
        "list targets` names them all), command:FILE.json, opencl:FILE.json, or replay:FILE",
        name, base::DidYouMean(name, Names(ListTargets()))));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(vta::VtaMachine machine,
                            vta::FindMachine(env, std::string(name.substr(kVta.size()))));
  return vta::MakeVtaTarget(std::move(machine));
}

}  // namespace foothold

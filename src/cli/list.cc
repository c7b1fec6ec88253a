// foothold list: the names that the other commands take.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/table.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/output.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"
#include "foothold/workload.h"
#include "targets/opencl/runner.h"

namespace foothold::cli {
namespace {

struct Named {
  std::string name;
  std::string description;
};

std::vector<Named> Targets() {
  std::vector<Named> all;
  for (TargetInfo& info : ListTargets()) {
    all.push_back({std::move(info.name), std::move(info.description)});
  }
  return all;
}

std::vector<Named> Searchers() {
  std::vector<Named> all;
  for (SearcherInfo& info : ListSearchers()) {
    all.push_back({std::move(info.name), std::move(info.description)});
  }
  std::vector<std::string> left_out;
  for (SearcherInfo& info : SearchersLeftOut()) left_out.push_back(std::move(info.name));
  if (!left_out.empty()) {
    PrintErr("foothold: this build is without XGBoost and so without {}\n",
             base::Joined(left_out, ", "));
  }
  return all;
}

Result<std::vector<Named>> Workloads(Env& /*env*/) {
  std::vector<Named> all;
  for (const std::string& network : BuiltinNetworks()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto layers, FindWorkloads(network));
    all.push_back({network, fmt::format("network of {} layers", layers.size())});
    for (const Workload& layer : layers) all.push_back({layer.name, ToString(layer)});
  }
  return all;
}

/// "0.1", the numbers of platform and device that a T1 file names it by.
Result<std::vector<Named>> Devices(Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto devices, opencl::Runner::Default(env).Devices());
  std::vector<Named> all;
  for (const opencl::Device& device : devices) {
    all.push_back({fmt::format("{}.{}", device.platform, device.device),
                   fmt::format("{} ({}): work-groups of up to {}, {} B of local memory",
                               device.name, device.platform_name, device.max_work_group,
                               base::WithThousands(device.local_bytes))});
  }
  return all;
}

void Print(const std::vector<Named>& all, bool json) {
  base::Table table({{"name"}, {"description"}});
  for (const Named& named : all) table.AddRow({named.name, named.description});
  PrintOut("{}", json ? table.ToJson().Dump(2) + "\n" : table.ToText());
}

using Lister = Result<std::vector<Named>> (*)(Env& env);

void AddOne(CLI::App& list, Command& chosen, const std::string& name,
            const std::string& description, Lister lister) {
  auto json = std::make_shared<bool>(false);
  CLI::App* one = list.add_subcommand(name, description);
  one->footer(fmt::format("Example:\n  foothold list {}", name));
  one->add_flag("--json", *json, "Print a JSON array");
  one->callback([json, lister, &chosen] {
    chosen = [json, lister](const Session& session) -> Result<ExitCode> {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Named> all, lister(session.env));
      Print(all, *json);
      return ExitCode::kOk;
    };
  });
}

}  // namespace

void AddList(CLI::App& app, Command& chosen) {
  CLI::App* list =
      app.add_subcommand("list", "List targets, searchers, OpenCL devices or workloads");
  list->footer("Example: the layers that can be tuned by name\n  foothold list workloads");
  AddOne(*list, chosen, "targets",
         "The targets that --target takes, beside those of files: "
         "command:FILE.json, opencl:FILE.json, replay:FILE",
         [](Env& /*env*/) -> Result<std::vector<Named>> { return Targets(); });
  AddOne(*list, chosen, "searchers", "The searchers that --searcher takes",
         [](Env& /*env*/) -> Result<std::vector<Named>> { return Searchers(); });
  AddOne(*list, chosen, "devices", "The OpenCL devices that --target opencl:FILE.json can use",
         &Devices);
  AddOne(*list, chosen, "workloads", "The built-in networks and their layers", &Workloads);
}

}  // namespace foothold::cli

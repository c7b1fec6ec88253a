#include "cli/network_schedules.h"

#include <algorithm>
#include <map>

#include "cli/common/any_log.h"
#include "network/layers.h"
#include "records/log/problems.h"
#include "report/page/ranking.h"
#include "targets/vta/compiler/extended_schedule.h"

namespace foothold::cli {
namespace {

/// The values of a config by the names of its parameters.
std::map<std::string, std::int64_t> ByName(const RunHeader& header, const Config& config) {
  std::map<std::string, std::int64_t> values;
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    values[header.parameters[i].name] = header.parameters[i].values[config.choices[i]];
  }
  return values;
}

/// The schedule of a config of either template. AutoTVM's says less: the rest is what its lowering
/// does.
vta::ExtendedSchedule ToSchedule(const RunHeader& header, const Config& config) {
  const auto values = ByName(header, config);
  const auto value = [&](const char* name, std::int64_t otherwise) {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  };
  const bool is_extended = values.count("gemm_loops") > 0;
  return {.b = value("tile_b", 1),
          .h = value("tile_h", 1),
          .w = value("tile_w", 1),
          .co = value("tile_co", 1),
          .ci = value("tile_ci", 1),
          .order = static_cast<vta::TileOrder>(value("order", 0)),
          .co_threads = value(is_extended ? "co_threads" : "oc_nthread", 1),
          .h_threads = value(is_extended ? "h_threads" : "h_nthread", 1),
          .inp_buffers = value("inp_buffers", 1),
          .wgt_buffers = value("wgt_buffers", 1),
          .loops = static_cast<vta::InstructionLoops>(
              value("gemm_loops", static_cast<std::int64_t>(vta::InstructionLoops::kPositions))),
          .skip_padding = value("padding", 1) == 1,
          .split_transfers = value("transfers", 1) == 1};
}

/// "vta:pynq" and "vta:pynq:extended" are one machine.
bool IsOnMachine(const std::string& target, const vta::VtaMachine& machine) {
  const std::string name = machine.name.substr(0, machine.name.find(":extended"));
  return target == "vta:" + name || target == "vta:" + name + ":extended";
}

}  // namespace

Result<network::Schedules> SchedulesFromLog(Env& env, const std::string& path,
                                            const network::Graph& graph,
                                            const vta::VtaMachine& machine) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLogAndSayWhatIsLost(env, path));
  const network::Layers layers =
      network::FindLayers(graph, graph.name, {machine.geometry.batch(), machine.geometry.block()});
  network::Schedules schedules;
  for (const network::TunableLayer& layer : layers.tunable) {
    const report::RankedTrial* best = nullptr;
    std::vector<std::vector<report::RankedTrial>> all;
    for (const records::Versions& versions : records::NewestVersions(contents)) {
      const RunHeader& header = versions.newest.front()->header;
      if (!(header.workload.op == layer.workload.op) || !IsOnMachine(header.target, machine))
        continue;
      all.push_back(report::RankTrials(versions.newest));
    }
    for (const auto& ranked : all) {
      if (!ranked.empty() && (best == nullptr || ranked.front().order < best->order))
        best = &ranked.front();
    }
    if (best == nullptr) continue;
    for (const std::size_t node : layer.nodes) {
      schedules[graph.at(graph.nodes[node].output).name] =
          ToSchedule(best->run->header, best->measurement.config);
    }
  }
  return schedules;
}

}  // namespace foothold::cli

#include "network/compile/steps.h"

#include <algorithm>

namespace foothold::network {
namespace {

class Planner {
 public:
  Planner(const Graph& graph, const std::vector<Placement>& placements, const Storages& storages)
      : graph_(graph),
        placements_(placements),
        storages_(storages),
        is_there_(graph.values.size(), false),
        is_done_(graph.nodes.size(), false),
        is_packed_(storages.all.size(), false) {
    for (const ValueId input : graph.inputs) is_there_[Index(input)] = true;
    for (std::size_t i = 0; i < graph.values.size(); ++i) {
      if (graph.values[i].constant) is_there_[i] = true;
    }
  }

  Plan Make() {
    std::size_t done = 0;
    while (done < graph_.nodes.size()) {
      const std::vector<std::size_t> on_host = Ready(false);
      for (const std::size_t node : on_host) plan_.steps.push_back({Step::Kind::kHost, node});
      const std::vector<std::size_t> on_device = Ready(true);
      if (!on_device.empty()) AddRun(on_device);
      done += on_host.size() + on_device.size();
    }
    return std::move(plan_);
  }

 private:
  /// The nodes of one side whose inputs are there, or are made by others of them.
  std::vector<std::size_t> Ready(bool on_device) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (is_done_[i] || placements_[i].is_on_device != on_device) continue;
      const bool has_inputs =
          std::all_of(node.inputs.begin(), node.inputs.end(),
                      [&](ValueId input) { return input == kNone || is_there_[Index(input)]; });
      if (!has_inputs) continue;
      is_done_[i] = is_there_[Index(node.output)] = true;
      ready.push_back(i);
    }
    return ready;
  }

  void AddRun(const std::vector<std::size_t>& nodes) {
    bool has_pieces = false;
    for (const std::size_t i : nodes) {
      for (const ScheduledPiece& one : placements_[i].pieces) {
        has_pieces = true;
        Pack(one.piece.input.storage);
        if (one.piece.residual) Pack(one.piece.residual->storage);
      }
    }
    if (has_pieces) {
      plan_.steps.push_back({Step::Kind::kDevice, plan_.runs.size()});
      plan_.runs.push_back(nodes);
    }
    for (const std::size_t i : nodes) {
      const ValueId output = graph_.nodes[i].output;
      if (IsUsedByHost(output)) plan_.steps.push_back({Step::Kind::kUnpack, Index(output)});
    }
  }

  void Pack(StorageId id) {
    const Storage& storage = storages_.all[id];
    if (!storage.is_from_host || is_packed_[id]) return;
    is_packed_[id] = true;
    plan_.steps.push_back({Step::Kind::kPack, Index(storage.value)});
  }

  bool IsUsedByHost(ValueId value) const {
    if (std::count(graph_.outputs.begin(), graph_.outputs.end(), value) > 0) return true;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const std::vector<ValueId>& inputs = graph_.nodes[i].inputs;
      const bool uses = std::count(inputs.begin(), inputs.end(), value) > 0;
      if (uses && !placements_[i].is_on_device) return true;
    }
    return false;
  }

  const Graph& graph_;
  const std::vector<Placement>& placements_;
  const Storages& storages_;
  std::vector<bool> is_there_;  // by ValueId
  std::vector<bool> is_done_;   // by node
  std::vector<bool> is_packed_;
  Plan plan_;
};

}  // namespace

Plan PlanSteps(const Graph& graph, const std::vector<Placement>& placements,
               const Storages& storages) {
  return Planner(graph, placements, storages).Make();
}

}  // namespace foothold::network

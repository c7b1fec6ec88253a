#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// Keeps the values marked, in their order, and renames them everywhere.
void Compact(Graph& graph, const std::vector<bool>& is_needed) {
  std::vector<ValueId> renamed(graph.values.size(), kNone);
  std::deque<Value> kept;
  for (std::size_t i = 0; i < graph.values.size(); ++i) {
    if (!is_needed[i]) continue;
    renamed[i] = static_cast<ValueId>(kept.size());
    kept.push_back(std::move(graph.values[i]));
  }
  graph.values = std::move(kept);
  const auto rename = [&](ValueId& id) {
    if (id != kNone) id = renamed[static_cast<std::size_t>(id)];
  };
  for (Node& node : graph.nodes) {
    for (ValueId& input : node.inputs) rename(input);
    rename(node.output);
  }
  for (ValueId& input : graph.inputs) rename(input);
  for (ValueId& output : graph.outputs) rename(output);
}

}  // namespace

int RemoveUnused(Graph& graph) {
  std::vector<bool> is_needed(graph.values.size(), false);
  const auto need = [&](ValueId id) {
    if (id != kNone) is_needed[static_cast<std::size_t>(id)] = true;
  };
  for (const ValueId output : graph.outputs) need(output);
  std::vector<std::int32_t> removed;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    if (!is_needed[static_cast<std::size_t>(node.output)]) {
      removed.push_back(static_cast<std::int32_t>(i));
      continue;
    }
    for (const ValueId input : node.inputs) need(input);
  }
  for (const ValueId input : graph.inputs) need(input);
  EraseNodes(graph, removed);
  Compact(graph, is_needed);
  return static_cast<int>(removed.size());
}

}  // namespace foothold::network

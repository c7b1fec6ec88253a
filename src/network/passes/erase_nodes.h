#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "network/graph/graph.h"

namespace foothold::network {

/// Removes the nodes of these indices. REQUIRES: they differ.
inline void EraseNodes(Graph& graph, std::vector<std::int32_t> indices) {
  std::sort(indices.begin(), indices.end());
  auto next = indices.begin();
  std::vector<Node> kept;
  kept.reserve(graph.nodes.size() - indices.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (next != indices.end() && *next == static_cast<std::int32_t>(i)) {
      ++next;
      continue;
    }
    kept.push_back(std::move(graph.nodes[i]));
  }
  graph.nodes = std::move(kept);
}

}  // namespace foothold::network

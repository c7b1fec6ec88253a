#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "foothold/space.h"

namespace foothold::space {

/// The valid configs of a space as a layered decision diagram with counts (a reduced MDD).
///
/// Layer d decides the parameter order[d]. A node has one edge per choice that some valid config
/// makes there, sorted by choice; nodes with the same valid continuations are one. An edge knows
/// how many configs lie before it below its node, so that a rank selects an edge at each layer.
/// Immutable.
class Diagram {
 public:
  /// The empty diagram: no config is valid.
  Diagram() = default;

  /// `constraint_parameters[c]` are the indices of the parameters of `constraints[c]`. Fails when
  /// more than `max_nodes` nodes or 16 * max_nodes edges exist before reduction.
  static Result<Diagram> Build(std::span<const Parameter> parameters,
                               std::span<const Constraint> constraints,
                               std::span<const std::vector<std::size_t>> constraint_parameters,
                               std::size_t max_nodes);

  /// Number of valid configs.
  std::uint64_t count() const { return count_; }
  std::size_t nodes() const;

  /// REQUIRES: rank < count().
  Config Unrank(std::uint64_t rank) const;
  /// nullopt if the config is not valid. REQUIRES: one choice per parameter.
  std::optional<std::uint64_t> Rank(const Config& config) const;

 private:
  friend class DiagramBuilder;

  struct Edge {
    std::uint64_t before;  // configs below the same node with a smaller choice here
    std::uint32_t choice;
    std::uint32_t child;  // node in the next layer
  };
  struct Layer {
    std::vector<std::uint32_t>
        first_edge;  // by node, and one more: edges of n end where n + 1 begin
    std::vector<Edge> edges;

    std::size_t nodes() const { return first_edge.size() - 1; }
    std::span<const Edge> EdgesOf(std::uint32_t node) const {
      return {edges.data() + first_edge[node], edges.data() + first_edge[node + 1]};
    }
  };

  std::vector<std::size_t> order_;  // by layer: the parameter decided there
  std::vector<Layer> layers_;       // node 0 of the first is the root
  std::uint64_t count_ = 0;
};

}  // namespace foothold::space

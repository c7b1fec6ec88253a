#include "core/space/diagram.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "base/check.h"
#include "core/space/automaton.h"
#include "core/space/order.h"
#include "core/space/row_table.h"

namespace foothold::space {

constexpr std::size_t kNoSlot = SIZE_MAX;

/// One constraint reading its next parameter at a layer. A node's state is a row of slots, one per
/// open constraint.
struct DiagramMove {
  std::size_t constraint;
  std::size_t level;      // choices that the constraint has read before
  std::size_t from_slot;  // kNoSlot: it starts here
  std::size_t to_slot;    // kNoSlot: it ends here
};

/// How the states of a layer's nodes become those of the next layer's.
struct DiagramTransition {
  std::vector<DiagramMove> moves;
  std::vector<std::pair<std::size_t, std::size_t>> carried;  // from slot, to slot
  std::vector<std::size_t> open_after;  // by slot of the next layer: constraint
};

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;  // no child
constexpr std::size_t kEdgesPerNode = 16;

std::vector<DiagramTransition> PlanTransitions(
    std::span<const std::size_t> order,
    std::span<const std::vector<std::size_t>> constraint_parameters) {
  std::vector<std::size_t> read(constraint_parameters.size());
  std::vector<std::size_t> slot(constraint_parameters.size(), kNoSlot);
  std::vector<DiagramTransition> plan;
  for (const std::size_t parameter : order) {
    DiagramTransition& transition = plan.emplace_back();
    for (std::size_t c = 0; c < constraint_parameters.size(); ++c) {
      const auto& own = constraint_parameters[c];
      const bool reads = std::find(own.begin(), own.end(), parameter) != own.end();
      if (!reads && slot[c] == kNoSlot) continue;
      const bool stays_open = read[c] + (reads ? 1 : 0) < own.size();
      const std::size_t to = stays_open ? transition.open_after.size() : kNoSlot;
      if (stays_open) transition.open_after.push_back(c);
      if (reads) {
        transition.moves.push_back({c, read[c]++, slot[c], to});
      } else {
        transition.carried.emplace_back(slot[c], to);
      }
      slot[c] = to;
    }
  }
  return plan;
}

}  // namespace

/// Builds a diagram in two passes: forward, layer by layer, one node for each distinct state of the
/// open constraints; then backward, dropping dead ends, merging nodes with equal children,
/// counting.
class DiagramBuilder {
 public:
  DiagramBuilder(std::span<const Parameter> parameters, std::span<const Constraint> constraints,
                 std::span<const std::vector<std::size_t>> constraint_parameters,
                 std::size_t max_nodes);

  Result<Diagram> Build();

 private:
  using Children = std::vector<std::uint32_t>;  // [node * choices + choice] -> node or kNone

  std::size_t Choices(std::size_t layer) const { return parameters_[order_[layer]].values.size(); }
  /// Fills children_; fails when the diagram grows too large.
  Status BuildForward();
  /// The children of the nodes with the states `here`; their states go to `*next`. Stops early when
  /// those are more than `limit`.
  Children Expand(std::size_t layer, const RowTable<std::uint32_t>& here, std::size_t limit,
                  RowTable<std::uint32_t>* next);
  /// Reads `choice` at a node with this row of states; false if a constraint dies of it.
  bool Read(const DiagramTransition& transition, const std::uint32_t* row, std::uint32_t choice,
            std::uint32_t* next_row);
  Status TooLarge(std::size_t layer, const RowTable<std::uint32_t>& states) const;
  /// Consumes children_.
  Diagram ReduceBackward();
  Diagram::Layer Reduce(std::size_t layer, std::vector<std::uint32_t>* reduced,
                        std::vector<std::uint64_t>* counts);

  std::span<const Parameter> parameters_;
  std::span<const Constraint> constraints_;
  const std::size_t max_nodes_;
  std::vector<std::size_t> order_;
  std::vector<DiagramTransition> plan_;
  std::vector<Automaton> automata_;
  std::vector<Children> children_;  // by layer
};

DiagramBuilder::DiagramBuilder(std::span<const Parameter> parameters,
                               std::span<const Constraint> constraints,
                               std::span<const std::vector<std::size_t>> constraint_parameters,
                               std::size_t max_nodes)
    : parameters_(parameters),
      constraints_(constraints),
      max_nodes_(std::max<std::size_t>(max_nodes, 1)) {
  std::vector<std::size_t> sizes;
  for (const Parameter& parameter : parameters) sizes.push_back(parameter.values.size());
  std::vector<ConstraintShape> shapes;
  for (std::size_t c = 0; c < constraints.size(); ++c) {
    shapes.push_back(
        {constraint_parameters[c], constraints[c].is_fold(), constraints[c].is_order_free()});
  }
  order_ = ChooseOrder(sizes, shapes);
  plan_ = PlanTransitions(order_, constraint_parameters);
  automata_.reserve(constraints.size());
  for (std::size_t c = 0; c < constraints.size(); ++c) {
    const auto& own = constraint_parameters[c];
    std::vector<AutomatonInput> inputs;
    for (const std::size_t parameter : order_) {
      const auto found = std::find(own.begin(), own.end(), parameter);
      if (found == own.end()) continue;
      inputs.push_back(
          {static_cast<std::size_t>(found - own.begin()), parameters[parameter].values});
    }
    automata_.emplace_back(constraints[c], std::move(inputs));
  }
}

Result<Diagram> DiagramBuilder::Build() {
  for (const Automaton& automaton : automata_) {
    if (automaton.start() == Automaton::kDead) return Diagram();
  }
  FOOTHOLD_RETURN_IF_ERROR(BuildForward());
  return ReduceBackward();
}

Status DiagramBuilder::BuildForward() {
  RowTable<std::uint32_t> states(0);
  states.Intern(nullptr);
  std::size_t nodes = 1;
  std::size_t edges = 0;
  for (std::size_t layer = 0; layer < order_.size(); ++layer) {
    edges += states.size() * Choices(layer);
    if (edges / kEdgesPerNode > max_nodes_ || edges >= kNone) return TooLarge(layer, states);
    RowTable<std::uint32_t> next(plan_[layer].open_after.size());
    // After the last layer nothing is open: one node, which costs nothing.
    const std::size_t room = layer + 1 == order_.size() ? 1 : max_nodes_ - nodes;
    children_.push_back(Expand(layer, states, room, &next));
    if (next.size() > room) return TooLarge(layer + 1, next);
    nodes += next.size();
    states = std::move(next);
  }
  return {};
}

DiagramBuilder::Children DiagramBuilder::Expand(std::size_t layer,
                                                const RowTable<std::uint32_t>& here,
                                                std::size_t limit, RowTable<std::uint32_t>* next) {
  const DiagramTransition& transition = plan_[layer];
  const std::size_t choices = Choices(layer);
  Children children;
  children.reserve(here.size() * choices);
  std::vector<std::uint32_t> next_row(next->width());
  for (std::uint32_t node = 0; node < here.size() && next->size() <= limit; ++node) {
    const std::uint32_t* row = here.Row(node);
    for (const auto& [from, to] : transition.carried) next_row[to] = row[from];
    for (std::uint32_t choice = 0; choice < choices; ++choice) {
      const bool lives = Read(transition, row, choice, next_row.data());
      children.push_back(lives ? next->Intern(next_row.data()) : kNone);
    }
  }
  return children;
}

bool DiagramBuilder::Read(const DiagramTransition& transition, const std::uint32_t* row,
                          std::uint32_t choice, std::uint32_t* next_row) {
  for (const DiagramMove& move : transition.moves) {
    Automaton& automaton = automata_[move.constraint];
    const std::uint32_t state = move.from_slot == kNoSlot ? automaton.start() : row[move.from_slot];
    const std::uint32_t next = automaton.Step(move.level, state, choice);
    if (next == Automaton::kDead) return false;
    if (move.to_slot != kNoSlot) next_row[move.to_slot] = next;
  }
  return true;
}

/// Names the constraints that are open before `layer`, those with most states first.
Status DiagramBuilder::TooLarge(std::size_t layer, const RowTable<std::uint32_t>& states) const {
  const std::vector<std::size_t> open =
      layer == 0 ? std::vector<std::size_t>() : plan_[layer - 1].open_after;
  std::vector<std::pair<std::size_t, std::size_t>> blame;  // distinct states, constraint
  for (std::size_t slot = 0; slot < open.size(); ++slot) {
    RowTable<std::uint32_t> distinct(1);
    for (std::uint32_t node = 0; node < states.size(); ++node) {
      distinct.Intern(states.Row(node) + slot);
    }
    blame.emplace_back(distinct.size(), open[slot]);
  }
  std::stable_sort(blame.begin(), blame.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(blame.size(), 3); ++i) {
    names += fmt::format("{}'{}' ({} states)", i == 0 ? "" : ", ",
                         constraints_[blame[i].second].description(), blame[i].first);
  }
  return Status::InvalidArgument(fmt::format(
      "space: counting its configs needs more than {} nodes; at parameter '{}' these constraints "
      "are open: {}; write them as folds with fewer states, or split them",
      max_nodes_, parameters_[order_[layer]].name, names.empty() ? "none" : names));
}

Diagram DiagramBuilder::ReduceBackward() {
  Diagram diagram;
  diagram.order_ = order_;
  diagram.layers_.resize(order_.size());
  std::vector<std::uint32_t> reduced = {0};  // node before reduction -> node, one layer on
  std::vector<std::uint64_t> counts = {1};   // by node, one layer on: configs below it
  for (std::size_t layer = order_.size(); layer-- > 0;) {
    diagram.layers_[layer] = Reduce(layer, &reduced, &counts);
  }
  if (reduced[0] == kNone) return {};
  diagram.count_ = counts[reduced[0]];
  return diagram;
}

Diagram::Layer DiagramBuilder::Reduce(std::size_t layer, std::vector<std::uint32_t>* reduced,
                                      std::vector<std::uint64_t>* counts) {
  const std::size_t choices = Choices(layer);
  Children children = std::exchange(children_[layer], {});
  RowTable<std::uint32_t> nodes(choices);
  std::vector<std::uint32_t> reduced_here;
  reduced_here.reserve(children.size() / choices);
  for (std::uint32_t* row = children.data(); row != children.data() + children.size();
       row += choices) {
    bool is_alive = false;
    for (std::uint32_t* child = row; child != row + choices; ++child) {
      if (*child != kNone) *child = (*reduced)[*child];
      is_alive = is_alive || *child != kNone;
    }
    reduced_here.push_back(is_alive ? nodes.Intern(row) : kNone);
  }
  Diagram::Layer result;
  std::vector<std::uint64_t> counts_here;
  result.first_edge.push_back(0);
  for (std::uint32_t node = 0; node < nodes.size(); ++node) {
    const std::uint32_t* row = nodes.Row(node);
    std::uint64_t before = 0;  // no overflow: at most the raw size, which is at most 2^63
    for (std::uint32_t choice = 0; choice < choices; ++choice) {
      if (row[choice] == kNone) continue;
      result.edges.push_back({before, choice, row[choice]});
      before += (*counts)[row[choice]];
    }
    counts_here.push_back(before);
    result.first_edge.push_back(static_cast<std::uint32_t>(result.edges.size()));
  }
  result.edges.shrink_to_fit();
  *reduced = std::move(reduced_here);
  *counts = std::move(counts_here);
  return result;
}

Result<Diagram> Diagram::Build(std::span<const Parameter> parameters,
                               std::span<const Constraint> constraints,
                               std::span<const std::vector<std::size_t>> constraint_parameters,
                               std::size_t max_nodes) {
  return DiagramBuilder(parameters, constraints, constraint_parameters, max_nodes).Build();
}

std::size_t Diagram::nodes() const {
  return std::accumulate(layers_.begin(), layers_.end(), std::size_t{0},
                         [](std::size_t sum, const Layer& layer) { return sum + layer.nodes(); });
}

Config Diagram::Unrank(std::uint64_t rank) const {
  FOOTHOLD_CHECK(rank < count_);
  Config config;
  config.choices.resize(order_.size());
  std::uint32_t node = 0;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const std::span<const Edge> edges = layers_[layer].EdgesOf(node);
    const auto after = std::upper_bound(
        edges.begin(), edges.end(), rank,
        [](std::uint64_t wanted, const Edge& edge) { return wanted < edge.before; });
    const Edge& edge = *(after - 1);  // the first edge has nothing before it
    config.choices[order_[layer]] = edge.choice;
    rank -= edge.before;
    node = edge.child;
  }
  return config;
}

std::optional<std::uint64_t> Diagram::Rank(const Config& config) const {
  if (count_ == 0) return std::nullopt;
  std::uint64_t rank = 0;
  std::uint32_t node = 0;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const std::span<const Edge> edges = layers_[layer].EdgesOf(node);
    const std::uint32_t choice = config.choices[order_[layer]];
    const auto found = std::lower_bound(
        edges.begin(), edges.end(), choice,
        [](const Edge& edge, std::uint32_t wanted) { return edge.choice < wanted; });
    if (found == edges.end() || found->choice != choice) return std::nullopt;
    rank += found->before;
    node = found->child;
  }
  return rank;
}

}  // namespace foothold::space

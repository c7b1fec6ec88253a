#include "network/compile/place.h"

#include <array>
#include <optional>
#include <utility>

#include "targets/vta/compiler/pool_compiler.h"

namespace foothold::network {
namespace {

/// What a schedule's time depends on.
using LayerKey = std::array<std::int64_t, 19>;

LayerKey KeyOf(const vta::Layer& layer) {
  const vta::BlockedShape& s = layer.shape;
  return {s.batch,
          s.in_channels,
          s.out_channels,
          s.height,
          s.width,
          s.out_height,
          s.out_width,
          s.kernel_h,
          s.kernel_w,
          s.pad_h,
          s.pad_w,
          s.stride_h,
          s.stride_w,
          s.dilation_h,
          s.dilation_w,
          layer.epilogue.shift,
          static_cast<std::int64_t>(layer.epilogue.bias),
          layer.residual ? layer.residual->left_shift : -1,
          s.groups};
}

class Placer {
 public:
  Placer(const Graph& graph, const vta::VtaMachine& machine, const Schedules& schedules,
         Lowering& lowering)
      : graph_(graph), machine_(machine), schedules_(schedules), lowering_(lowering) {}

  Placement Place(const Node& node) {
    const Storages before = lowering_.storages();
    auto pieces = lowering_.Lower(node);
    Placement placement;
    placement.is_on_device = pieces.ok();
    if (!pieces.ok()) placement.reason = pieces.status().message();
    if (pieces.ok()) {
      const auto tuned = schedules_.find(graph_.at(node.output).name);
      for (Piece& piece : *pieces) {
        ScheduledPiece scheduled = {piece, {}, false};
        const auto rejection =
            Schedule(tuned == schedules_.end() ? nullptr : &tuned->second, scheduled);
        if (rejection) {
          placement = {false, {}, rejection->reason};
          break;
        }
        placement.pieces.push_back(scheduled);
      }
    }
    if (!placement.is_on_device) lowering_.Restore(before);
    return placement;
  }

 private:
  /// Sets the schedule, or says why there is none.
  std::optional<vta::Rejection> Schedule(const vta::ExtendedSchedule* tuned,
                                         ScheduledPiece& scheduled) {
    const vta::Layer& layer = scheduled.piece.layer;
    if (scheduled.piece.is_max_pool) {
      const auto code = vta::CompileMaxPool(layer.shape, 0, machine_.geometry, {});
      const auto* rejection = std::get_if<vta::Rejection>(&code);
      return rejection == nullptr ? std::nullopt : std::optional(*rejection);
    }
    const auto [known, is_new] = chosen_.try_emplace(KeyOf(layer));
    if (is_new) known->second = ChooseSchedule(layer, machine_);
    const auto* own = std::get_if<vta::ExtendedSchedule>(&known->second);
    if (tuned != nullptr && IsFaster(layer, *tuned, own)) {
      scheduled.schedule = *tuned;
      scheduled.is_tuned = true;
      return std::nullopt;
    }
    if (own == nullptr) return std::get<vta::Rejection>(known->second);
    scheduled.schedule = *own;
    return std::nullopt;
  }

  /// Whether a schedule, which was found for a layer like this one, is one of this layer, and
  /// faster here than `own`, where there is that.
  bool IsFaster(const vta::Layer& layer, const vta::ExtendedSchedule& tuned,
                const vta::ExtendedSchedule* own) const {
    if (!Divides(layer.shape, tuned)) return false;
    const auto cycles = CyclesOf(layer, machine_, tuned);
    const auto* fewer = std::get_if<std::int64_t>(&cycles);
    if (fewer == nullptr) return false;
    return own == nullptr || *fewer < std::get<std::int64_t>(CyclesOf(layer, machine_, *own));
  }

  static bool Divides(const vta::BlockedShape& shape, const vta::ExtendedSchedule& s) {
    return shape.batch % s.b == 0 && shape.out_height % s.h == 0 && shape.out_width % s.w == 0 &&
           shape.out_channels % s.co == 0 && shape.group_in() % s.ci == 0 &&
           (shape.group_out() % s.co == 0 || s.co % shape.group_out() == 0);
  }

  const Graph& graph_;
  const vta::VtaMachine& machine_;
  const Schedules& schedules_;
  Lowering& lowering_;
  std::map<LayerKey, std::variant<vta::ExtendedSchedule, vta::Rejection>> chosen_;
};

}  // namespace

std::vector<Placement> Place(const Graph& graph, const vta::VtaMachine& machine,
                             const Schedules& schedules, Lowering& lowering) {
  Placer placer(graph, machine, schedules, lowering);
  std::vector<Placement> placements;
  for (const Node& node : graph.nodes) placements.push_back(placer.Place(node));
  return placements;
}

}  // namespace foothold::network

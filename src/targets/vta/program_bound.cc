#include "targets/vta/program_bound.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace foothold::vta {
namespace {

/// Where a unit's own work stands, in busy cycles, at the first and last token it exchanges with a
/// neighbour.
struct Exchange {
  std::optional<std::int64_t> first;
  std::int64_t last = 0;

  void At(std::int64_t cycles) {
    if (!first) first = cycles;
    last = cycles;
  }
};

/// A unit that moves data for the compute unit, and how long the latter stalls for it. Transfers
/// come in groups: from one that waits for a token of the compute unit to one that sends it one.
/// The n-th token popped is the n-th pushed.
class Transfers {
 public:
  /// The compute unit pushed a token that lets transfers begin, `compute` busy cycles in.
  void Enable(std::int64_t compute) { enabled_.push_back(compute); }
  /// A transfer takes such a token.
  void Begin() {
    group_.enabled = begun_ < enabled_.size() ? std::optional(enabled_[begun_]) : std::nullopt;
    ++begun_;
  }
  void Move(std::int64_t cycles) { group_.cycles += cycles; }
  /// The transfer pushes a token for the compute unit.
  void End() {
    groups_.push_back(group_);
    group_ = {};
  }
  /// The compute unit pops it, `compute` busy cycles in: how long it stalls.
  std::int64_t Await(std::int64_t compute) {
    if (awaited_ == groups_.size()) return 0;
    const Group& group = groups_[awaited_++];
    if (!group.enabled) return 0;
    return std::max<std::int64_t>(0, group.cycles - (compute - *group.enabled));
  }

 private:
  struct Group {
    std::int64_t cycles = 0;
    std::optional<std::int64_t> enabled;  ///< not if it never had to wait
  };
  std::vector<std::int64_t> enabled_;
  std::vector<Group> groups_;
  Group group_;
  std::size_t begun_ = 0;
  std::size_t awaited_ = 0;
};

class Walk {
 public:
  void Load(const Instruction& i, std::int64_t cycles) {
    if (i.pop_next) loads_.Begin();
    load_ += cycles;
    loads_.Move(cycles);
    if (!i.push_next) return;
    loads_.End();
    loaded_.At(load_);
  }

  void Compute(const Instruction& i, std::int64_t cycles) {
    if (i.pop_next) stalls_ += stores_.Await(compute_);
    if (i.pop_prev) {
      stalls_ += loads_.Await(compute_);
      received_.At(compute_);
    }
    compute_ += cycles;
    if (i.push_prev) loads_.Enable(compute_);
    if (!i.push_next) return;
    stores_.Enable(compute_);
    computed_.At(compute_);
  }

  void Store(const Instruction& i, std::int64_t cycles) {
    if (i.pop_prev) {
      stores_.Begin();
      taken_.At(store_);
    }
    store_ += cycles;
    stores_.Move(cycles);
    if (i.push_prev) stores_.End();
  }

  ProgramBound Finish() const {
    ProgramBound bound;
    bound.busy = {load_, compute_, store_};
    bound.lower = bound.estimate = std::max({load_, compute_, store_});
    if (!loaded_.first || !received_.first || !computed_.first || !taken_.first) return bound;
    const std::int64_t last_stores = store_ - taken_.last;
    const std::int64_t compute_chain = std::max(*loaded_.first, *received_.first) +
                                       (computed_.last - *received_.first) + last_stores;
    const std::int64_t load_chain =
        loaded_.last + std::max<std::int64_t>(0, computed_.last - received_.last) + last_stores;
    const std::int64_t store_chain = *computed_.first + store_ - *taken_.first;
    bound.lower = std::max({bound.lower, compute_chain, load_chain, store_chain});
    bound.estimate = std::max(bound.lower, compute_chain + stalls_);
    return bound;
  }

 private:
  std::int64_t load_ = 0, compute_ = 0, store_ = 0;  // busy so far
  std::int64_t stalls_ = 0;
  Transfers loads_, stores_;
  // Tokens towards the stores: pushed by loads, popped and pushed by compute, popped by stores.
  Exchange loaded_, received_, computed_, taken_;
};

ProgramBound Bound(std::span<const Instruction> instructions, const CostModel& costs, bool least) {
  Walk walk;
  for (const Instruction& instruction : instructions) {
    const std::int64_t cycles =
        least ? costs.LeastCycles(instruction) : costs.Of(instruction).cycles;
    switch (Route(instruction)) {
      case Unit::kLoad:
        walk.Load(instruction, cycles);
        break;
      case Unit::kStore:
        walk.Store(instruction, cycles);
        break;
      default:
        walk.Compute(instruction, cycles);
    }
    if (instruction.opcode == Opcode::kFinish) break;
  }
  return walk.Finish();
}

}  // namespace

ProgramBound BoundProgram(std::span<const Instruction> instructions, const CostModel& costs) {
  ProgramBound bound = Bound(instructions, costs, false);
  // Beside other transfers, one may find memory awake.
  if (costs.has_bursts()) bound.lower = Bound(instructions, costs, true).lower;
  return bound;
}

}  // namespace foothold::vta

#include "targets/vta/program_bound.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
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
  /// What happened after `cycles`.
  void Add(const Exchange& later, std::int64_t cycles) {
    if (!later.first) return;
    if (!first) first = cycles + *later.first;
    last = cycles + later.last;
  }
};

/// A unit that moves data for the compute unit, and how long the latter stalls for it. Transfers
/// come in groups: from one that waits for a token of the compute unit to one that sends it one.
/// The n-th token popped is the n-th pushed.
class Transfers {
 public:
  /// The compute unit pushed a token that lets transfers begin, `compute` busy cycles in.
  void Enable(std::int64_t compute) {
    if (owed_ > 0) {
      --owed_;  // a transfer has begun without
    } else {
      enabled_.push_back(compute);
    }
  }
  /// A transfer takes such a token.
  void Begin() {
    group_.enabled = std::nullopt;
    if (enabled_.empty()) {
      ++owed_;
    } else {
      group_.enabled = enabled_.front();
      enabled_.pop_front();
    }
  }
  void Move(std::int64_t cycles) { group_.cycles += cycles; }
  /// The transfer pushes a token for the compute unit.
  void End() {
    groups_.push_back(group_);
    group_ = {};
  }
  /// The compute unit pops it, `compute` busy cycles in: how long it stalls.
  std::int64_t Await(std::int64_t compute) {
    if (groups_.empty()) return 0;
    const Group group = groups_.front();
    groups_.pop_front();
    if (!group.enabled) return 0;
    return std::max<std::int64_t>(0, group.cycles - (compute - *group.enabled));
  }

  /// Moves the beginning of time to `compute`.
  void Rebase(std::int64_t compute) {
    for (std::int64_t& enabled : enabled_) enabled -= compute;
    for (Group& group : groups_)
      if (group.enabled) *group.enabled -= compute;
    if (group_.enabled) *group_.enabled -= compute;
  }

  friend bool operator==(const Transfers&, const Transfers&) = default;

 private:
  struct Group {
    std::int64_t cycles = 0;
    std::optional<std::int64_t> enabled;  ///< not if it never had to wait

    friend bool operator==(const Group&, const Group&) = default;
  };
  std::deque<std::int64_t> enabled_;
  std::deque<Group> groups_;
  Group group_;
  std::int64_t owed_ = 0;  // tokens that were taken before they were there
};

/// A walk over instructions, in order.
class Walk {
 public:
  /// False behind FINISH.
  bool Step(const Instruction& i, std::int64_t cycles) {
    switch (Route(i)) {
      case Unit::kLoad:
        Load(i, cycles);
        break;
      case Unit::kStore:
        Store(i, cycles);
        break;
      default:
        Compute(i, cycles);
    }
    return i.opcode != Opcode::kFinish;
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

  /// What units still owe one another, with the present as the beginning of time: a walk that
  /// starts as this goes on as the one that it was taken from.
  Walk Rest() const {
    Walk rest;
    rest.loads_ = loads_;
    rest.stores_ = stores_;
    rest.loads_.Rebase(compute_);
    rest.stores_.Rebase(compute_);
    return rest;
  }
  /// REQUIRES: both are what Rest() gave.
  bool SameRest(const Walk& other) const {
    return loads_ == other.loads_ && stores_ == other.stores_;
  }
  /// Adds what another one did that started as a Rest().
  void Add(const Walk& other) {
    loaded_.Add(other.loaded_, load_);
    received_.Add(other.received_, compute_);
    computed_.Add(other.computed_, compute_);
    taken_.Add(other.taken_, store_);
    load_ += other.load_;
    compute_ += other.compute_;
    store_ += other.store_;
    stalls_ += other.stalls_;
  }

 private:
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

  std::int64_t load_ = 0, compute_ = 0, store_ = 0;  // busy so far
  std::int64_t stalls_ = 0;
  Transfers loads_, stores_;
  // Tokens towards the stores: pushed by loads, popped and pushed by compute, popped by stores.
  Exchange loaded_, received_, computed_, taken_;
};

/// Walks over a program part by part. A part that starts with the same rest as an earlier run of it
/// does the same.
class OutlineWalk {
 public:
  OutlineWalk(const ProgramOutline& outline, const CostModel& costs, bool least)
      : outline_(outline), costs_(costs), least_(least), known_(outline.parts.size()) {}

  ProgramBound Run() {
    Walk whole;
    std::size_t rest = NumberOf(Walk());
    for (const std::uint32_t part : outline_.order) {
      const Effect& effect = EffectOf(part, rest);
      whole.Add(effect.walk);
      if (effect.finished) break;
      rest = effect.rest_after;
    }
    return whole.Finish();
  }

 private:
  struct Effect {
    std::size_t rest_before;
    std::size_t rest_after;
    Walk walk;
    bool finished;
  };

  const Effect& EffectOf(std::uint32_t part, std::size_t rest) {
    for (const Effect& effect : known_[part])
      if (effect.rest_before == rest) return effect;
    Walk walk = rests_[rest];
    bool finished = false;
    const InstructionRange& range = outline_.parts[part];
    for (std::uint32_t i = range.begin; i < range.end && !finished; ++i) {
      const Instruction& instruction = outline_.program.instructions[i];
      finished = !walk.Step(
          instruction, least_ ? costs_.LeastCycles(instruction) : costs_.Of(instruction).cycles);
    }
    const std::size_t after = NumberOf(walk.Rest());
    known_[part].push_back({rest, after, std::move(walk), finished});
    return known_[part].back();
  }

  std::size_t NumberOf(Walk rest) {
    for (std::size_t n = 0; n < rests_.size(); ++n)
      if (rests_[n].SameRest(rest)) return n;
    rests_.push_back(std::move(rest));
    return rests_.size() - 1;
  }

  const ProgramOutline& outline_;
  const CostModel& costs_;
  const bool least_;
  std::vector<std::vector<Effect>> known_;  // by part
  std::vector<Walk> rests_;
};

}  // namespace

ProgramBound BoundProgram(const ProgramOutline& outline, const CostModel& costs) {
  ProgramBound bound = OutlineWalk(outline, costs, false).Run();
  // Beside other transfers, one may find memory awake.
  if (costs.has_bursts()) bound.lower = OutlineWalk(outline, costs, true).Run().lower;
  return bound;
}

}  // namespace foothold::vta

#include "targets/vta/simulator/testing/naive_timing.h"

#include <algorithm>
#include <array>

#include "targets/vta/simulator/units.h"

namespace foothold::vta {
namespace {

/// For each instruction, its place among those of its unit and of each token queue.
struct Order {
  std::array<std::vector<std::size_t>, kExecutingUnits> units;
  std::array<std::vector<std::size_t>, kTokenQueues> pops;
  std::array<std::vector<std::size_t>, kTokenQueues> pushes;
};

Order MakeOrder(std::span<const Instruction> program) {
  Order order;
  for (std::size_t i = 0; i < program.size(); ++i) {
    const Unit unit = Route(program[i]);
    order.units[static_cast<std::size_t>(unit)].push_back(i);
    for (std::size_t q = 0; q < kTokenQueues; ++q) {
      if ((PopMask(unit, program[i]) >> q & 1) != 0) order.pops[q].push_back(i);
      if ((PushMask(unit, program[i]) >> q & 1) != 0) order.pushes[q].push_back(i);
    }
  }
  return order;
}

class Equations {
 public:
  Equations(std::span<const Instruction> program, const CostModel& costs, const Timing& timing)
      : program_(program),
        costs_(costs),
        order_(MakeOrder(program)),
        batch_(static_cast<std::size_t>(timing.fetch_batch)),
        per_instruction_(static_cast<std::int64_t>(timing.fetch_per_instruction)),
        queue_depth_(static_cast<std::size_t>(timing.command_queue_depth)),
        keeps_place_(timing.command_queue_keeps != 0),
        queue_latency_(static_cast<std::int64_t>(timing.command_queue_latency)),
        token_depth_(static_cast<std::size_t>(timing.token_queue_depth)),
        latency_(static_cast<std::int64_t>(timing.token_latency)),
        arrival_(program.size()),
        pushed_(program.size()) {
    times_.start.resize(program.size());
    times_.end.resize(program.size());
  }

  NaiveTimes Solve() {
    do {
      changed_ = false;
      Fetch();
      for (const std::vector<std::size_t>& unit : order_.units)
        for (std::size_t n = 0; n < unit.size(); ++n) {
          Raise(&times_.start[unit[n]], arrival_[unit[n]]);
          if (n > 0) Raise(&times_.start[unit[n]], pushed_[unit[n - 1]]);
          Raise(&times_.end[unit[n]], times_.start[unit[n]] + costs_.Of(program_[unit[n]]).cycles);
          Raise(&pushed_[unit[n]], times_.end[unit[n]]);
        }
      for (std::size_t q = 0; q < kTokenQueues; ++q) Tokens(order_.pops[q], order_.pushes[q]);
    } while (changed_);
    times_.finish = times_.end.back();
    return times_;
  }

 private:
  void Fetch() {
    std::array<std::size_t, kExecutingUnits> handed_out{};
    std::int64_t now = 0;
    for (std::size_t i = 0; i < program_.size(); ++i) {
      if (i % batch_ == 0)
        now += costs_.FetchBatch(static_cast<std::int64_t>(std::min(batch_, program_.size() - i)))
                   .cycles;
      const auto unit = static_cast<std::size_t>(Route(program_[i]));
      const std::size_t n = handed_out[unit]++;
      if (n >= queue_depth_) {
        const std::size_t before = order_.units[unit][n - queue_depth_];
        const std::int64_t left = keeps_place_ ? times_.end[before] : times_.start[before];
        now = std::max(now, left + queue_latency_);
      }
      now += per_instruction_;
      Raise(&arrival_[i], now);
    }
  }

  void Tokens(const std::vector<std::size_t>& pops, const std::vector<std::size_t>& pushes) {
    for (std::size_t n = 0; n < pushes.size(); ++n) {
      std::int64_t pushed = times_.end[pushes[n]];
      if (n >= token_depth_) pushed = std::max(pushed, times_.start[pops[n - token_depth_]]);
      Raise(&pushed_[pushes[n]], pushed);
      if (n < pops.size()) Raise(&times_.start[pops[n]], pushed + latency_);
    }
  }

  void Raise(std::int64_t* time, std::int64_t at_least) {
    if (*time >= at_least) return;
    *time = at_least;
    changed_ = true;
  }

  std::span<const Instruction> program_;
  const CostModel& costs_;
  Order order_;
  std::size_t batch_;
  std::int64_t per_instruction_;
  std::size_t queue_depth_;
  bool keeps_place_;
  std::int64_t queue_latency_;
  std::size_t token_depth_;
  std::int64_t latency_;
  std::vector<std::int64_t> arrival_;
  std::vector<std::int64_t> pushed_;  // when its last token was in its queue
  NaiveTimes times_;
  bool changed_ = false;
};

}  // namespace

NaiveTimes SolveTimes(std::span<const Instruction> program, const CostModel& costs,
                      const Timing& timing) {
  return Equations(program, costs, timing).Solve();
}

}  // namespace foothold::vta

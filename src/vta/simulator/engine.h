#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "vta/simulator/cost_model.h"
#include "vta/simulator/dram_port.h"
#include "vta/simulator/listener.h"
#include "vta/simulator/units.h"

namespace foothold::vta {

/// A bounded queue in a ring; the capacity of the ring is the queue's depth rounded up to a power
/// of two.
template <typename T>
class Ring {
 public:
  explicit Ring(std::size_t depth)
      : depth_(depth), mask_(std::bit_ceil(depth) - 1), items_(mask_ + 1) {}

  void Clear() { head_ = tail_ = 0; }
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  bool full() const { return size() >= depth_; }
  const T& front() const { return items_[head_ & mask_]; }
  void Pop() { ++head_; }
  /// REQUIRES: !full().
  T& Push() { return items_[tail_++ & mask_]; }

 private:
  std::size_t depth_;
  std::size_t mask_;
  std::vector<T> items_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

/// How an engine run ended.
enum class EngineEnd : std::uint8_t { kDrained, kDeadlock, kTimeout, kStopped };

/// The timing of the machine: fetch hands instructions to three in-order units through bounded
/// queues; units wait for and pass tokens; all transfers share the DRAM port. Nothing here knows
/// what instructions do.
///
/// The engine starts instructions strictly in the order of their start times (at equal times: load,
/// compute, store, fetch): it always advances the unit whose next instruction can start earliest.
/// That is safe, because a unit that still waits can only be released by one that starts later than
/// this. So a `Sink` sees a history in which it can carry out effects.
///
/// Sink: `static constexpr bool kWantsEvents`, and if so `bool OnStart(const InstructionEvent&)`,
/// false to stop the run.
class Engine {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  Engine(const CostModel& costs, const Timing& timing);

  template <typename Sink>
  EngineEnd Run(std::span<const Instruction> program, std::int64_t max_cycles, Sink& sink);

  // After a run.
  /// When FINISH ended, or kNever if it never ran.
  std::int64_t finish_end() const { return finish_end_; }
  /// When the last instruction ended.
  std::int64_t last_end() const;
  /// The cycle at which the run stopped: of the last start.
  std::int64_t now() const { return now_; }
  std::size_t tokens(TokenQueue queue) const { return tokens_[Index(queue)].size(); }
  /// One past FINISH, once fetch has seen it; else the size of the program.
  std::size_t program_end() const { return program_end_; }
  /// Lines that say what each stuck unit waits for; the first stuck instruction in `*instruction`.
  std::string DescribeStuck(std::span<const Instruction> program, std::int64_t* instruction) const;
  bool stuck() const;
  /// Fetch's own account.
  struct FetchCycles {
    std::int64_t busy = 0;
    std::int64_t port_delay = 0;
    std::int64_t wait_queue = 0;
    std::int64_t last_end = 0;
  };
  const FetchCycles& fetch_cycles() const { return fetch_; }
  /// Cycles that a unit's finished instruction waited because a token queue was full.
  std::int64_t wait_push(Unit unit) const { return wait_push_[Index(unit)]; }

 private:
  /// An instruction in a unit's queue.
  struct Queued {
    std::int64_t arrival;
    Cost cost;
    std::uint32_t index;
    TokenMask pop;
    TokenMask push;
    bool finish;
  };
  static constexpr std::size_t Index(Unit unit) { return static_cast<std::size_t>(unit); }
  static constexpr std::size_t Index(TokenQueue queue) { return static_cast<std::size_t>(queue); }
  /// The queues that pop_prev and pop_next of a unit mean; none for load's prev and store's next.
  static constexpr TokenMask PrevPop(Unit unit) {
    return unit == Unit::kCompute
               ? Bit(TokenQueue::kLoadToCompute)
               : (unit == Unit::kStore ? Bit(TokenQueue::kComputeToStore) : TokenMask{0});
  }
  static constexpr TokenMask NextPop(Unit unit) {
    return unit == Unit::kCompute
               ? Bit(TokenQueue::kStoreToCompute)
               : (unit == Unit::kLoad ? Bit(TokenQueue::kComputeToLoad) : TokenMask{0});
  }

  void Start(std::span<const Instruction> program);
  template <Unit kUnit>
  std::int64_t ReadyTime() const;
  std::int64_t TokenTime(TokenMask queue) const {
    const Ring<std::int64_t>& tokens = tokens_[static_cast<std::size_t>(std::countr_zero(queue))];
    return tokens.empty() ? kNever : tokens.front();
  }
  void Wake(Unit unit);
  template <Unit kUnit, typename Sink>
  bool Step(std::span<const Instruction> program, Sink& sink);
  void Pop(TokenMask queues, std::int64_t now);
  /// Pushes what fits; returns the queues that are full.
  TokenMask Push(TokenMask queues, std::int64_t end);
  void FetchStep(std::span<const Instruction> program);

  const CostModel& costs_;
  // Constant after construction.
  std::int64_t token_latency_;
  std::int64_t fetch_batch_;
  std::int64_t fetch_per_instruction_;  // 1/1024 cycle

  // The machine.
  DramPort port_;
  std::array<Ring<Queued>, kExecutingUnits> queues_;
  std::array<Ring<std::int64_t>, kTokenQueues> tokens_;  // when each token can be popped
  std::array<std::int64_t, kUnits> free_{};              // when the unit ended its last instruction
  std::array<std::int64_t, kUnits> ready_{};  // when its next can start, kNever while it waits
  std::array<TokenMask, kExecutingUnits> unpushed_{};  // tokens that found their queue full

  // Fetch.
  std::size_t next_ = 0;
  std::size_t program_end_ = 0;
  std::int64_t batch_left_ = 0;
  std::int64_t hand_out_ = 0;  // 1/1024 cycle: when the last instruction was handed out
  int blocked_on_ = -1;        // the unit whose full queue fetch waits for
  FetchCycles fetch_;

  std::int64_t now_ = 0;
  std::int64_t finish_end_ = kNever;
  std::array<std::int64_t, kExecutingUnits> wait_push_{};
};

template <Unit kUnit>
std::int64_t Engine::ReadyTime() const {
  const Ring<Queued>& queue = queues_[Index(kUnit)];
  if (queue.empty() || unpushed_[Index(kUnit)] != 0) return kNever;
  const Queued& head = queue.front();
  std::int64_t time = std::max(free_[Index(kUnit)], head.arrival);
  if (head.pop == 0) return time;
  if ((head.pop & PrevPop(kUnit)) != 0) time = std::max(time, TokenTime(PrevPop(kUnit)));
  if ((head.pop & NextPop(kUnit)) != 0) time = std::max(time, TokenTime(NextPop(kUnit)));
  return time;
}

template <typename Sink>
EngineEnd Engine::Run(std::span<const Instruction> program, std::int64_t max_cycles, Sink& sink) {
  Start(program);
  for (;;) {
    // The earliest of the four; the first of equals.
    const bool compute_first = ready_[1] < ready_[0];
    const bool fetch_first = ready_[3] < ready_[2];
    const std::int64_t executing = compute_first ? ready_[1] : ready_[0];
    const std::int64_t other = fetch_first ? ready_[3] : ready_[2];
    const std::int64_t time = std::min(executing, other);
    if (time > max_cycles) {
      if (time == kNever) return stuck() ? EngineEnd::kDeadlock : EngineEnd::kDrained;
      now_ = max_cycles;
      return EngineEnd::kTimeout;
    }
    now_ = time;
    bool go_on = true;
    if (other < executing) {
      if (fetch_first) {
        FetchStep(program);
      } else {
        go_on = Step<Unit::kStore>(program, sink);
      }
    } else if (compute_first) {
      go_on = Step<Unit::kCompute>(program, sink);
    } else {
      go_on = Step<Unit::kLoad>(program, sink);
    }
    if (!go_on) return EngineEnd::kStopped;
  }
}

template <Unit kUnit, typename Sink>
bool Engine::Step(std::span<const Instruction> program, Sink& sink) {
  constexpr std::size_t kIndex = Index(kUnit);
  const Queued op = queues_[kIndex].front();
  const std::int64_t start = ready_[kIndex];
  const std::int64_t end =
      op.cost.port_cycles == 0 ? start + op.cost.cycles : port_.Transfer(kUnit, start, op.cost);

  if constexpr (Sink::kWantsEvents) {
    InstructionEvent event;
    event.index = op.index;
    event.unit = kUnit;
    event.instruction = &program[op.index];
    event.idle_from = free_[kIndex];
    event.arrival = op.arrival;
    if ((op.pop & PrevPop(kUnit)) != 0) event.token_prev = TokenTime(PrevPop(kUnit));
    if ((op.pop & NextPop(kUnit)) != 0) event.token_next = TokenTime(NextPop(kUnit));
    event.start = start;
    event.end = end;
    event.port_delay = end - start - op.cost.cycles;
    if (!sink.OnStart(event)) return false;
  }

  queues_[kIndex].Pop();
  if (blocked_on_ == static_cast<int>(kUnit)) {
    blocked_on_ = -1;
    ready_[Index(Unit::kFetch)] = std::max(start, free_[Index(Unit::kFetch)]);
  }
  free_[kIndex] = end;
  if (op.finish) finish_end_ = end;
  if (op.pop != 0) Pop(op.pop, start);
  if (op.push != 0) unpushed_[kIndex] = Push(op.push, end);
  ready_[kIndex] = ReadyTime<kUnit>();
  return true;
}

}  // namespace foothold::vta

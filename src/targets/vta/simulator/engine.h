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

#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/burst_port.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/dram_port.h"
#include "targets/vta/simulator/listener.h"
#include "targets/vta/simulator/repetition.h"
#include "targets/vta/simulator/units.h"
#include "targets/vta/simulator/work.h"

namespace foothold::vta {

/// A bounded queue. Items stay in place after they are popped, until as many as the depth have been
/// pushed after them.
template <typename T>
class alignas(64) Ring {
 public:
  explicit Ring(std::size_t depth) : items_(depth), end_(items_.data() + depth) { Clear(); }

  Ring(const Ring&) = delete;  // it points into itself
  Ring& operator=(const Ring&) = delete;

  void Clear() {
    head_ = tail_ = items_.data();
    size_ = 0;
    wrapped_ = false;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  bool full() const { return size_ == items_.size(); }
  std::size_t room() const { return items_.size() - size_; }
  std::size_t depth() const { return items_.size(); }
  /// Of all places, from the first item on: `n` below size() are the items, the rest those that are
  /// free, in the order in which they will be taken.
  const T& Place(std::size_t n) const {
    const std::size_t at = static_cast<std::size_t>(head_ - items_.data()) + n;
    return items_[at < items_.size() ? at : at - items_.size()];
  }
  /// Whether the place has been taken before.
  bool WasTaken(std::size_t n) const { return wrapped_ || head_ + n < tail_ || head_ + n >= end_; }
  std::vector<T>& places() { return items_; }
  const T& front() const { return *head_; }
  T& front() { return *head_; }
  void Pop() {
    if (++head_ == end_) head_ = items_.data();
    --size_;
  }
  /// Whether the place of the next item has been taken before; by this item then.
  bool reuses() const { return wrapped_; }
  const T& predecessor() const { return *tail_; }
  /// REQUIRES: !full().
  T& Push() {
    T& item = *tail_;
    if (++tail_ == end_) {
      tail_ = items_.data();
      wrapped_ = true;
    }
    ++size_;
    return item;
  }

 private:
  std::vector<T> items_;
  T* end_;
  T* head_;
  T* tail_;
  std::size_t size_ = 0;
  bool wrapped_ = false;
};

/// How an engine run ended.
enum class EngineEnd : std::uint8_t { kDrained, kDeadlock, kTimeout, kUndefined, kStopped };

/// The timing of the machine: fetch hands instructions to three in-order units through bounded
/// queues; units wait for and pass tokens; all transfers share the DRAM port. Nothing here knows
/// what instructions do.
///
/// The engine starts instructions strictly in the order of their start times (at equal times: load,
/// compute, store, fetch): it always advances the unit whose next instruction can start earliest.
/// That is safe, because a unit that still waits can only be released by one that starts later than
/// this. So a `Sink` sees a history in which it can carry out effects.
///
/// Long programs repeat themselves, and so does the machine once its queues are full. With an
/// outline, and where nobody wants events, the engine looks for a state that it has been in before,
/// but for the time, with the same instructions ahead (Repetition), and then skips as many periods
/// as the program repeats: the result is that of the run without skipping, to the cycle.
///
/// A run ends when fetch meets an instruction that is not defined (kUndefined), when the sink says
/// so (kStopped), or when nothing can go on.
///
/// Sink: `static constexpr bool kWantsEvents`, and if so `bool OnStart(const InstructionEvent&)`,
/// false to stop the run, and `void OnEnd(const InstructionEvent&)`, as soon as the end is known:
/// at once or, for transfers through a BurstPort, later but before the cycle itself. Until then
/// event.end is kNever.
class Engine {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  Engine(const CostModel& costs, const Timing& timing);

  /// Runs `program`; unless `outline` is null, in that outline's order, whose program it is.
  template <typename Sink>
  EngineEnd Run(std::span<const Instruction> program, const ProgramOutline* outline,
                std::int64_t max_cycles, Sink& sink);

  // After a run.
  /// When FINISH ended, or kNever if it never ran.
  std::int64_t finish_end() const { return finish_end_; }
  /// When the last instruction ended.
  std::int64_t last_end() const;
  /// The cycle at which the run stopped: of the last start.
  std::int64_t now() const { return now_; }
  std::size_t tokens(TokenQueue queue) const { return tokens_[Index(queue)].size(); }
  /// All instructions, those of parts as often as they run.
  std::size_t instructions() const { return total_; }
  /// Those behind FINISH; 0 if fetch has met none.
  std::size_t after_finish() const { return total_ - program_end_; }
  /// At kUndefined, the instruction that is not defined.
  std::size_t undefined_instruction() const { return undefined_; }
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
  /// Instructions that were skipped, because what they do had been seen before.
  std::size_t skipped() const { return skipped_; }
  const FetchCycles& fetch_cycles() const { return fetch_; }
  /// Cycles that a unit's finished instruction waited because a token queue was full.
  std::int64_t wait_push(Unit unit) const { return wait_push_[Index(unit)]; }
  /// Tokens that were pushed into a full queue of a machine that then loses them.
  std::int64_t lost_tokens() const { return lost_tokens_; }

 private:
  /// An instruction in a unit's queue. After it has left, `arrival` is ...
  struct Queued {
    std::int64_t arrival;  // ... the time from which fetch can take its place
    Cost cost;
    std::uint32_t index;
    bool pop_prev, pop_next, push_prev, push_next;
  };
  struct Fetched {
    Queued op;
    Unit unit;
  };
  static constexpr std::size_t Index(Unit unit) { return static_cast<std::size_t>(unit); }
  static constexpr std::size_t Index(TokenQueue queue) { return static_cast<std::size_t>(queue); }
  void Start(std::span<const Instruction> program, const ProgramOutline* outline, bool may_skip);
  template <Unit kUnit>
  std::int64_t ReadyTime() const;
  std::int64_t TokenTime(TokenQueue queue) const {
    const Ring<std::int64_t>& tokens = tokens_[Index(queue)];
    return tokens.empty() ? kNever : tokens.front();
  }
  /// Looks again at a unit that waits.
  template <Unit kUnit>
  void Wake() {
    if (unpushed_[Index(kUnit)] == 0) ready_[Index(kUnit)] = ReadyTime<kUnit>();
  }
  void Wake(Unit unit);
  template <Unit kUnit, typename Sink>
  bool Step(std::span<const Instruction> program, Sink& sink);
  /// The instruction at the head of the unit's queue gives up its place.
  template <Unit kUnit>
  void LeaveQueue(std::int64_t now) {
    Queued& op = queues_[Index(kUnit)].front();  // stays in place after Pop
    queues_[Index(kUnit)].Pop();
    op.arrival = now + queue_latency_;
    if (blocked_) NoteRoom(kUnit, now);
  }
  /// The unit's instruction ends at `end`: tokens are pushed, the next one may start.
  template <Unit kUnit>
  void End(const Queued& op, std::int64_t end);
  /// Issues bursts up to `until`; false when fetch met an instruction that is not defined.
  template <typename Sink>
  bool ServeBursts(std::span<const Instruction> program, std::int64_t until, Sink& sink);
  template <Unit kUnit, typename Sink>
  void EndTransfer(std::int64_t end, Sink& sink);
  template <TokenQueue kQueue>
  void Pop(std::int64_t now);
  template <TokenQueue kQueue>
  void Push(std::int64_t end);
  /// The unit ended at `end` with tokens that have no room: it waits.
  void Hold(Unit unit, std::int64_t end) {
    ended_[Index(unit)] = end;
    ready_[Index(unit)] = kNever;
  }
  /// There is room now for the token that the queue's producer could not push when it ended.
  void ReleaseProducer(TokenQueue queue, std::int64_t now);
  bool FetchStep(std::span<const Instruction> program);

  // Skipping, in engine_skip.cc.
  void PrepareOrder(const ProgramOutline& outline, bool may_skip);
  void NumberKinds(std::span<const Instruction> program);
  bool MayRepeat() const { return !kind_.empty() && batch_next_ == batch_.size(); }
  /// Fetch is about to begin a batch: notes the state, and skips if it has been there before.
  void SkipRepetitions(std::int64_t max_cycles);
  std::uint64_t RoughState() const;
  /// All that decides the future but for the program: equal states at two times do the same from
  /// then on, if fetch is given the same and the queues hold the same.
  void WriteState(std::vector<std::int64_t>* state) const;
  void WriteQueue(std::size_t unit, std::vector<std::int64_t>* state) const;
  /// Whether the queues hold what they held so many instructions ago. REQUIRES: as many as then.
  bool QueuesRepeat(std::size_t period) const;
  Repetition::Counters Count() const;
  void Skip(const Repetition::Period& period, std::int64_t periods);
  /// What of a time can still matter.
  std::int64_t Relative(std::int64_t time) const {
    return time == kNever ? kNever : std::max<std::int64_t>(0, time - now_);
  }
  std::size_t BatchSize() const { return std::min(fetch_batch_, program_end_ - next_); }
  /// A batch that fetch read from `start` to `end`, in `cycles` if it was alone, is decoded.
  void TakeBatch(std::span<const Instruction> program, std::int64_t start, std::int64_t end,
                 std::int64_t cycles);
  /// Hands out what there is of the batch; false as FetchStep.
  bool HandOutBatch(std::int64_t from);
  /// False when the machine has no such instruction.
  bool Decode(const Instruction& instruction, std::size_t index, Fetched* fetched);
  void DecodeBatch(std::span<const Instruction> program, std::size_t count);
  void CopyBatch(std::size_t count);
  bool AddToBatch(std::size_t i);
  std::int64_t HandOut(std::int64_t from);
  void BlockFetch(Unit full);
  /// A unit has taken an instruction from its queue while fetch was blocked.
  void NoteRoom(Unit unit, std::int64_t now);

  const CostModel& costs_;
  CostCache cost_cache_;
  // Constant after construction.
  std::int64_t token_latency_;
  bool tokens_are_lost_;  // those that find their queue full
  bool keeps_place_;      // an instruction in its queue, until it has ended
  std::int64_t queue_latency_;
  std::size_t fetch_batch_;
  std::int64_t fetch_per_instruction_;

  // The machine.
  DramPort port_;
  BurstPort burst_port_;
  /// An instruction whose transfer is under way in burst_port_.
  struct InFlight {
    Queued op;
    InstructionEvent event;
  };
  std::array<InFlight, kExecutingUnits> in_flight_{};
  std::int64_t fetch_start_ = 0;  // of the batch that is under way there
  std::array<Ring<Queued>, kExecutingUnits> queues_;
  std::array<Ring<std::int64_t>, kTokenQueues> tokens_;  // when each token can be popped
  std::array<std::int64_t, kUnits> free_{};   // when the unit is done with its last instruction
  std::array<std::int64_t, kUnits> ready_{};  // when its next can start, kNever while it waits
  std::array<TokenMask, kExecutingUnits> unpushed_{};  // tokens that found their queue full
  std::array<std::int64_t, kExecutingUnits> ended_{};  // then: when the instruction ended

  // Fetch. When a command queue is full, it sleeps until all that is left of its batch has room, or
  // until a unit would have nothing to do: what it hands out then still gets the times at which
  // there was room. So it runs once a batch instead of once an instruction.
  std::size_t next_ = 0;         // of all instructions in the order they run
  std::size_t total_ = 0;        // their number
  std::size_t program_end_ = 0;  // the same, or one past FINISH once fetch has met it
  std::size_t finish_ = 0;       // FINISH's index in the program, once it has been decoded
  std::size_t undefined_ = 0;    // that of the instruction that fetch stopped at
  bool met_undefined_ = false;
  // For a program in outline: each instruction, decoded once; and, in the order they run, their
  // indices.
  std::vector<Fetched> decoded_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> kind_;   // by index: the same for the same costs, tokens and bursts
  std::vector<std::uint32_t> kinds_;  // in the order they run
  Repetition repetition_;
  std::size_t skipped_ = 0;     // instructions
  std::vector<Fetched> batch_;  // read together
  std::size_t batch_next_ = 0;  // of them, the first that has not been handed out
  bool blocked_ = false;
  Unit blocked_on_ = Unit::kLoad;
  std::array<std::size_t, kExecutingUnits> left_for_{};  // instructions of the batch for each unit
  std::array<std::size_t, kExecutingUnits> lacks_{};     // places that each queue must still get
  FetchCycles fetch_;

  std::int64_t now_ = 0;
  std::int64_t finish_end_ = kNever;
  std::array<std::int64_t, kExecutingUnits> wait_push_{};
  std::int64_t lost_tokens_ = 0;
};

inline void Engine::NoteRoom(Unit unit, std::int64_t now) {
  const std::size_t u = Index(unit);
  const bool starves = queues_[u].empty() && left_for_[u] > 0;
  if (lacks_[u] > 0) --lacks_[u];
  if (!starves && (lacks_[0] | lacks_[1] | lacks_[2]) != 0) return;
  ready_[Index(Unit::kFetch)] = now;
  blocked_ = false;
}

template <Unit kUnit>
std::int64_t Engine::ReadyTime() const {
  const Ring<Queued>& queue = queues_[Index(kUnit)];
  if (queue.empty()) return kNever;
  const Queued& head = queue.front();
  std::int64_t time = std::max(free_[Index(kUnit)], head.arrival);
  if (HasPrev(kUnit) && head.pop_prev) time = std::max(time, TokenTime(PrevPop(kUnit)));
  if (HasNext(kUnit) && head.pop_next) time = std::max(time, TokenTime(NextPop(kUnit)));
  return time;
}

template <TokenQueue kQueue>
void Engine::Pop(std::int64_t now) {
  tokens_[Index(kQueue)].Pop();
  if ((unpushed_[Index(Producer(kQueue))] & Bit(kQueue)) != 0) [[unlikely]]
    ReleaseProducer(kQueue, now);
}

template <TokenQueue kQueue>
void Engine::Push(std::int64_t end) {
  constexpr Unit kConsumer = Consumer(kQueue);
  Ring<std::int64_t>& tokens = tokens_[Index(kQueue)];
  if (tokens.full()) [[unlikely]] {
    if (tokens_are_lost_) {
      ++lost_tokens_;
      return;
    }
    TokenMask& unpushed = unpushed_[Index(Producer(kQueue))];
    unpushed = static_cast<TokenMask>(unpushed | Bit(kQueue));
    return;
  }
  tokens.Push() = end + token_latency_;
  if (ready_[Index(kConsumer)] == kNever) Wake<kConsumer>();
}

template <typename Sink>
EngineEnd Engine::Run(std::span<const Instruction> program, const ProgramOutline* outline,
                      std::int64_t max_cycles, Sink& sink) {
  Start(program, outline, !Sink::kWantsEvents);
  for (;;) {
    // The earliest of the four; the first of equals.
    const bool compute_first = ready_[1] < ready_[0];
    const bool fetch_first = ready_[3] < ready_[2];
    const std::int64_t executing = compute_first ? ready_[1] : ready_[0];
    const std::int64_t other = fetch_first ? ready_[3] : ready_[2];
    const std::int64_t time = std::min(executing, other);
    if (costs_.has_bursts()) {
      const std::int64_t issue = burst_port_.NextIssue();
      if (issue < time && issue <= max_cycles) {
        now_ = issue;
        if (!ServeBursts(program, std::min(time, max_cycles + 1), sink))
          return EngineEnd::kUndefined;
        continue;
      }
      if (issue < time) {
        now_ = max_cycles;
        return EngineEnd::kTimeout;
      }
    }
    if (time > max_cycles) {
      if (time == kNever) return stuck() ? EngineEnd::kDeadlock : EngineEnd::kDrained;
      now_ = max_cycles;
      return EngineEnd::kTimeout;
    }
    now_ = time;
    bool go_on = true;
    if (other < executing) {
      if (fetch_first) {
        if (!Sink::kWantsEvents && MayRepeat()) SkipRepetitions(max_cycles);
        if (!FetchStep(program)) return EngineEnd::kUndefined;
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
  Queued& op = queues_[kIndex].front();  // stays in place after Pop
  const std::int64_t start = ready_[kIndex];
  const bool in_bursts = kUnit != Unit::kStore && op.cost.port_cycles != 0 && costs_.has_bursts();
  const std::int64_t end = in_bursts                  ? kNever
                           : op.cost.port_cycles == 0 ? start + op.cost.cycles
                                                      : port_.Transfer(kUnit, start, op.cost);

  if constexpr (Sink::kWantsEvents) {
    InstructionEvent event;
    event.index = op.index;
    event.unit = kUnit;
    event.instruction = &program[op.index];
    event.idle_from = free_[kIndex];
    event.arrival = op.arrival;
    if (HasPrev(kUnit) && op.pop_prev) event.token_prev = TokenTime(PrevPop(kUnit));
    if (HasNext(kUnit) && op.pop_next) event.token_next = TokenTime(NextPop(kUnit));
    event.start = start;
    event.end = end;
    event.port_delay = in_bursts ? 0 : end - start - op.cost.cycles;
    if (!sink.OnStart(event)) return false;
    if (in_bursts) {
      in_flight_[kIndex].event = event;
    } else {
      sink.OnEnd(event);
    }
  }

  if (!keeps_place_) LeaveQueue<kUnit>(start);
  free_[kIndex] = end;
  if (HasPrev(kUnit) && op.pop_prev) Pop<PrevPop(kUnit)>(start);
  if (HasNext(kUnit) && op.pop_next) Pop<NextPop(kUnit)>(start);
  if (in_bursts) [[unlikely]] {
    in_flight_[kIndex].op = op;
    ready_[kIndex] = kNever;
    burst_port_.Begin(kUnit, start, costs_.Bursts(program[op.index]));
    return true;
  }
  End<kUnit>(op, end);
  return true;
}

template <Unit kUnit>
inline void Engine::End(const Queued& op, std::int64_t end) {
  constexpr std::size_t kIndex = Index(kUnit);
  free_[kIndex] = end;
  if (keeps_place_) LeaveQueue<kUnit>(end);
  if (op.index == finish_) [[unlikely]]
    finish_end_ = end;
  if (HasPrev(kUnit) && op.push_prev) Push<PrevPush(kUnit)>(end);
  if (HasNext(kUnit) && op.push_next) Push<NextPush(kUnit)>(end);
  ready_[kIndex] = ReadyTime<kUnit>();
  if (unpushed_[kIndex] != 0) [[unlikely]]
    Hold(kUnit, end);
}

template <Unit kUnit, typename Sink>
void Engine::EndTransfer(std::int64_t end, Sink& sink) {
  InFlight& flight = in_flight_[Index(kUnit)];
  if constexpr (Sink::kWantsEvents) {
    flight.event.end = end;
    flight.event.port_delay =
        std::max<std::int64_t>(0, end - flight.event.start - flight.op.cost.cycles);
    sink.OnEnd(flight.event);
  }
  End<kUnit>(flight.op, end);
}

template <typename Sink>
bool Engine::ServeBursts(std::span<const Instruction> program, std::int64_t until, Sink& sink) {
  const BurstPort::Done done = burst_port_.IssueBefore(until);
  if (!done.any) return true;
  switch (done.unit) {
    case Unit::kLoad:
      EndTransfer<Unit::kLoad>(done.end, sink);
      return true;
    case Unit::kCompute:
      EndTransfer<Unit::kCompute>(done.end, sink);
      return true;
    case Unit::kFetch:
      TakeBatch(program, fetch_start_, done.end,
                costs_.FetchBatch(static_cast<std::int64_t>(BatchSize())).cycles);
      return HandOutBatch(done.end);
    case Unit::kStore:  // has a channel of its own
      return true;
  }
  return true;
}

}  // namespace foothold::vta

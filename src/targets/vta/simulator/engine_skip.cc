#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <unordered_map>

#include "targets/vta/simulator/engine.h"

namespace foothold::vta {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * kMultiplier;
  return hash ^ hash >> 29;
}

/// All that an instruction is to the engine.
using Kind = std::array<std::int64_t, 12>;
constexpr std::size_t kBursts = 4;  // where they begin; 0 there: none

struct HashOfKind {
  std::size_t operator()(const Kind& kind) const {
    const std::size_t used = kind[kBursts] == 0 ? kBursts : kind.size();
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < used; ++i) hash = Mix(hash, static_cast<std::uint64_t>(kind[i]));
    return hash;
  }
};

/// What it asks of the port that serves bursts; of an address, only where it lies in a burst
/// matters.
void AddBursts(const BurstTransfer& transfer, std::int64_t burst_bytes, Kind* kind) {
  const std::int64_t mask = burst_bytes - 1;
  const std::int64_t values[] = {
      transfer.row_bytes,      static_cast<std::int64_t>(transfer.client),
      transfer.address & mask, transfer.stride_bytes & mask,
      transfer.rows,           transfer.cycles_before,
      transfer.cycles_after,   transfer.least_cycles};
  std::copy(std::begin(values), std::end(values), kind->begin() + kBursts);
}

/// What there is of each written instruction, in the order they run.
void InOrder(const ProgramOutline& outline, const std::vector<std::uint32_t>& of_written,
             std::vector<std::uint32_t>* in_order) {
  in_order->clear();
  for (const std::uint32_t part : outline.order)
    in_order->insert(in_order->end(), of_written.begin() + outline.parts[part].begin,
                     of_written.begin() + outline.parts[part].end);
}

}  // namespace

void Engine::PrepareOrder(const ProgramOutline& outline, bool may_skip) {
  const std::vector<Instruction>& written = outline.program.instructions;
  decoded_.resize(written.size());
  for (std::size_t i = 0; i < written.size(); ++i)
    if (!Decode(written[i], i, &decoded_[i])) decoded_[i].unit = Unit::kFetch;
  std::vector<std::uint32_t> indices(written.size());
  std::iota(indices.begin(), indices.end(), 0);
  InOrder(outline, indices, &order_);
  total_ = order_.size();
  if (!may_skip || total_ < Repetition::kLeastInstructions) return;
  NumberKinds(written);
  InOrder(outline, kind_, &kinds_);
  repetition_.Begin(kinds_);
}

void Engine::NumberKinds(std::span<const Instruction> program) {
  std::unordered_map<Kind, std::uint32_t, HashOfKind> numbers;
  kind_.reserve(program.size());
  for (std::size_t i = 0; i < program.size(); ++i) {
    const Fetched& fetched = decoded_[i];
    const Queued& op = fetched.op;
    const bool unlike_others = fetched.unit == Unit::kFetch || i == finish_;
    Kind kind{static_cast<std::int64_t>(fetched.unit), op.cost.cycles, op.cost.port_cycles,
              op.pop_prev | op.pop_next << 1 | op.push_prev << 2 | op.push_next << 3 |
                  (unlike_others ? static_cast<std::int64_t>(i + 1) << 4 : 0)};
    if (costs_.has_bursts() && op.cost.port_cycles != 0 && fetched.unit != Unit::kStore &&
        fetched.unit != Unit::kFetch)
      AddBursts(costs_.Bursts(program[i]), std::int64_t{1} << costs_.port().log_burst_bytes, &kind);
    kind_.push_back(
        numbers.try_emplace(kind, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
}

void Engine::SkipRepetitions(std::int64_t max_cycles) {
  if (!repetition_.WantsState(next_, RoughState())) return;
  WriteState(repetition_.scratch());
  Repetition::Period period;
  if (!repetition_.Compare(next_, Count(), &period)) return;
  if (!QueuesRepeat(period.instructions)) return;
  const std::int64_t periods = std::min(period.times, (max_cycles - now_) / period.cycles());
  if (periods > 0) Skip(period, periods);
}

std::uint64_t Engine::RoughState() const {
  std::uint64_t hash = kinds_[next_];
  const auto add = [&hash](std::int64_t value) {
    hash = Mix(hash, static_cast<std::uint64_t>(value));
  };
  for (std::size_t u = 0; u < kUnits; ++u) add(Relative(ready_[u]));
  for (std::size_t u = 0; u < kExecutingUnits; ++u) {
    add(Relative(free_[u]));
    add(static_cast<std::int64_t>(queues_[u].size()));
  }
  for (const Ring<std::int64_t>& tokens : tokens_) add(static_cast<std::int64_t>(tokens.size()));
  return hash;
}

void Engine::WriteState(std::vector<std::int64_t>* state) const {
  for (std::size_t u = 0; u < kUnits; ++u) {
    state->push_back(Relative(free_[u]));
    state->push_back(Relative(ready_[u]));
  }
  for (std::size_t u = 0; u < kExecutingUnits; ++u) {
    state->push_back(unpushed_[u]);
    state->push_back(unpushed_[u] == 0 ? 0 : Relative(ended_[u]));
    // An instruction whose bursts are under way.
    const bool in_flight = free_[u] == kNever;
    state->push_back(in_flight ? kind_[in_flight_[u].op.index] : -1);
    WriteQueue(u, state);
  }
  for (const Ring<std::int64_t>& tokens : tokens_) {
    state->push_back(static_cast<std::int64_t>(tokens.size()));
    for (std::size_t n = 0; n < tokens.size(); ++n) state->push_back(Relative(tokens.Place(n)));
  }
  if (costs_.has_bursts()) burst_port_.WriteState(now_, state);
  port_.WriteState(now_, state);
}

void Engine::WriteQueue(std::size_t unit, std::vector<std::int64_t>* state) const {
  const Ring<Queued>& queue = queues_[unit];
  state->push_back(static_cast<std::int64_t>(queue.size()));
  // Instructions come in order and leave in order: of those that are there and of the free places,
  // the last have the latest times.
  for (std::size_t n = queue.size(); n > 0 && queue.Place(n - 1).arrival > now_; --n)
    state->push_back(Relative(queue.Place(n - 1).arrival));
  state->push_back(-1);
  for (std::size_t n = queue.depth(); n > queue.size() && queue.WasTaken(n - 1); --n) {
    const std::int64_t room = Relative(queue.Place(n - 1).arrival);
    if (room == 0) break;
    state->push_back(room);
  }
  state->push_back(-1);
}

bool Engine::QueuesRepeat(std::size_t period) const {
  std::array<std::size_t, kExecutingUnits> left{};
  for (std::size_t u = 0; u < kExecutingUnits; ++u) left[u] = queues_[u].size();
  std::size_t all = left[0] + left[1] + left[2];
  for (std::size_t at = next_; all > 0; --at) {
    if (at <= period || kinds_[at - 1] != kinds_[at - 1 - period]) return false;
    std::size_t& of_unit = left[Index(decoded_[order_[at - 1]].unit)];
    all -= of_unit > 0 ? 1 : 0;
    of_unit -= of_unit > 0 ? 1 : 0;
  }
  return true;
}

Repetition::Counters Engine::Count() const {
  return {now_, fetch_.busy, fetch_.port_delay, fetch_.wait_queue, lost_tokens_, wait_push_, free_};
}

void Engine::Skip(const Repetition::Period& period, std::int64_t periods) {
  const std::int64_t cycles = periods * period.cycles();
  const auto delay = [cycles](std::int64_t& time) { time += time == kNever ? 0 : cycles; };
  now_ += cycles;
  skipped_ += static_cast<std::size_t>(periods) * period.instructions;
  next_ += static_cast<std::size_t>(periods) * period.instructions;
  for (std::size_t u = 0; u < kUnits; ++u) {
    delay(ready_[u]);
    // A unit that did nothing stays where it was.
    if (period.before.free[u] != period.after.free[u]) delay(free_[u]);
  }
  for (std::size_t u = 0; u < kExecutingUnits; ++u) {
    ended_[u] += cycles;
    wait_push_[u] += periods * (period.after.wait_push[u] - period.before.wait_push[u]);
    for (Queued& op : queues_[u].places()) op.arrival += cycles;
  }
  for (Ring<std::int64_t>& tokens : tokens_)
    for (std::int64_t& token : tokens.places()) token += cycles;
  port_.Delay(cycles);
  burst_port_.Delay(cycles);
  fetch_.busy += periods * (period.after.fetch_busy - period.before.fetch_busy);
  fetch_.port_delay += periods * (period.after.fetch_port_delay - period.before.fetch_port_delay);
  fetch_.wait_queue += periods * (period.after.fetch_wait_queue - period.before.fetch_wait_queue);
  fetch_.last_end += cycles;
  lost_tokens_ += periods * (period.after.lost_tokens - period.before.lost_tokens);
  repetition_.Forget();
}

}  // namespace foothold::vta

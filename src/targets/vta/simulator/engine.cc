#include "targets/vta/simulator/engine.h"

#include <fmt/core.h>

#include <cmath>

#include "targets/vta/simulator/instruction_text.h"

namespace foothold::vta {
namespace {

// Route as a table, by opcode and memory; kFetch where IsDefined must be asked.
constexpr std::array<Unit, 64> MakeRoutes() {
  std::array<Unit, 64> routes{};
  for (unsigned index = 0; index < routes.size(); ++index) {
    Instruction instruction;
    instruction.opcode = static_cast<Opcode>(index >> 3);
    instruction.memory = static_cast<MemoryId>(index & 7);
    instruction.x_size = 1;
    routes[index] = IsDefined(instruction) ? Route(instruction) : Unit::kFetch;
  }
  return routes;
}
constexpr std::array<Unit, 64> kRoutes = MakeRoutes();

// The unit that runs an instruction; kFetch when none can.
inline Unit CheckedRoute(const Instruction& i) {
  const auto index = static_cast<std::size_t>(i.opcode) << 3 | static_cast<std::size_t>(i.memory);
  const Unit unit = kRoutes[index & 63];
  if (unit != Unit::kFetch && i.alu_opcode <= AluOpcode::kMul && index < 64) [[likely]]
    return unit;
  return IsDefined(i) ? Route(i) : Unit::kFetch;
}

std::size_t Depth(double depth) { return static_cast<std::size_t>(depth); }

}  // namespace

Engine::Engine(const CostModel& costs, const Timing& timing)
    : costs_(costs),
      cost_cache_(costs),
      token_latency_(std::llround(timing.token_latency)),
      tokens_are_lost_(timing.token_queue_loses != 0),
      keeps_place_(timing.command_queue_keeps != 0),
      queue_latency_(std::llround(timing.command_queue_latency)),
      fetch_batch_(static_cast<std::size_t>(timing.fetch_batch)),
      fetch_per_instruction_(std::llround(timing.fetch_per_instruction)),
      port_(timing.port_separate_writes != 0),
      burst_port_(costs.port()),
      queues_{Ring<Queued>(Depth(timing.command_queue_depth)),
              Ring<Queued>(Depth(timing.command_queue_depth)),
              Ring<Queued>(Depth(timing.command_queue_depth))},
      tokens_{Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth))} {}

void Engine::Start(std::span<const Instruction> program, const ProgramOutline* outline,
                   bool may_skip) {
  port_.Reset();
  burst_port_.Reset();
  for (Ring<Queued>& queue : queues_) queue.Clear();
  for (Ring<std::int64_t>& queue : tokens_) queue.Clear();
  free_.fill(0);
  ready_.fill(kNever);
  unpushed_.fill(0);
  wait_push_.fill(0);
  lost_tokens_ = 0;
  fetch_ = {};
  next_ = 0;
  total_ = program.size();
  batch_.clear();
  batch_next_ = 0;
  left_for_.fill(0);
  finish_ = std::numeric_limits<std::size_t>::max();
  blocked_ = false;
  now_ = 0;
  finish_end_ = kNever;
  met_undefined_ = false;
  skipped_ = 0;
  order_.clear();
  kind_.clear();
  if (outline != nullptr) PrepareOrder(*outline, may_skip);
  program_end_ = total_;
  if (total_ > 0) ready_[Index(Unit::kFetch)] = 0;
}

void Engine::Wake(Unit unit) {
  switch (unit) {
    case Unit::kLoad:
      return Wake<Unit::kLoad>();
    case Unit::kCompute:
      return Wake<Unit::kCompute>();
    case Unit::kStore:
      return Wake<Unit::kStore>();
    case Unit::kFetch:
      return;
  }
}

void Engine::ReleaseProducer(TokenQueue queue, std::int64_t now) {
  const Unit producer = Producer(queue);
  const std::size_t p = Index(producer);
  const std::int64_t pushed = std::max(ended_[p], now);
  wait_push_[p] += std::max<std::int64_t>(0, pushed - free_[p]);
  free_[p] = std::max(free_[p], pushed);
  unpushed_[p] = static_cast<TokenMask>(unpushed_[p] & ~Bit(queue));
  tokens_[Index(queue)].Push() = pushed + token_latency_;
  Wake(producer);
}

bool Engine::FetchStep(std::span<const Instruction> program) {
  constexpr std::size_t kFetch = Index(Unit::kFetch);
  if (batch_next_ < batch_.size()) return HandOutBatch(free_[kFetch]);
  const std::int64_t start = ready_[kFetch];
  const auto count = static_cast<std::int64_t>(BatchSize());
  if (costs_.has_bursts()) {
    fetch_start_ = start;
    ready_[kFetch] = kNever;
    burst_port_.Begin(Unit::kFetch, start, costs_.FetchBursts(count));
    return true;
  }
  const Cost cost = costs_.FetchBatch(count);
  const std::int64_t end = port_.Transfer(Unit::kFetch, start, cost);
  TakeBatch(program, start, end, cost.cycles);
  return HandOutBatch(end);
}

bool Engine::HandOutBatch(std::int64_t from) {
  constexpr std::size_t kFetch = Index(Unit::kFetch);
  free_[kFetch] = fetch_.last_end = HandOut(from);
  ready_[kFetch] = next_ < program_end_ && !blocked_ ? free_[kFetch] : kNever;
  return blocked_ || !met_undefined_;
}

void Engine::TakeBatch(std::span<const Instruction> program, std::int64_t start, std::int64_t end,
                       std::int64_t cycles) {
  const std::size_t count = BatchSize();
  fetch_.port_delay += std::max<std::int64_t>(0, end - start - cycles);
  fetch_.busy += end - start;
  batch_next_ = 0;
  batch_.resize(count);
  if (order_.empty()) {
    DecodeBatch(program, count);
  } else {
    CopyBatch(count);
  }
}

inline bool Engine::Decode(const Instruction& instruction, std::size_t index, Fetched* fetched) {
  const Unit unit = CheckedRoute(instruction);
  Queued& op = fetched->op;
  op.index = static_cast<std::uint32_t>(index);
  if (unit == Unit::kFetch) [[unlikely]]
    return false;
  fetched->unit = unit;
  op.cost = cost_cache_.Of(instruction);
  op.pop_prev = instruction.pop_prev;
  op.pop_next = instruction.pop_next;
  op.push_prev = instruction.push_prev;
  op.push_next = instruction.push_next;
  if (instruction.opcode == Opcode::kFinish && index < finish_) [[unlikely]]
    finish_ = index;
  return true;
}

void Engine::DecodeBatch(std::span<const Instruction> program, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!Decode(program[next_ + i], next_ + i, &batch_[i])) batch_[i].unit = Unit::kFetch;
    if (!AddToBatch(i)) return;
  }
}

void Engine::CopyBatch(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    batch_[i] = decoded_[order_[next_ + i]];
    if (!AddToBatch(i)) return;
  }
}

// False when nothing comes behind the instruction: the batch ends with it, or before it.
inline bool Engine::AddToBatch(std::size_t i) {
  const Fetched& fetched = batch_[i];
  if (fetched.unit == Unit::kFetch) [[unlikely]] {
    undefined_ = fetched.op.index;
    met_undefined_ = true;
    batch_.resize(i);
    return false;
  }
  ++left_for_[Index(fetched.unit)];
  if (fetched.op.index != finish_) [[likely]]
    return true;
  program_end_ = next_ + i + 1;
  batch_.resize(i + 1);
  return false;
}

std::int64_t Engine::HandOut(std::int64_t from) {
  std::int64_t now = from;
  std::int64_t waited = 0;
  const std::size_t first = batch_next_;
  for (; batch_next_ < batch_.size(); ++batch_next_) {
    const Fetched& fetched = batch_[batch_next_];
    Ring<Queued>& queue = queues_[Index(fetched.unit)];
    if (queue.full()) break;
    if (queue.reuses()) {
      const std::int64_t room = queue.predecessor().arrival;
      waited += std::max<std::int64_t>(0, room - now);
      now = std::max(now, room);
    }
    now += fetch_per_instruction_;
    Queued& op = queue.Push();
    op = fetched.op;
    op.arrival = now;
    --left_for_[Index(fetched.unit)];
  }
  next_ += batch_next_ - first;
  fetch_.wait_queue += waited;
  fetch_.busy += now - from - waited;
  for (const Unit unit : {Unit::kLoad, Unit::kCompute, Unit::kStore})
    if (ready_[Index(unit)] == kNever) Wake(unit);
  if (batch_next_ < batch_.size()) BlockFetch(batch_[batch_next_].unit);
  return now;
}

void Engine::BlockFetch(Unit full) {
  blocked_ = true;
  blocked_on_ = full;
  bool starving = false;
  for (std::size_t u = 0; u < kExecutingUnits; ++u) {
    lacks_[u] = left_for_[u] - std::min(left_for_[u], queues_[u].room());
    starving |= left_for_[u] > 0 && queues_[u].empty();
  }
  if (!starving) return;
  // Somebody waits for what comes behind: the first place counts.
  lacks_.fill(0);
  lacks_[Index(full)] = 1;
}

bool Engine::stuck() const {
  if (next_ < program_end_) return true;
  for (std::size_t u = 0; u < kExecutingUnits; ++u)
    if (!queues_[u].empty() || unpushed_[u] != 0) return true;
  return false;
}

std::int64_t Engine::last_end() const { return std::max({free_[0], free_[1], free_[2]}); }

std::string Engine::DescribeStuck(std::span<const Instruction> program,
                                  std::int64_t* instruction) const {
  std::string text;
  for (std::size_t u = 0; u < kExecutingUnits; ++u) {
    const std::string_view unit = ToString(static_cast<Unit>(u));
    const char* const separator = text.empty() ? "" : "; ";
    if (unpushed_[u] != 0) {
      const auto queue = static_cast<TokenQueue>(std::countr_zero(unpushed_[u]));
      text += fmt::format("{}{} cannot push: token queue {} is full ({} tokens)", separator, unit,
                          ToString(queue), tokens(queue));
      continue;
    }
    if (queues_[u].empty()) continue;
    const Queued& head = queues_[u].front();
    if (*instruction < 0) *instruction = head.index;
    for (std::size_t q = 0; q < kTokenQueues; ++q) {
      const TokenMask pops = PopMask(static_cast<Unit>(u), program[head.index]);
      if ((pops >> q & 1) == 0 || !tokens_[q].empty()) continue;
      text += fmt::format("{}{} waits at instruction {} ({}) for a {} token", separator, unit,
                          head.index, Describe(program[head.index]),
                          ToString(static_cast<TokenQueue>(q)));
      break;
    }
  }
  if (blocked_)
    text += fmt::format("{}fetch waits at instruction {}: the {} queue is full ({} instructions)",
                        text.empty() ? "" : "; ", next_, ToString(blocked_on_),
                        queues_[Index(blocked_on_)].size());
  if (lost_tokens_ > 0)
    text += fmt::format("; {} token(s) were lost: their queue was full", lost_tokens_);
  return text;
}

}  // namespace foothold::vta

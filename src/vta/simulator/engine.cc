#include "vta/simulator/engine.h"

#include <fmt/format.h>

#include <cmath>

#include "vta/simulator/instruction_text.h"

namespace foothold::vta {
namespace {

constexpr int kFractionBits = 10;
constexpr std::int64_t kAlmost = (std::int64_t{1} << kFractionBits) - 1;

std::size_t Depth(double depth) { return static_cast<std::size_t>(depth); }

}  // namespace

Engine::Engine(const CostModel& costs, const Timing& timing)
    : costs_(costs),
      token_latency_(std::llround(timing.token_latency)),
      fetch_batch_(std::llround(timing.fetch_batch)),
      fetch_per_instruction_(std::llround(timing.fetch_per_instruction * (1 << kFractionBits))),
      port_(timing.port_separate_writes != 0),
      queues_{Ring<Queued>(Depth(timing.command_queue_depth)),
              Ring<Queued>(Depth(timing.command_queue_depth)),
              Ring<Queued>(Depth(timing.command_queue_depth))},
      tokens_{Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth)),
              Ring<std::int64_t>(Depth(timing.token_queue_depth))} {}

void Engine::Start(std::span<const Instruction> program) {
  port_.Reset();
  for (Ring<Queued>& queue : queues_) queue.Clear();
  for (Ring<std::int64_t>& queue : tokens_) queue.Clear();
  free_.fill(0);
  ready_.fill(kNever);
  unpushed_.fill(0);
  wait_push_.fill(0);
  fetch_ = {};
  next_ = 0;
  program_end_ = program.size();
  batch_left_ = 0;
  hand_out_ = 0;
  blocked_on_ = -1;
  now_ = 0;
  finish_end_ = kNever;
  if (!program.empty()) ready_[Index(Unit::kFetch)] = 0;
}

void Engine::Wake(Unit unit) {
  switch (unit) {
    case Unit::kLoad:
      ready_[0] = ReadyTime<Unit::kLoad>();
      break;
    case Unit::kCompute:
      ready_[1] = ReadyTime<Unit::kCompute>();
      break;
    case Unit::kStore:
      ready_[2] = ReadyTime<Unit::kStore>();
      break;
    case Unit::kFetch:
      break;
  }
}

void Engine::Pop(TokenMask queues, std::int64_t now) {
  for (; queues != 0; queues = static_cast<TokenMask>(queues & (queues - 1))) {
    const int q = std::countr_zero(queues);
    tokens_[static_cast<std::size_t>(q)].Pop();
    const Unit producer = Producer(static_cast<TokenQueue>(q));
    const std::size_t p = Index(producer);
    if ((unpushed_[p] >> q & 1) == 0) continue;
    // There is room now for the token that the producer could not push when it ended.
    const std::int64_t end = free_[p];
    free_[p] = std::max(end, now);
    wait_push_[p] += free_[p] - end;
    unpushed_[p] = static_cast<TokenMask>(unpushed_[p] & ~(1U << q));
    tokens_[static_cast<std::size_t>(q)].Push() = free_[p] + token_latency_;
    Wake(producer);
  }
}

TokenMask Engine::Push(TokenMask queues, std::int64_t end) {
  TokenMask full = 0;
  for (; queues != 0; queues = static_cast<TokenMask>(queues & (queues - 1))) {
    const int q = std::countr_zero(queues);
    Ring<std::int64_t>& tokens = tokens_[static_cast<std::size_t>(q)];
    if (tokens.full()) {
      full = static_cast<TokenMask>(full | 1U << q);
      continue;
    }
    tokens.Push() = end + token_latency_;
    const Unit consumer = Consumer(static_cast<TokenQueue>(q));
    if (ready_[Index(consumer)] == kNever) Wake(consumer);
  }
  return full;
}

void Engine::FetchStep(std::span<const Instruction> program) {
  constexpr std::size_t kFetch = Index(Unit::kFetch);
  const std::int64_t start = ready_[kFetch];
  if (batch_left_ == 0) {
    batch_left_ = std::min(fetch_batch_, static_cast<std::int64_t>(program_end_ - next_));
    const Cost cost = costs_.FetchBatch(batch_left_);
    const std::int64_t end = port_.Transfer(Unit::kFetch, start, cost);
    hand_out_ = end << kFractionBits;
    fetch_.port_delay += end - start - cost.cycles;
    fetch_.busy += end - start;
  } else {
    fetch_.wait_queue += start - free_[kFetch];
    hand_out_ = std::max(hand_out_, start << kFractionBits);
  }
  const std::int64_t from = hand_out_;
  bool blocked = false;
  while (batch_left_ > 0) {
    const Instruction& instruction = program[next_];
    const Unit unit = Route(instruction);
    Ring<Queued>& queue = queues_[Index(unit)];
    if (queue.full()) {
      blocked_on_ = static_cast<int>(unit);
      blocked = true;
      break;
    }
    hand_out_ += fetch_per_instruction_;
    Queued& op = queue.Push();
    op.arrival = (hand_out_ + kAlmost) >> kFractionBits;
    op.cost = costs_.Of(instruction);
    op.index = static_cast<std::uint32_t>(next_);
    op.pop = PopMask(unit, instruction);
    op.push = PushMask(unit, instruction);
    op.finish = instruction.opcode == Opcode::kFinish;
    ++next_;
    --batch_left_;
    if (op.finish) {
      program_end_ = next_;
      batch_left_ = 0;
    }
    if (ready_[Index(unit)] == kNever) Wake(unit);
  }
  fetch_.busy += (hand_out_ - from) >> kFractionBits;
  free_[kFetch] = (hand_out_ + kAlmost) >> kFractionBits;
  fetch_.last_end = free_[kFetch];
  ready_[kFetch] = blocked || next_ == program_end_ ? kNever : free_[kFetch];
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
      if ((head.pop >> q & 1) == 0 || !tokens_[q].empty()) continue;
      text += fmt::format("{}{} waits at instruction {} ({}) for a {} token", separator, unit,
                          head.index, Describe(program[head.index]),
                          ToString(static_cast<TokenQueue>(q)));
      break;
    }
  }
  if (blocked_on_ >= 0)
    text += fmt::format("{}fetch waits at instruction {}: the {} queue is full ({} instructions)",
                        text.empty() ? "" : "; ", next_, ToString(static_cast<Unit>(blocked_on_)),
                        queues_[static_cast<std::size_t>(blocked_on_)].size());
  return text;
}

}  // namespace foothold::vta

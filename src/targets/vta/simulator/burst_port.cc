#include "targets/vta/simulator/burst_port.h"

#include <algorithm>

namespace foothold::vta {
namespace {

// From a command to memory.
constexpr std::int64_t kTravel = 2;

}  // namespace

void BurstPort::Reset() {
  clients_ = {};
  next_command_ = 0;
  memory_free_ = 0;
  last_begin_ = 0;
  answered_.fill(0);
  oldest_ = 0;
}

void BurstPort::WriteState(std::int64_t now, std::vector<std::int64_t>* state) const {
  const auto relative = [now](std::int64_t time) { return std::max<std::int64_t>(0, time - now); };
  const std::int64_t burst = std::int64_t{1} << figures_.log_burst_bytes;
  for (const Client& client : clients_) {
    if (!client.active) {
      state->push_back(0);
      continue;
    }
    // Of an address, only where it lies in a burst matters.
    state->insert(state->end(), {1, static_cast<std::int64_t>(client.unit), relative(client.ready),
                                 relative(client.least_end), client.cycles_after,
                                 client.address & (burst - 1), client.row_left, client.row_bytes,
                                 client.row_skip & (burst - 1), client.rows_left});
  }
  state->insert(state->end(),
                {relative(next_command_), relative(memory_free_), relative(last_begin_)});
  for (std::size_t n = 0; n < figures_.outstanding; ++n)
    state->push_back(relative(answered_[(oldest_ + n) % figures_.outstanding]));
}

void BurstPort::Delay(std::int64_t cycles) {
  for (Client& client : clients_) {
    client.ready += cycles;
    client.least_end += cycles;
  }
  next_command_ += cycles;
  memory_free_ += cycles;
  last_begin_ += cycles;
  for (std::int64_t& answered : answered_) answered += cycles;
}

void BurstPort::Begin(Unit unit, std::int64_t start, const BurstTransfer& transfer) {
  Client& client = clients_[static_cast<std::size_t>(transfer.client)];
  client.active = true;
  client.unit = unit;
  client.ready = start + transfer.cycles_before;
  client.least_end = start + transfer.least_cycles;
  client.cycles_after = transfer.cycles_after;
  client.address = transfer.address;
  client.row_left = client.row_bytes = transfer.row_bytes;
  client.row_skip = transfer.stride_bytes - transfer.row_bytes;
  client.rows_left = transfer.rows;
}

std::int64_t BurstPort::Issuable(const Client& client) const {
  // With all places taken, the oldest burst must have been answered.
  return std::max({client.ready, next_command_, answered_[oldest_]});
}

std::int64_t BurstPort::NextIssue() const {
  std::int64_t next = kNever;
  for (const Client& client : clients_)
    if (client.active) next = std::min(next, Issuable(client));
  return next;
}

std::int64_t BurstPort::TakeBurst(Client& client) const {
  const std::int64_t burst = std::int64_t{1} << figures_.log_burst_bytes;
  const std::int64_t beat = std::int64_t{1} << figures_.log_beat_bytes;
  const std::int64_t bytes = std::min(client.row_left, burst - (client.address & (burst - 1)));
  const std::int64_t beats =
      ((client.address & (beat - 1)) + bytes + beat - 1) >> figures_.log_beat_bytes;
  client.address += bytes;
  client.row_left -= bytes;
  if (client.row_left > 0) return beats;
  client.address += client.row_skip;
  client.row_left = client.row_bytes;
  --client.rows_left;
  return beats;
}

BurstPort::Done BurstPort::IssueBefore(std::int64_t until) {
  for (;;) {
    Client* chosen = nullptr;
    std::int64_t time = until;
    for (Client& client : clients_) {
      if (!client.active) continue;
      const std::int64_t issuable = Issuable(client);
      if (issuable >= time) continue;  // the more urgent one of equals stays
      time = issuable;
      chosen = &client;
    }
    if (chosen == nullptr) return {};
    const std::int64_t beats = TakeBurst(*chosen);
    // Behind one that still waits when this one arrives, its latency has passed by its turn.
    const bool queues = last_begin_ > time + kTravel;
    last_begin_ = queues ? memory_free_ : std::max(memory_free_, time + figures_.latency);
    memory_free_ = last_begin_ + beats;
    answered_[oldest_] = memory_free_;
    if (++oldest_ == figures_.outstanding) oldest_ = 0;
    next_command_ = time + 1;
    chosen->ready = time + figures_.command_interval;
    if (chosen->rows_left > 0) continue;
    chosen->active = false;
    return {true, chosen->unit, std::max(memory_free_ + chosen->cycles_after, chosen->least_end)};
  }
}

std::int64_t BurstPort::Alone(const Figures& figures, const BurstTransfer& transfer) {
  BurstPort port(figures);
  port.Begin(Unit::kLoad, 0, transfer);
  return port.IssueBefore(kNever).end;
}

}  // namespace foothold::vta

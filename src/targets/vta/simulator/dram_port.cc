#include "targets/vta/simulator/dram_port.h"

#include <limits>

namespace foothold::vta {
namespace {

// The port's capacity per cycle, as a fixed-point number: work and rates are in 1/65536 of a port
// cycle.
constexpr std::int64_t kCapacity = std::int64_t{1} << 16;

std::int64_t Rate(std::int64_t port_cycles, std::int64_t cycles) {
  return std::clamp<std::int64_t>(port_cycles * kCapacity / cycles, 1, kCapacity);
}

}  // namespace

void DramPort::WriteState(std::int64_t now, std::vector<std::int64_t>* state) const {
  for (const InFlight& transfer : transfers_) {
    if (transfer.end <= now) {
      state->push_back(0);
    } else {
      state->insert(state->end(),
                    {1, transfer.start - now, transfer.end - now, transfer.port_cycles});
    }
  }
}

void DramPort::Delay(std::int64_t cycles) {
  for (InFlight& transfer : transfers_) {
    transfer.start += cycles;
    transfer.end += cycles;
  }
}

std::int64_t DramPort::Share(std::int64_t start, const Cost& cost) const {
  const std::int64_t wanted = Rate(cost.port_cycles, cost.cycles);
  std::int64_t work = wanted * cost.cycles;
  std::int64_t now = start;
  bool slowed = false;
  for (;;) {
    // Until the next of the others ends, nothing changes.
    std::int64_t left = kCapacity;
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    for (const InFlight& other : transfers_) {
      if (other.end <= now) continue;
      left -= Rate(other.port_cycles, other.end - other.start);
      until = std::min(until, other.end);
    }
    const std::int64_t rate = std::clamp<std::int64_t>(left, 0, wanted);
    slowed |= rate < wanted;
    if (rate > 0) {
      const std::int64_t end = now + (work + rate - 1) / rate;
      if (end <= until) return slowed ? std::max(end, start + cost.cycles) : start + cost.cycles;
      work -= rate * (until - now);
    }
    now = until;
  }
}

}  // namespace foothold::vta

#include "targets/vta/simulator/repetition.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace foothold::vta {

void Repetition::Begin(std::span<const std::uint32_t> kinds) {
  kinds_ = kinds;
  Forget();
}

void Repetition::Forget() {
  looks_ = taken_ = 0;
  answers_ = {};
}

bool Repetition::WantsState(std::size_t position, std::uint64_t rough) {
  rough_ = rough;
  partner_ = nullptr;
  for (std::size_t n = 0; n < std::min(taken_, kSnapshots); ++n) {
    if (roughs_[n] != rough) continue;
    const std::size_t period = position - snapshots_[n].position;
    if (RepeatsUntil(position, period) < position + period) continue;
    partner_ = &snapshots_[n];
    break;
  }
  return ++looks_ % kLooksPerSnapshot == 0 || partner_ != nullptr;
}

bool Repetition::Compare(std::size_t position, const Counters& counters, Period* period) {
  if (partner_ != nullptr && state_ == partner_->state) {
    const std::size_t instructions = position - partner_->position;
    const std::size_t times = (RepeatsUntil(position, instructions) - position) / instructions;
    *period = {instructions, static_cast<std::int64_t>(times), partner_->counters, counters};
    return true;
  }
  if (looks_ % kLooksPerSnapshot != 0) return false;
  roughs_[taken_ % kSnapshots] = rough_;
  Snapshot& snapshot = snapshots_[taken_++ % kSnapshots];
  snapshot.position = position;
  snapshot.counters = counters;
  std::swap(snapshot.state, state_);
  return false;
}

std::size_t Repetition::RepeatsUntil(std::size_t position, std::size_t period) {
  Answer& answer = answers_[period / 8 % answers_.size()];
  if (period == answer.period && position <= answer.until) return answer.until;
  constexpr std::size_t kBlock = 64;
  std::size_t end = position;
  const auto same = [&](std::size_t count) {
    return end + count <= kinds_.size() &&
           std::memcmp(&kinds_[end], &kinds_[end - period], count * sizeof kinds_[0]) == 0;
  };
  while (same(kBlock)) end += kBlock;
  while (same(1)) ++end;
  answer = {period, end};
  return end;
}

}  // namespace foothold::vta

#include "targets/vta/simulator/effects.h"

#include <fmt/core.h>

#include <limits>

#include "targets/vta/simulator/instruction_text.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {

bool Effects::Start(const InstructionEvent& event) {
  EndUntil(event.start);
  Running& slot = running_[static_cast<std::size_t>(event.unit)];
  if (!datapath_->Check(*event.instruction, &slot.footprint)) {
    fault_ = event.index;
    fault_text_ = fmt::format("instruction {} ({}): {}", event.index, Describe(*event.instruction),
                              datapath_->error());
    return false;
  }
  slot.active = true;
  slot.took_effect = false;
  slot.end = event.end;
  slot.index = event.index;
  slot.instruction = event.instruction;
  if (Races(slot, event.unit)) {
    datapath_->Execute(*slot.instruction);
    slot.took_effect = true;
  }
  return true;
}

void Effects::EndUntil(std::int64_t time) {
  for (;;) {
    Running* first = nullptr;
    for (Running& running : running_)
      if (running.active && running.end <= time && (first == nullptr || running.end < first->end))
        first = &running;
    if (first == nullptr) return;
    if (!first->took_effect) datapath_->Execute(*first->instruction);
    first->active = false;
  }
}

bool Effects::Races(const Running& starting, Unit unit) {
  bool races = false;
  for (std::size_t u = 0; u < running_.size(); ++u) {
    const Running& other = running_[u];
    if (u == static_cast<std::size_t>(unit) || !other.active) continue;
    if (!datapath_->Conflicts(*starting.instruction, starting.footprint, *other.instruction,
                              other.footprint))
      continue;
    races = true;
    if (races_++ == 0)
      first_race_ = fmt::format(
          "instruction {} ({}) starts while instruction {} ({}) still uses the same data",
          starting.index, Describe(*starting.instruction), other.index,
          Describe(*other.instruction));
  }
  return races;
}

void Effects::Finish() { EndUntil(std::numeric_limits<std::int64_t>::max()); }

void Effects::Report(SimulationResult* result) const {
  result->races = races_;
  if (races_ > 0)
    result->warnings.push_back(fmt::format("{} data race(s); the first: {}", races_, first_race_));
  if (fault_ < 0) return;
  result->outcome = SimulationOutcome::kOutOfRange;
  result->instruction = fault_;
  result->message = fault_text_;
}

}  // namespace foothold::vta

#include "network/compile/profile.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "targets/vta/explain.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::network {
namespace {

/// When each instruction of a run ended, and what the units did: in each node, and in all.
class Observer : public vta::SimulationListener {
 public:
  Observer(const CompiledNetwork& compiled, const DeviceRun& run, std::int64_t before,
           vta::TimeShares& all)
      : compiled_(compiled), run_(run), before_(before), all_(all), ends_(run.instructions, 0) {}

  void OnInstruction(const vta::InstructionEvent& event) override {
    ends_[event.index] = event.end;
    vta::InstructionEvent later = event;
    later.start += before_;
    later.end += before_;
    all_.OnInstruction(later);
    const std::size_t node = NodeOf(run_.first_instruction + event.index);
    if (node == compiled_.device.size()) return;
    auto& shares = shares_[node];
    if (!shares) shares = std::make_unique<vta::TimeShares>(compiled_.machine.geometry);
    shares->OnInstruction(event);
  }

  std::int64_t end_of(std::size_t instruction) const { return ends_[instruction]; }

  /// The largest work of the unit that is busy longest.
  std::string BoundOf(std::size_t node) const {
    const auto found = shares_.find(node);
    if (found == shares_.end()) return "";
    std::map<std::string, std::int64_t> busy;
    std::string busiest;
    const std::vector<Explanation::Work> works = found->second->Works();
    for (const Explanation::Work& work : works) {
      busy[work.unit] += work.cycles;
      if (busiest.empty() || busy[work.unit] > busy[busiest]) busiest = work.unit;
    }
    const auto largest = std::find_if(works.begin(), works.end(),
                                      [&](const auto& work) { return work.unit == busiest; });
    return largest->work;
  }

 private:
  /// The position in compiled.device; behind the last for a FINISH.
  std::size_t NodeOf(std::size_t instruction) const {
    const auto behind = std::upper_bound(
        compiled_.device.begin(), compiled_.device.end(), instruction,
        [](std::size_t at, const DeviceNode& node) { return at < node.first_instruction; });
    if (behind == compiled_.device.begin()) return compiled_.device.size();
    const DeviceNode& node = *std::prev(behind);
    if (instruction >= node.first_instruction + node.instructions) return compiled_.device.size();
    return static_cast<std::size_t>(std::prev(behind) - compiled_.device.begin());
  }

  const CompiledNetwork& compiled_;
  const DeviceRun& run_;
  const std::int64_t before_;
  vta::TimeShares& all_;
  std::vector<std::int64_t> ends_;
  std::map<std::size_t, std::unique_ptr<vta::TimeShares>> shares_;
};

vta::DeviceProgram InstructionsOf(const CompiledNetwork& compiled, const DeviceRun& run) {
  vta::DeviceProgram program;
  const auto begin =
      compiled.program.instructions.begin() + static_cast<std::ptrdiff_t>(run.first_instruction);
  program.instructions.assign(begin, begin + static_cast<std::ptrdiff_t>(run.instructions));
  return program;
}

/// A node takes from the end of the one before it to its own end.
void ProfileNodes(const DeviceRun& run, const Observer& observer, std::size_t& node,
                  CompiledNetwork& compiled) {
  std::int64_t before = 0;
  for (; node < compiled.device.size(); ++node) {
    DeviceNode& one = compiled.device[node];
    const std::size_t end = one.first_instruction + one.instructions;
    if (end > run.first_instruction + run.instructions) break;
    const std::int64_t ended = observer.end_of(end - 1 - run.first_instruction);
    one.cycles = ended - before;
    one.bound = observer.BoundOf(node);
    before = ended;
  }
}

void Add(const vta::UnitCycles& of, vta::UnitCycles& to) {
  to.busy += of.busy;
  to.wait_fetch += of.wait_fetch;
  to.wait_prev += of.wait_prev;
  to.wait_next += of.wait_next;
  to.wait_push += of.wait_push;
  to.port_delay += of.port_delay;
}

}  // namespace

void Profile(CompiledNetwork& compiled) {
  vta::Simulator simulator(compiled.machine.geometry, compiled.machine.timing);
  vta::TimeShares all(compiled.machine.geometry);
  vta::SimulationResult whole;
  std::size_t node = 0;
  for (DeviceRun& run : compiled.runs) {
    Observer observer(compiled, run, whole.cycles, all);
    vta::SimulationOptions options;
    options.listener = &observer;
    const vta::SimulationResult result =
        simulator.RunTiming(InstructionsOf(compiled, run), options);
    run.cycles = result.cycles;
    whole.cycles += result.cycles;
    for (std::size_t unit = 0; unit < whole.breakdown.units.size(); ++unit) {
      Add(result.breakdown.units[unit], whole.breakdown.units[unit]);
    }
    ProfileNodes(run, observer, node, compiled);
  }
  if (!compiled.runs.empty()) vta::ExplainTime(whole, all, compiled.explanation);
}

}  // namespace foothold::network

#include "targets/vta/explain.h"

#include <fmt/core.h>

#include <algorithm>

namespace foothold::vta {
namespace {

/// What an instruction does, in a word or two.
const char* WorkName(const Instruction& instruction) {
  switch (instruction.opcode) {
    case Opcode::kGemm:
      return instruction.reset ? "accumulator reset" : "GEMM";
    case Opcode::kAlu:
      return "element-wise passes";
    case Opcode::kStore:
      return instruction.x_size == 0 ? "synchronisation" : "output stores";
    case Opcode::kFinish:
      return "synchronisation";
    case Opcode::kLoad:
      break;
  }
  if (instruction.x_size == 0) return "synchronisation";
  switch (instruction.memory) {
    case MemoryId::kInp:
      return "input loads";
    case MemoryId::kWgt:
      return "weight loads";
    case MemoryId::kUop:
      return "micro-op loads";
    default:
      return "bias loads";
  }
}

/// The largest kinds of work of the two busiest units: what bounds the run, and what would bound it
/// next.
void FindBounds(Explanation& e) {
  std::vector<Explanation::Unit> busiest = e.units;
  std::stable_sort(busiest.begin(), busiest.end(),
                   [](const auto& a, const auto& b) { return a.busy > b.busy; });
  const auto largest = [&](const Explanation::Unit& unit) {
    const auto work = std::find_if(e.works.begin(), e.works.end(),
                                   [&](const auto& of) { return of.unit == unit.name; });
    return work == e.works.end() ? "" : work->work;
  };
  e.bound = largest(busiest[0]);
  e.next_bound = largest(busiest[1]);
}

}  // namespace

void TimeShares::OnInstruction(const InstructionEvent& event) {
  end_ = std::max(end_, event.end);
  while (end_ > piece_cycles_ * static_cast<std::int64_t>(pieces_)) Halve();
  const Instruction& i = *event.instruction;
  Explanation::Work& work = works_[{event.unit, WorkName(i)}];
  work.unit = ToString(event.unit);
  work.work = WorkName(i);
  ++work.instructions;
  work.cycles += event.end - event.start;
  if (i.opcode == Opcode::kLoad || i.opcode == Opcode::kStore) {
    work.bytes += (std::int64_t{i.y_size} * i.x_size) << LogDramElementBytes(geometry_, i.memory);
  }
  work.busy.resize(pieces_);
  for (std::int64_t at = event.start; at < event.end;) {
    const std::int64_t piece = at / piece_cycles_;
    const std::int64_t until = std::min(event.end, (piece + 1) * piece_cycles_);
    work.busy[static_cast<std::size_t>(piece)] += static_cast<double>(until - at);
    at = until;
  }
}

void TimeShares::Halve() {
  piece_cycles_ *= 2;
  for (auto& [key, work] : works_) {
    std::vector<double>& busy = work.busy;
    for (std::size_t i = 0; i < pieces_ / 2; ++i) busy[i] = busy[2 * i] + busy[2 * i + 1];
    std::fill(busy.begin() + static_cast<std::ptrdiff_t>(pieces_ / 2), busy.end(), 0);
  }
}

std::vector<Explanation::Work> TimeShares::Works() const {
  std::vector<std::pair<Unit, Explanation::Work>> order;
  for (const auto& [key, work] : works_) order.emplace_back(key.first, work);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, -a.second.cycles) < std::pair(b.first, -b.second.cycles);
  });
  std::vector<Explanation::Work> works;
  for (auto& [unit, work] : order) {
    work.busy.resize(static_cast<std::size_t>((end_ + piece_cycles_ - 1) / piece_cycles_));
    for (double& share : work.busy) share /= static_cast<double>(piece_cycles_);
    works.push_back(std::move(work));
  }
  return works;
}

void ExplainTime(const SimulationResult& timed, const TimeShares& shares, Explanation& e) {
  e.cycles = timed.cycles;
  e.works = shares.Works();
  for (const Unit unit : {Unit::kLoad, Unit::kCompute, Unit::kStore}) {
    const UnitCycles& cycles = timed.breakdown.of(unit);
    e.units.push_back({std::string(ToString(unit)), cycles.busy, cycles.wait_fetch,
                       cycles.wait_prev, cycles.wait_next, cycles.wait_push, cycles.port_delay});
  }
  e.piece_cycles = shares.piece_cycles();
  FindBounds(e);
}

std::string ScratchpadNote(const Metrics& metrics) {
  return fmt::format(
      "scratchpads: input {:.0f} %, weight {:.0f} %, accumulator {:.0f} % of capacity",
      100 * metrics.at("inp_occupancy"), 100 * metrics.at("wgt_occupancy"),
      100 * metrics.at("acc_occupancy"));
}

}  // namespace foothold::vta

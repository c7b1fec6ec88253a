#include "targets/vta/simulator/views.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "targets/vta/simulator/instruction_text.h"

namespace foothold::vta {
namespace {

constexpr std::array<std::string_view, 6> kMemories = {"uop", "wgt", "inp", "acc", "out", "acc8"};
constexpr int kBarWidth = 48;

/// An idle span of a unit and what it waited for, in the order of Account: fetch, pop_prev,
/// pop_next.
struct Wait {
  std::string_view cause;
  std::int64_t cycles = 0;
};

std::vector<Wait> WaitsOf(const InstructionEvent& event) {
  std::vector<Wait> waits;
  std::int64_t now = event.idle_from;
  const auto add = [&](std::string_view cause, std::int64_t until) {
    if (until <= now) return;
    waits.push_back({cause, until - now});
    now = until;
  };
  add("fetch", event.arrival);
  if (HasPrev(event.unit)) add(ToString(Producer(PrevPop(event.unit))), event.token_prev);
  if (HasNext(event.unit)) add(ToString(Producer(NextPop(event.unit))), event.token_next);
  return waits;
}

std::string Bar(std::int64_t start, std::int64_t end, std::int64_t total) {
  const auto place = [total](std::int64_t time) {
    return static_cast<std::size_t>(time * kBarWidth / total);
  };
  std::string bar(kBarWidth, ' ');
  const std::size_t from = std::min<std::size_t>(place(start), kBarWidth - 1);
  const std::size_t to = std::max(from + 1, place(end));
  std::fill(bar.begin() + static_cast<std::ptrdiff_t>(from),
            bar.begin() + static_cast<std::ptrdiff_t>(to), '#');
  return bar;
}

}  // namespace

std::string CyclesText(const SimulationResult& result) {
  std::string text =
      fmt::format("{:<8} {:>8} {:>12} {:>10} {:>10} {:>10} {:>10} {:>8} {:>10} {:>12}\n", "unit",
                  "instr", "busy", "(port)", "fetch", "prev", "next", "push", "queue", "end");
  for (int u = 0; u < kUnits; ++u) {
    const UnitCycles& unit = result.breakdown.units[static_cast<std::size_t>(u)];
    text += fmt::format("{:<8} {:>8} {:>12} {:>10} {:>10} {:>10} {:>10} {:>8} {:>10} {:>12}\n",
                        ToString(static_cast<Unit>(u)), unit.instructions, unit.busy,
                        unit.port_delay, unit.wait_fetch, unit.wait_prev, unit.wait_next,
                        unit.wait_push, unit.wait_queue, unit.last_end);
  }
  return text +
         fmt::format("total {} cycles, {:.6f} s with the host\n", result.cycles, result.seconds);
}

base::Json CyclesJson(const SimulationResult& result) {
  base::Json units = base::Json::Object();
  for (int u = 0; u < kUnits; ++u) {
    const UnitCycles& unit = result.breakdown.units[static_cast<std::size_t>(u)];
    units[std::string(ToString(static_cast<Unit>(u)))] = {
        {"instructions", unit.instructions}, {"busy", unit.busy},
        {"port_delay", unit.port_delay},     {"wait_fetch", unit.wait_fetch},
        {"wait_prev", unit.wait_prev},       {"wait_next", unit.wait_next},
        {"wait_push", unit.wait_push},       {"wait_queue", unit.wait_queue},
        {"last_end", unit.last_end}};
  }
  return {{"cycles", result.cycles}, {"seconds", result.seconds}, {"units", units}};
}

std::string WorkText(const Work& work) {
  std::string text =
      fmt::format("{:<8} {:>12} {:>8} {:>8} {:>10}\n", "memory", "bytes", "instr", "rows", "zeros");
  for (std::size_t m = 0; m < kMemories.size(); ++m) {
    const Work::Traffic& traffic = work.traffic[m];
    text += fmt::format("{:<8} {:>12} {:>8} {:>8} {:>10}\n", kMemories[m], traffic.bytes,
                        traffic.instructions, traffic.rows, traffic.pad_elements);
  }
  text += fmt::format("gemm     {} operations in {} instructions; reset {} in {}\n", work.gemm_ops,
                      work.gemm_instructions, work.reset_ops, work.reset_instructions);
  text += fmt::format("alu      {} operations in {} instructions\n", work.alu_ops,
                      work.alu_instructions);
  return text + fmt::format("total    {} instructions, {} of them no-ops\n", work.instructions,
                            work.syncs);
}

base::Json WorkJson(const Work& work) {
  base::Json memories = base::Json::Object();
  for (std::size_t m = 0; m < kMemories.size(); ++m) {
    const Work::Traffic& traffic = work.traffic[m];
    memories[std::string(kMemories[m])] = {{"bytes", traffic.bytes},
                                           {"instructions", traffic.instructions},
                                           {"rows", traffic.rows},
                                           {"pad_elements", traffic.pad_elements}};
  }
  return {{"instructions", work.instructions},
          {"syncs", work.syncs},
          {"gemm_instructions", work.gemm_instructions},
          {"gemm_ops", work.gemm_ops},
          {"reset_instructions", work.reset_instructions},
          {"reset_ops", work.reset_ops},
          {"alu_instructions", work.alu_instructions},
          {"alu_ops", work.alu_ops},
          {"memories", memories}};
}

Utilization MeasureUtilization(const SimulationResult& result, const Geometry& geometry) {
  Utilization utilization;
  const auto cycles = static_cast<double>(std::max<std::int64_t>(1, result.cycles));
  const auto share = [&](Unit unit) {
    return static_cast<double>(result.breakdown.of(unit).busy) / cycles;
  };
  std::int64_t bytes = 0;
  for (const Work::Traffic& traffic : result.work.traffic) bytes += traffic.bytes;
  utilization.gemm = static_cast<double>(result.work.gemm_ops) / cycles;
  utilization.load = share(Unit::kLoad);
  utilization.compute = share(Unit::kCompute);
  utilization.store = share(Unit::kStore);
  utilization.bytes_per_cycle = static_cast<double>(bytes) / cycles;
  const double operations =
      2.0 * static_cast<double>(result.work.gemm_ops * geometry.macs_per_gemm());
  utilization.gops = result.seconds > 0 ? operations / result.seconds / 1e9 : 0;
  return utilization;
}

std::string UtilizationText(const Utilization& u) {
  return fmt::format(
      "GEMM array {:.1f} %, load {:.1f} %, compute {:.1f} %, store {:.1f} %, DRAM {:.2f} B/cycle, "
      "{:.2f} GOPS\n",
      100 * u.gemm, 100 * u.load, 100 * u.compute, 100 * u.store, u.bytes_per_cycle, u.gops);
}

base::Json UtilizationJson(const Utilization& u) {
  return {{"gemm", u.gemm},
          {"load", u.load},
          {"compute", u.compute},
          {"store", u.store},
          {"bytes_per_cycle", u.bytes_per_cycle},
          {"gops", u.gops}};
}

void Timeline::OnInstruction(const InstructionEvent& event) {
  if (rows_.size() == limit_) return;
  rows_.push_back({event, Describe(*event.instruction)});
  rows_.back().event.instruction = nullptr;
}

std::string Timeline::Text() const {
  std::int64_t total = 1;
  for (const Row& row : rows_) total = std::max(total, row.event.end);
  std::string text = fmt::format("{:>6} {:<8} {:>10} {:>10}  {:<24} 0 .. {} cycles\n", "#", "unit",
                                 "start", "end", "waited for", total);
  for (const Row& row : rows_) {
    std::string waits;
    for (const Wait& wait : WaitsOf(row.event))
      waits += fmt::format("{}{} {}", waits.empty() ? "" : ", ", wait.cause, wait.cycles);
    text += fmt::format("{:>6} {:<8} {:>10} {:>10}  {:<24} |{}| {}\n", row.event.index,
                        ToString(row.event.unit), row.event.start, row.event.end, waits,
                        Bar(row.event.start, row.event.end, total), row.instruction);
  }
  return text;
}

base::Json Timeline::ToJson() const {
  auto rows = base::Json::Array();
  for (const Row& row : rows_) {
    base::Json waits = base::Json::Object();
    for (const Wait& wait : WaitsOf(row.event)) waits[std::string(wait.cause)] = wait.cycles;
    rows.push_back({{"index", row.event.index},
                    {"unit", ToString(row.event.unit)},
                    {"arrival", row.event.arrival},
                    {"start", row.event.start},
                    {"end", row.event.end},
                    {"port_delay", row.event.port_delay},
                    {"waits", waits},
                    {"instruction", row.instruction}});
  }
  return rows;
}

}  // namespace foothold::vta

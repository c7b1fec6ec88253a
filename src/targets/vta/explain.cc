#include "targets/vta/explain.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "targets/vta/simulator/listener.h"

namespace foothold::vta {
namespace {

constexpr const char* kUnitNames[] = {"load", "compute", "store"};

constexpr std::size_t kTimelinePieces = 128;  // what a chart has room for

/// Adds up the cycles of each kind of work, and keeps when they were.
class WorkShares : public SimulationListener {
 public:
  WorkShares(const Geometry& geometry, Activity& activity)
      : geometry_(geometry), activity_(activity) {}

  void OnInstruction(const InstructionEvent& event) override {
    activity_.OnInstruction(event);
    const Instruction& i = *event.instruction;
    const auto unit = static_cast<std::size_t>(event.unit);
    Explanation::Share& share = shares_[{unit, WorkName(i)}];
    ++share.instructions;
    share.cycles += event.end - event.start;
    if (i.opcode == Opcode::kLoad || i.opcode == Opcode::kStore) {
      share.bytes += (std::int64_t{i.y_size} * i.x_size)
                     << LogDramElementBytes(geometry_, i.memory);
    }
  }

  std::vector<Explanation::Share> Take() {
    std::vector<Explanation::Share> shares;
    for (auto& [key, share] : shares_) {
      share.unit = kUnitNames[key.first];
      share.work = key.second;
      shares.push_back(share);
    }
    std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) {
      return a.unit == b.unit && a.cycles > b.cycles;
    });
    return shares;
  }

 private:
  const Geometry& geometry_;
  Activity& activity_;
  std::map<std::pair<std::size_t, std::string>, Explanation::Share> shares_;
};

/// The largest kinds of work of the two busiest units: what bounds the run, and what would bound it
/// next.
void FindBounds(Explanation& e) {
  std::map<std::string, std::pair<std::int64_t, std::string>>
      units;  // busy cycles and largest work, by unit
  for (const auto& share : e.shares) {
    auto& [busy, largest] = units[share.unit];
    if (largest.empty()) largest = share.work;
    busy += share.cycles;
  }
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [unit, value] : units) order.push_back(value);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (!order.empty()) e.bound = order[0].second;
  if (order.size() > 1) e.next_bound = order[1].second;
}

void Measure(const VtaTask& task, const VtaProgram& program, Explanation& e) {
  const RunResult run = task.Run(program, {});
  if (run.outcome() != Outcome::kCorrect) {
    e.failure = run.failure;
    return;
  }
  const VtaMachine& machine = task.machine();
  Activity activity(kTimelinePieces);
  WorkShares shares(machine.geometry, activity);
  SimulationOptions options;
  options.listener = &shares;
  const SimulationResult timed = task.Time(*program.device_program(), options);
  e.seconds = timed.seconds;
  e.cycles = timed.cycles;
  e.host_seconds = machine.timing.HostSeconds(program.device_program()->instructions.size(),
                                              program.device_program()->uops.size());
  const double operations = static_cast<double>(OperationCount(task.workload()));
  e.gops = operations / timed.seconds / 1e9;
  e.share_of_peak = operations / timed.seconds / task.PeakOperationsPerSecond();
  e.share_of_roofline = task.RooflineSeconds() / timed.seconds;
  e.shares = shares.Take();
  e.timeline_piece_cycles = activity.piece_cycles();
  e.timeline = activity.Rows();
  e.stalls = timed.breakdown;
  e.metrics = program.metrics();
  FindBounds(e);
}

// The share of each piece that the work was done in, to a thousandth: more cannot be seen.
Json TimelineJson(const Explanation& e) {
  Json json = {{"piece_cycles", e.timeline_piece_cycles}, {"rows", Json::Array()}};
  for (const Activity::Row& row : e.timeline) {
    Json busy = Json::Array();
    for (const std::int64_t cycles : row.cycles) {
      const double share =
          static_cast<double>(cycles) / static_cast<double>(e.timeline_piece_cycles);
      busy.push_back(std::round(share * 1000) / 1000);
    }
    json["rows"].push_back({{"unit", ToString(row.unit)}, {"work", row.work}, {"busy", busy}});
  }
  return json;
}

double Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Explanation ExplainConfig(const VtaTask& task, const Config& config) {
  Explanation e;
  e.target = "vta:" + task.machine().name;
  e.workload = ToString(task.workload());
  e.config = task.space().ToString(config);
  e.index = task.space().IndexOf(config);
  const BuildResult build = task.Build(config);
  if (!build.ok()) {
    e.failure = build.failure;
    return e;
  }
  Measure(task, static_cast<const VtaProgram&>(*build.program), e);
  return e;
}

std::string ToText(const Explanation& e) {
  std::string text;
  text += fmt::format("workload  {}\ntarget    {}\nconfig    {}  (index {})\n", e.workload,
                      e.target, e.config, e.index);
  if (e.failure) {
    text += fmt::format("outcome   {} at {}\n", ToString(e.failure->outcome), ToString(*e.failure));
    return text;
  }
  text += fmt::format(
      "outcome   correct: {:.3f} ms, {:.1f} GOPS, {:.1f} % of peak, {:.1f} % of the roofline\n",
      e.seconds * 1e3, e.gops, 100 * e.share_of_peak, 100 * e.share_of_roofline);
  text += fmt::format("bound by  {}; then by {}\n\n", e.bound, e.next_bound);
  text += fmt::format("  {:8} {:20} {:>9} {:>13} {:>7} {:>13}\n", "unit", "work", "instr.",
                      "cycles", "share", "bytes");
  for (const auto& share : e.shares) {
    text += fmt::format("  {:8} {:20} {:>9} {:>13} {:>6.1f}% {:>13}\n", share.unit, share.work,
                        WithThousands(share.instructions), WithThousands(share.cycles),
                        Percent(share.cycles, e.cycles),
                        share.bytes == 0 ? "" : WithThousands(share.bytes));
  }
  text += fmt::format("\n  {:8} {:>13} {:>13} {:>13} {:>13} {:>13}\n", "unit", "busy",
                      "wait: fetch", "wait: prev", "wait: next", "of busy: port");
  for (std::size_t unit = 0; unit < std::size(kUnitNames); ++unit) {
    const UnitCycles& cycles = e.stalls.units[unit];
    text += fmt::format("  {:8} {:>13} {:>13} {:>13} {:>13} {:>13}\n", kUnitNames[unit],
                        WithThousands(cycles.busy), WithThousands(cycles.wait_fetch),
                        WithThousands(cycles.wait_prev), WithThousands(cycles.wait_next),
                        WithThousands(cycles.port_delay));
  }
  text += fmt::format("\n  total {} cycles; host {:.3f} ms\n", WithThousands(e.cycles),
                      e.host_seconds * 1e3);
  text += fmt::format(
      "  scratchpads: input {:.0f} %, weight {:.0f} %, accumulator {:.0f} % of capacity\n",
      100 * e.metrics.at("inp_occupancy"), 100 * e.metrics.at("wgt_occupancy"),
      100 * e.metrics.at("acc_occupancy"));
  return text;
}

std::string ToJson(const Explanation& e) {
  Json json = {
      {"workload", e.workload}, {"target", e.target}, {"config", e.config}, {"index", e.index}};
  if (e.failure) {
    json["outcome"] = std::string(ToString(e.failure->outcome));
    json["stage"] = e.failure->stage;
    json["reason"] = e.failure->reason;
    return json.Dump();
  }
  json["outcome"] = "correct";
  json["seconds"] = e.seconds;
  json["cycles"] = e.cycles;
  json["host_seconds"] = e.host_seconds;
  json["gops"] = e.gops;
  json["share_of_peak"] = e.share_of_peak;
  json["share_of_roofline"] = e.share_of_roofline;
  json["bound"] = e.bound;
  json["next_bound"] = e.next_bound;
  for (const auto& share : e.shares) {
    json["shares"].push_back({{"unit", share.unit},
                              {"work", share.work},
                              {"instructions", share.instructions},
                              {"cycles", share.cycles},
                              {"bytes", share.bytes}});
  }
  for (std::size_t unit = 0; unit < std::size(kUnitNames); ++unit) {
    const UnitCycles& cycles = e.stalls.units[unit];
    json["units"][kUnitNames[unit]] = {
        {"busy", cycles.busy},           {"wait_fetch", cycles.wait_fetch},
        {"wait_prev", cycles.wait_prev}, {"wait_next", cycles.wait_next},
        {"wait_push", cycles.wait_push}, {"port_delay", cycles.port_delay}};
  }
  json["timeline"] = TimelineJson(e);
  json["metrics"] = e.metrics;
  return json.Dump();
}

}  // namespace foothold::vta

#include "network/compile/schedules.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "network/compile/storage.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::network {
namespace {

/// How many candidates are simulated.
constexpr std::size_t kSimulated = 20;
/// Cycles that an instruction costs beside its work, roughly.
constexpr double kPerInstruction = 40;
constexpr double kBytesPerCycle = 8;

std::vector<std::int64_t> Divisors(std::int64_t n) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d <= n; ++d) {
    if (n % d == 0) divisors.push_back(d);
  }
  return divisors;
}

bool HasBias(const vta::Layer& layer) { return layer.epilogue.bias != vta::Epilogue::Bias::kNone; }

bool Fits(const vta::ScratchpadPlan& plan, bool has_residual, const vta::Geometry& geometry) {
  const std::int64_t residual = has_residual ? 2 * plan.acc_slot : 0;
  return plan.InpElements() + residual <= geometry.inp_depth() &&
         plan.WgtElements() + (has_residual ? 1 : 0) <= geometry.wgt_depth() &&
         plan.AccElements() <= geometry.acc_depth();
}

/// Roughly the cycles of a schedule: the busier of arithmetic and transfers, and instructions.
double Estimate(const vta::Layer& layer, const vta::ScratchpadPlan& plan,
                const vta::ExtendedSchedule& s, const vta::Geometry& geometry) {
  const vta::BlockedShape& shape = layer.shape;
  const vta::TileCounts tiles = vta::CountTiles(shape, s);
  const auto spatial = static_cast<double>(tiles.b * tiles.h * tiles.w);
  const auto channels = static_cast<double>(tiles.co * tiles.ci);
  const bool weights_stay = plan.wgt_slots >= tiles.co * tiles.ci;
  const bool inputs_stay = tiles.ci <= plan.inp_slots / s.h_threads ||
                           s.order == vta::TileOrder::kSpaceReductionChannels;
  const double input_loads =
      spatial * static_cast<double>(inputs_stay ? tiles.ci : tiles.co * tiles.ci);
  const double input_bytes =
      input_loads * static_cast<double>(plan.inp_slot * geometry.inp_elem_bytes());
  const double weight_bytes = (weights_stay ? 1 : spatial) * channels *
                              static_cast<double>(plan.wgt_slot * geometry.wgt_elem_bytes());
  const double products = static_cast<double>(shape.OutputElements() * shape.group_in() *
                                              shape.kernel_h * shape.kernel_w);
  const double passes = 5.0 * static_cast<double>(shape.OutputElements());
  const double instructions = spatial * channels * 3 + spatial * static_cast<double>(tiles.co) * 8;
  return std::max(products + passes, (input_bytes + weight_bytes) / kBytesPerCycle) +
         kPerInstruction * instructions;
}

/// Virtual threads along the output channels and the height.
constexpr std::array<std::pair<std::int64_t, std::int64_t>, 3> kThreads = {
    {{1, 1}, {2, 1}, {1, 2}}};

/// Calls visit(tile) for each division of the shape into tiles of this width.
template <typename Visit>
void ForEachTile(const vta::BlockedShape& shape, std::int64_t width, const Visit& visit) {
  for (const std::int64_t b : Divisors(shape.batch)) {
    for (const std::int64_t h : Divisors(shape.out_height)) {
      for (const std::int64_t co : Divisors(shape.out_channels)) {
        if (shape.group_out() % co != 0 && co % shape.group_out() != 0) continue;
        for (const std::int64_t ci : Divisors(shape.group_in())) {
          visit(vta::ExtendedSchedule{.b = b,
                                      .h = h,
                                      .w = width,
                                      .co = co,
                                      .ci = ci,
                                      .inp_buffers = 2,
                                      .wgt_buffers = 2,
                                      .skip_padding = true,
                                      .split_transfers = true});
        }
      }
    }
  }
}

/// Calls visit(schedule) for each way to walk over tiles like this one.
template <typename Visit>
void ForEachWalk(const vta::BlockedShape& shape, vta::ExtendedSchedule schedule,
                 const Visit& visit) {
  const vta::TileCounts tiles = vta::CountTiles(shape, schedule);
  const std::int64_t weight_tiles = tiles.co * tiles.ci;
  for (const auto& [co_threads, h_threads] : kThreads) {
    if (tiles.co % co_threads != 0 || tiles.h % h_threads != 0) continue;
    schedule.co_threads = co_threads;
    schedule.h_threads = h_threads;
    for (const auto order :
         {vta::TileOrder::kSpaceChannelsReduction, vta::TileOrder::kSpaceReductionChannels}) {
      if (order == vta::TileOrder::kSpaceReductionChannels && tiles.ci == 1) continue;
      schedule.order = order;
      // Two at a time, or all of them, which are then loaded once.
      schedule.wgt_buffers = std::min<std::int64_t>(weight_tiles, 2);
      visit(schedule);
      if (weight_tiles <= 2) continue;
      schedule.wgt_buffers = CeilDivide(weight_tiles, co_threads);
      visit(schedule);
    }
  }
}

/// The cycles of a program on the simulated machine.
std::int64_t CyclesOf(const vta::DeviceProgram& program, vta::Simulator& simulator) {
  vta::SimulationOptions options;
  options.breakdown = false;
  return simulator.RunTiming(program, options).cycles;
}

/// The fastest of the schedules that compile; nullopt when none does, and `why` is of the last.
std::optional<vta::ExtendedSchedule> Fastest(const vta::Layer& layer,
                                             const vta::VtaMachine& machine,
                                             const std::vector<vta::ExtendedSchedule>& schedules,
                                             vta::InstructionLoops loops, vta::Rejection& why) {
  vta::Simulator simulator(machine.geometry, machine.timing);
  std::optional<vta::ExtendedSchedule> fastest;
  std::int64_t least = 0;
  for (vta::ExtendedSchedule schedule : schedules) {
    schedule.loops = loops;
    auto code = vta::CompileExtended(layer, machine.geometry, {}, schedule);
    if (auto* rejection = std::get_if<vta::Rejection>(&code)) {
      why = std::move(*rejection);
      continue;
    }
    const std::int64_t cycles = CyclesOf(std::get<vta::DeviceProgram>(code), simulator);
    if (fastest && cycles >= least) continue;
    fastest = schedule;
    least = cycles;
  }
  return fastest;
}

}  // namespace

std::string ToString(const vta::ExtendedSchedule& s) {
  return fmt::format(
      "tile {}x{}x{}, channels {} of {}, order {}, threads {}x{}, buffers {}, {}, loops {}, "
      "padding {}, transfers {}",
      s.b, s.h, s.w, s.co, s.ci, static_cast<std::int64_t>(s.order), s.co_threads, s.h_threads,
      s.inp_buffers, s.wgt_buffers, static_cast<std::int64_t>(s.loops), s.skip_padding ? 1 : 0,
      s.split_transfers ? 1 : 0);
}

std::vector<vta::ExtendedSchedule> CandidateSchedules(const vta::Layer& layer,
                                                      const vta::Geometry& geometry,
                                                      std::size_t most) {
  std::vector<std::pair<double, vta::ExtendedSchedule>> found;
  const auto consider = [&](const vta::ExtendedSchedule& schedule) {
    const vta::ScratchpadPlan plan = vta::PlanScratchpads(layer.shape, HasBias(layer), schedule);
    if (!Fits(plan, layer.residual.has_value(), geometry)) return;
    found.emplace_back(Estimate(layer, plan, schedule, geometry), schedule);
  };
  // Whole rows where they fit: the DMA's rows are then longest.
  const std::vector<std::int64_t> widths = Divisors(layer.shape.out_width);
  for (auto width = widths.rbegin(); width != widths.rend() && found.empty(); ++width) {
    ForEachTile(layer.shape, *width, [&](const vta::ExtendedSchedule& tile) {
      ForEachWalk(layer.shape, tile, consider);
    });
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<vta::ExtendedSchedule> best;
  for (std::size_t i = 0; i < found.size() && i < most; ++i) best.push_back(found[i].second);
  return best;
}

std::variant<vta::ExtendedSchedule, vta::Rejection> ChooseSchedule(const vta::Layer& layer,
                                                                   const vta::VtaMachine& machine) {
  vta::Rejection why = {vta::Phase::kLower, "lower.capacity", "no tile of it fits the scratchpads"};
  const auto candidates = CandidateSchedules(layer, machine.geometry, kSimulated);
  std::optional<vta::ExtendedSchedule> best;
  // The last one is slow and always possible.
  for (const auto loops :
       {vta::InstructionLoops::kPositions, vta::InstructionLoops::kReductionColumns,
        vta::InstructionLoops::kOutputs}) {
    if (!best) best = Fastest(layer, machine, candidates, loops, why);
  }
  if (best) return *best;
  return why;
}

std::variant<std::int64_t, vta::Rejection> CyclesOf(const vta::Layer& layer,
                                                    const vta::VtaMachine& machine,
                                                    const vta::ExtendedSchedule& schedule) {
  auto code = vta::CompileExtended(layer, machine.geometry, {}, schedule);
  if (auto* rejection = std::get_if<vta::Rejection>(&code)) return std::move(*rejection);
  vta::Simulator simulator(machine.geometry, machine.timing);
  return CyclesOf(std::get<vta::DeviceProgram>(code), simulator);
}

std::optional<double> DefaultSeconds(const Workload& workload, const vta::VtaMachine& machine) {
  const Result<vta::BlockedShape> shape = vta::BlockShape(workload, machine.geometry);
  if (!shape.ok()) return std::nullopt;
  const vta::Layer layer = {*shape, vta::ToEpilogue(workload.requantize)};
  const auto chosen = ChooseSchedule(layer, machine);
  const auto* schedule = std::get_if<vta::ExtendedSchedule>(&chosen);
  if (schedule == nullptr) return std::nullopt;
  const auto cycles = CyclesOf(layer, machine, *schedule);
  return machine.timing.DeviceSeconds(std::get<std::int64_t>(cycles));
}

}  // namespace foothold::network

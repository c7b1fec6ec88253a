#include "network/compile/compile.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "network/compile/emit.h"
#include "network/compile/layout.h"
#include "network/compile/profile.h"
#include "network/compile/steps.h"
#include "targets/vta/roofline.h"

namespace foothold::network {
namespace {

/// Boards and RTL have 32 address bits.
constexpr std::uint64_t kAddressable = std::uint64_t{1} << 32;

/// What no schedule of the pieces can beat, one behind the other.
double RooflineSeconds(const std::vector<ScheduledPiece>& pieces, const vta::VtaMachine& machine) {
  double seconds = 0;
  for (const ScheduledPiece& one : pieces) {
    const bool has_bias = one.piece.layer.epilogue.bias != vta::Epilogue::Bias::kNone;
    seconds +=
        vta::ComputeRoofline(one.piece.layer.shape, has_bias, machine.geometry, machine.timing)
            .Seconds();
  }
  return seconds;
}

void WriteStream(const std::vector<Placement>& placements, const Plan& plan,
                 const NetworkLayout& layout, CompiledNetwork& compiled) {
  StreamWriter writer(compiled.machine.geometry, layout, compiled.storages);
  std::size_t first = 0;
  for (const std::vector<std::size_t>& run : plan.runs) {
    for (const std::size_t node : run) {
      const std::vector<ScheduledPiece>& pieces = placements[node].pieces;
      if (pieces.empty()) continue;
      const InstructionSpan span = writer.Append(pieces);
      const bool is_pool = pieces.front().piece.is_max_pool;
      compiled.device.push_back({node, is_pool ? "" : ToString(pieces.front().schedule),
                                 pieces.front().is_tuned, pieces.size(), span.first,
                                 span.last - span.first,
                                 RooflineSeconds(pieces, compiled.machine)});
    }
    writer.EndRun();
    const std::size_t end =
        compiled.device.back().first_instruction + compiled.device.back().instructions + 1;
    compiled.runs.push_back({first, end - first});
    first = end;
  }
  compiled.program = writer.Take();
}

}  // namespace

double CompiledNetwork::DeviceSeconds() const {
  double seconds = 0;
  for (const DeviceRun& run : runs) {
    seconds += machine.timing.DeviceSeconds(run.cycles) + 1e-6 * machine.timing.host_us_per_call;
  }
  return seconds;
}

Result<CompiledNetwork> Compile(Graph graph, const vta::VtaMachine& machine,
                                const Schedules& schedules) {
  CompiledNetwork compiled;
  compiled.graph = std::move(graph);
  compiled.machine = machine;
  Lowering lowering(compiled.graph, compiled.machine.geometry);
  const std::vector<Placement> placements =
      Place(compiled.graph, compiled.machine, schedules, lowering);
  compiled.storages = lowering.storages();
  Plan plan = PlanSteps(compiled.graph, placements, compiled.storages);
  const NetworkLayout layout = LayOutNetwork(placements, plan, lowering.constants(),
                                             compiled.machine.geometry, compiled.storages);
  WriteStream(placements, plan, layout, compiled);
  compiled.weights.assign(lowering.constants().weights().begin(),
                          lowering.constants().weights().end());
  compiled.biases.assign(lowering.constants().biases().begin(),
                         lowering.constants().biases().end());
  compiled.inp_bytes = layout.inp_bytes;
  compiled.out_bytes = layout.out_bytes;
  compiled.steps = std::move(plan.steps);
  for (const Step& step : compiled.steps) {
    if (step.kind != Step::Kind::kHost) continue;
    compiled.host.push_back({step.index, placements[step.index].reason});
  }
  if (compiled.end_address() > kAddressable) {
    return Status::InvalidArgument(
        fmt::format("the network takes {} bytes of DRAM, a VTA addresses {}",
                    base::WithThousands(static_cast<std::int64_t>(compiled.end_address())),
                    base::WithThousands(static_cast<std::int64_t>(kAddressable))));
  }
  Profile(compiled);
  return compiled;
}

}  // namespace foothold::network

#include "targets/vta/compiler/requantize_passes.h"

#include <algorithm>

namespace foothold::vta {
namespace {

std::vector<ComputeLoop> Flatten(const std::vector<ComputeLoop>& loops) {
  std::vector<ComputeLoop> flat;
  for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
    if (loop->extent == 1) continue;
    if (!flat.empty() && loop->dst == flat.back().dst * flat.back().extent &&
        loop->src == flat.back().src * flat.back().extent) {
      flat.back().extent *= loop->extent;
    } else {
      flat.push_back(*loop);
    }
  }
  std::reverse(flat.begin(), flat.end());
  return flat;
}

}  // namespace

std::vector<AluPass> RequantizePasses(const Requantize& requantize,
                                      const std::vector<ComputeLoop>& tile) {
  std::vector<ComputeLoop> in_place = tile;
  for (ComputeLoop& loop : in_place) loop.src = loop.dst;
  in_place = Flatten(in_place);

  const auto immediate = [&](AluOpcode opcode, std::int64_t imm) {
    return AluPass{opcode, true, static_cast<std::int32_t>(imm), in_place};
  };
  std::vector<AluPass> passes = {immediate(AluOpcode::kShr, requantize.shift)};
  if (requantize.bias) passes.push_back({AluOpcode::kAdd, false, 0, Flatten(tile)});
  passes.push_back(immediate(AluOpcode::kMin, requantize.clip_max));
  passes.push_back(immediate(AluOpcode::kMax, requantize.clip_min));
  return passes;
}

}  // namespace foothold::vta

#include "targets/cpu/analysis.h"

#include <fmt/core.h>

#include <cstring>

#include "base/text.h"

namespace foothold::cpu {
namespace {

constexpr double kFloatBytes = sizeof(float);

/// A number of `T` at `offset`; 0 beyond the end.
template <typename T>
std::uint64_t ReadNumber(std::string_view file, std::uint64_t offset) {
  T value{};
  if (offset > file.size() || file.size() - offset < sizeof value) return 0;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

const char* ToString(Order order) {
  switch (order) {
    case Order::kRowsPanels:
      return "row tiles, panels, channel tiles";
    case Order::kPanelsRows:
      return "panels, row tiles, channel tiles";
    case Order::kRowsReductionPanels:
      break;
  }
  return "row tiles, channel tiles, panels";
}

const char* ToString(PackInput pack) {
  switch (pack) {
    case PackInput::kNone:
      return "read in place";
    case PackInput::kTile:
      return "copied tile by tile";
    case PackInput::kWhole:
      break;
  }
  return "copied once";
}

}  // namespace

Metrics AnalyseSchedule(const Nest& nest, const Schedule& schedule) {
  const auto pixels = static_cast<double>(schedule.block_h * schedule.block_w);
  const auto panel = static_cast<double>(schedule.panel());
  const auto tile_c = static_cast<double>(std::min(schedule.tile_c, nest.channels));
  const auto tile_h = std::min(schedule.tile_h, nest.out_h);
  const std::int64_t in_rows = (tile_h - 1) * nest.stride_h + nest.kernel_h;
  const std::int64_t in_columns = (nest.out_w - 1) * nest.stride_w + nest.kernel_w;
  Metrics metrics;
  metrics["vector_registers"] = static_cast<double>(schedule.accumulators() + schedule.block_o + 1);
  metrics["input_tile_bytes"] = kFloatBytes * tile_c * static_cast<double>(in_rows * in_columns);
  metrics["weight_tile_bytes"] = kFloatBytes * tile_c * static_cast<double>(nest.taps()) * panel;
  metrics["sum_tile_bytes"] = kFloatBytes * static_cast<double>(tile_h * nest.out_w) * panel;
  metrics["flop_per_loaded_byte"] = 2 * pixels * panel / (kFloatBytes * (pixels + panel));
  metrics["useful_lanes"] =
      static_cast<double>(nest.out_channels) / (static_cast<double>(schedule.panels(nest)) * panel);
  return metrics;
}

double CodeBytes(std::string_view file) {
  constexpr std::string_view kElf64 =
      "\x7f"
      "ELF\x02";
  constexpr std::uint64_t kExecutable = 4;  // SHF_EXECINSTR
  if (!file.starts_with(kElf64)) return 0;
  // The header's e_shoff, e_shentsize and e_shnum; a section's sh_flags and sh_size (ELF-64, 1.5).
  const std::uint64_t table = ReadNumber<std::uint64_t>(file, 40);
  const std::uint64_t entry = ReadNumber<std::uint16_t>(file, 58);
  const std::uint64_t count = ReadNumber<std::uint16_t>(file, 60);
  double bytes = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t section = table + i * entry;
    if ((ReadNumber<std::uint64_t>(file, section + 8) & kExecutable) == 0) continue;
    const std::uint64_t size = ReadNumber<std::uint64_t>(file, section + 32);
    if (size <= file.size()) bytes += static_cast<double>(size);  // code is in the file
  }
  return bytes;
}

std::vector<std::string> Describe(const Nest& nest, const Schedule& schedule) {
  const Metrics metrics = AnalyseSchedule(nest, schedule);
  const auto bytes = [&](const char* name) {
    return base::WithThousands(static_cast<std::int64_t>(metrics.at(name)));
  };
  return {fmt::format("register block: {} x {} pixels x {} vectors of {} floats, {:.0f} vector "
                      "registers, {:.2f} FLOP per loaded byte",
                      schedule.block_h, schedule.block_w, schedule.block_o, schedule.vector,
                      metrics.at("vector_registers"), metrics.at("flop_per_loaded_byte")),
          fmt::format("cache tiles: input {} B, weights {} B, sums {} B", bytes("input_tile_bytes"),
                      bytes("weight_tile_bytes"), bytes("sum_tile_bytes")),
          fmt::format("loops: {}; {} thread{}", ToString(schedule.order), schedule.threads,
                      schedule.threads == 1 ? "" : "s"),
          fmt::format("input: {}; weights: {}", ToString(schedule.pack_input),
                      schedule.pack_weights ? "packed by panels" : "gathered in place")};
}

}  // namespace foothold::cpu

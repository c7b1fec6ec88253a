#include "targets/cpu/schedule.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace foothold::cpu {
namespace {

/// No host has more vector registers.
constexpr std::int64_t kMaxAccumulators = 32;

/// What the sizes are called: those of a dense layer have no height, width or channels.
struct Names {
  const char* block_h;
  const char* tile_h;
  const char* tile_c;
};
constexpr Names kConv2dNames = {"block_h", "tile_h", "tile_c"};
constexpr Names kDenseNames = {"block_n", "tile_n", "tile_k"};

Names NamesOf(const Nest& nest) { return nest.is_dense ? kDenseNames : kConv2dNames; }

std::vector<std::int64_t> UpTo(std::int64_t limit, std::initializer_list<std::int64_t> values) {
  std::vector<std::int64_t> kept;
  for (const std::int64_t value : values) {
    if (value <= limit) kept.push_back(value);
  }
  return kept;
}

/// The same, and `limit` itself if it is at most `largest`.
std::vector<std::int64_t> AndItself(std::int64_t limit, std::int64_t largest,
                                    std::initializer_list<std::int64_t> values) {
  std::vector<std::int64_t> kept = UpTo(limit, values);
  if (limit <= largest && kept.back() != limit) kept.push_back(limit);
  return kept;
}

std::vector<Parameter> BlockParameters(const Nest& nest, const SpaceOptions& options) {
  const Names names = NamesOf(nest);
  std::vector<Parameter> parameters = {
      {"vector", options.vectors},
      {"block_o", UpTo(std::max<std::int64_t>(1, nest.out_channels / options.vectors.front()),
                       {1, 2, 3, 4, 6})}};
  if (nest.is_dense) {
    parameters.push_back({names.block_h, UpTo(nest.out_h, {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14,
                                                           16, 20, 24, 28})});
  } else {
    parameters.push_back({names.block_h, UpTo(nest.out_h, {1, 2, 3, 4, 7})});
    parameters.push_back({"block_w", AndItself(nest.out_w, 28, {1, 2, 3, 4, 6, 7, 8, 12, 14, 28})});
  }
  return parameters;
}

std::vector<std::int64_t> UnrollValues(const Nest& nest) {
  if (nest.taps() > 1) return {1, 2, 3};
  return UpTo(nest.channels, {1, 2, 4, 8});
}

std::vector<std::int64_t> PackInputValues(const Nest& nest) {
  const auto tile = static_cast<std::int64_t>(PackInput::kTile);
  const auto whole = static_cast<std::int64_t>(PackInput::kWhole);
  if (nest.is_padded()) return {tile, whole};
  return {static_cast<std::int64_t>(PackInput::kNone), tile};  // whole: a copy for nothing
}

std::vector<Constraint> Constraints(const Nest& nest) {
  const Names names = NamesOf(nest);
  std::vector<std::string> block = {"block_o", names.block_h};
  if (!nest.is_dense) block.emplace_back("block_w");
  std::vector<Constraint> constraints = {Constraint::ProductAtMost(
      fmt::format("a register block has at most {} accumulators", kMaxAccumulators), block, 1,
      kMaxAccumulators)};
  constraints.push_back(Constraint::Where(
      fmt::format("{} is at most {}", names.block_h, names.tile_h), {names.block_h, names.tile_h},
      [](std::span<const std::int64_t> values) { return values[0] <= values[1]; }));
  constraints.push_back(Constraint::Where(
      "weights that are not packed have no channels missing in a panel",
      {"vector", "block_o", "pack_weights"}, [o = nest.out_channels](auto values) {
        return values[2] == 1 || o % (values[0] * values[1]) == 0;
      }));
  return constraints;
}

}  // namespace

Result<Space> MakeSpace(const Nest& nest, const SpaceOptions& options) {
  const Names names = NamesOf(nest);
  std::vector<Parameter> parameters = BlockParameters(nest, options);
  constexpr std::int64_t kAny = std::int64_t{1} << 62;
  parameters.push_back(
      {names.tile_c, AndItself(nest.channels, 1024, {1, 16, 32, 64, 128, 256, 512, 1024})});
  if (nest.channels >= 16) {  // a tile of one channel is for nests that have few
    parameters.back().values.erase(parameters.back().values.begin());
  }
  parameters.push_back({names.tile_h, nest.is_dense
                                          ? UpTo(std::max<std::int64_t>(nest.out_h, 1),
                                                 {1, 4, 16, 28, 56, 112, 168, 252, 504})
                                          : AndItself(nest.out_h, kAny, {1, 2, 4, 7, 14, 28, 56})});
  if (nest.is_dense && nest.out_h <= 512 && parameters.back().values.back() != nest.out_h) {
    parameters.back().values.push_back(nest.out_h);
  }
  parameters.push_back({"order", {0, 1, 2}});
  parameters.push_back({"pack_input", PackInputValues(nest)});
  parameters.push_back({"pack_weights", {0, 1}});
  parameters.push_back({"unroll", UnrollValues(nest)});
  parameters.push_back({"fence", {0, 1, 2}});
  if (options.max_threads > 1) {
    Parameter threads{"threads", {}};
    for (std::int64_t n = 1; n < options.max_threads; n *= 2) threads.values.push_back(n);
    threads.values.push_back(options.max_threads);
    parameters.push_back(std::move(threads));
  }
  return Space::Create(std::move(parameters), Constraints(nest));
}

Schedule ScheduleOf(const Nest& nest, const Space& space, const Config& config) {
  const Names names = NamesOf(nest);
  const auto value = [&](const char* name) { return space.Value(config, name); };
  Schedule schedule;
  schedule.vector = value("vector");
  schedule.block_o = value("block_o");
  schedule.block_h = value(names.block_h);
  schedule.block_w = nest.is_dense ? 1 : value("block_w");
  schedule.tile_c = value(names.tile_c);
  schedule.tile_h = value(names.tile_h);
  schedule.order = static_cast<Order>(value("order"));
  schedule.pack_input = static_cast<PackInput>(value("pack_input"));
  schedule.pack_weights = value("pack_weights") == 1;
  schedule.unroll = value("unroll");
  schedule.fence = static_cast<Fence>(value("fence"));
  if (space.parameters().back().name == "threads") schedule.threads = value("threads");
  return schedule;
}

}  // namespace foothold::cpu

#include "search/testing/outcome_table.h"

#include <algorithm>
#include <fstream>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "search/searcher/testing/measurements.h"

namespace foothold {
namespace {

/// The space of VTA's conv2d template: factors of the output's height, width and channel blocks.
Space ReadSpace(const Json& meta) {
  const auto factors = [](std::int64_t extent) {
    std::vector<std::int64_t> all;
    for (std::int64_t f = 1; f <= extent; ++f) {
      if (extent % f == 0) all.push_back(f);
    }
    return all;
  };
  const Json& layer = meta.at("workload");
  const auto get = [&](const char* name) { return layer.at(name).Get<std::int64_t>(); };
  const auto output = [&](const char* size, const char* pad, const char* kernel,
                          const char* stride) {
    return (get(size) + 2 * get(pad) - get(kernel)) / get(stride) + 1;
  };
  constexpr std::int64_t kBlock = 16;
  return Space::Create({{"tile_b", factors(get("batch"))},
                        {"tile_h", factors(output("height", "hpad", "hkernel", "hstride"))},
                        {"tile_w", factors(output("width", "wpad", "wkernel", "wstride"))},
                        {"tile_ci", factors(get("in_filter") / kBlock)},
                        {"tile_co", factors(get("out_filter") / kBlock)},
                        {"oc_nthread", {1, 2}},
                        {"h_nthread", {1, 2}}})
      .value();
}

/// Operations, and bytes moved at eight per cycle.
double Cost(const Json& row) {
  double cost = row.at("gemm_counter").number() + row.at("alu_counter").number();
  for (const auto& [name, value] : row.members()) {
    if (name.ends_with("_nbytes")) cost += value.number() / 8;
  }
  return cost;
}

}  // namespace

std::optional<OutcomeTable> OutcomeTable::Read(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  OutcomeTable table{ReadSpace(Json::Parse(line).value().at("meta")), {}, 0};
  table.costs.assign(table.space.raw_size(), 0);
  table.optimum = std::numeric_limits<double>::infinity();
  std::uint64_t rows = 0;
  for (; std::getline(file, line); ++rows) {
    const Json row = Json::Parse(line).value();
    const auto index = row.at("index").Get<std::uint64_t>();
    const Config config = table.space.AtIndex(index);
    for (const char* name : {"tile_h", "tile_w", "tile_ci", "tile_co", "oc_nthread", "h_nthread"}) {
      FOOTHOLD_CHECK(table.space.Value(config, name) == row.at(name).Get<std::int64_t>());
    }
    if (row.at("outcome") != "ok") continue;
    table.costs[index] = Cost(row);
    table.optimum = std::min(table.optimum, table.costs[index]);
  }
  FOOTHOLD_CHECK(rows == table.space.raw_size(), "one row per config");
  return table;
}

TableRun RunOnTable(const OutcomeTable& table, Searcher& searcher, int trials, int batch_size,
                    std::size_t generation) {
  TableRun run;
  std::vector<double> measured;  // costs of the trials so far
  std::size_t begun = 0;         // the trial with which the generation began
  const auto cost_of = [&](const Config& config) {
    return table.costs[table.space.IndexOf(config)];
  };
  // The costs as cycles of a PYNQ.
  constexpr double kCyclesPerSecond = 1e8;
  const auto merit = [&](const Config& config) {
    return cost_of(config) > 0 ? kCyclesPerSecond / cost_of(config) : 0.0;
  };
  while (measured.size() < static_cast<std::size_t>(trials)) {
    const std::size_t due = std::min(static_cast<std::size_t>(batch_size),
                                     static_cast<std::size_t>(trials) - measured.size());
    const std::vector<Config> batch = RunBatch(searcher, due, merit);
    for (const Config& config : batch) measured.push_back(cost_of(config));
    if (generation == 0 || measured.size() - begun < generation) {
      if (batch.empty()) break;
      continue;
    }
    for (std::size_t i = 0; i < due - batch.size(); ++i) measured.push_back(measured[begun + i]);
    begun = measured.size();
  }
  const auto found = std::find(measured.begin(), measured.end(), table.optimum);
  if (found != measured.end()) run.first_optimum = 1 + static_cast<int>(found - measured.begin());
  run.invalid = static_cast<int>(std::count(measured.begin(), measured.end(), 0.0));
  return run;
}

}  // namespace foothold

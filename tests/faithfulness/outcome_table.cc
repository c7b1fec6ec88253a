#include "tests/faithfulness/outcome_table.h"

#include <algorithm>
#include <fstream>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "measure/replay_runner.h"
#include "search/searcher/testing/measurements.h"
#include "tune/loop.h"
#include "tune/memory_journal.h"

namespace foothold {
namespace {

/// The space of VTA's conv2d template: factors of the output's height, width and channel blocks.
Space ReadSpace(const base::Json& meta) {
  const auto factors = [](std::int64_t extent) {
    std::vector<std::int64_t> all;
    for (std::int64_t f = 1; f <= extent; ++f) {
      if (extent % f == 0) all.push_back(f);
    }
    return all;
  };
  const base::Json& layer = meta.at("workload");
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
double Cost(const base::Json& row) {
  double cost = row.at("gemm_counter").number() + row.at("alu_counter").number();
  for (const auto& [name, value] : row.members()) {
    if (name.ends_with("_nbytes")) cost += value.number() / 8;
  }
  return cost;
}

/// Knows how many configs each batch had.
class BatchJournal : public tune::MemoryJournal {
 public:
  using MemoryJournal::MemoryJournal;
  const std::vector<std::size_t>& batches() const { return batches_; }
  Status Started(const std::vector<StartedRecord>& records) override {
    batches_.push_back(records.size());
    return MemoryJournal::Started(records);
  }

 private:
  std::vector<std::size_t> batches_;
};

/// The costs of the trials as AutoTVM counts them: where a batch that ends a generation is short,
/// the generation's first configs are measured again.
std::vector<double> WithRepeats(const std::vector<double>& costs,
                                const std::vector<std::size_t>& batches, std::size_t batch_size,
                                std::size_t generation) {
  std::vector<double> measured;
  std::size_t begun = 0;  // the trial with which the generation began
  auto next = costs.begin();
  for (const std::size_t size : batches) {
    measured.insert(measured.end(), next, next + static_cast<std::ptrdiff_t>(size));
    next += static_cast<std::ptrdiff_t>(size);
    if (measured.size() - begun < generation) continue;
    for (std::size_t i = 0; i < batch_size - size; ++i) measured.push_back(measured[begun + i]);
    begun = measured.size();
  }
  return measured;
}

}  // namespace

std::optional<OutcomeTable> OutcomeTable::Read(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  OutcomeTable table{ReadSpace(base::Json::Parse(line).value().at("meta")), {}, 0};
  table.costs.assign(table.space.raw_size(), 0);
  table.optimum = std::numeric_limits<double>::infinity();
  std::uint64_t rows = 0;
  for (; std::getline(file, line); ++rows) {
    const base::Json row = base::Json::Parse(line).value();
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

TableRun RunOnTable(const OutcomeTable& table, Searcher& searcher, std::size_t trials,
                    std::size_t batch_size, std::size_t generation) {
  const auto cost_of = [&](const Config& config) {
    return table.costs[table.space.IndexOf(config)];
  };
  // The costs as cycles of a PYNQ.
  constexpr double kCyclesPerSecond = 1e8;
  const auto measure = [&](const Config& config) {
    const double cost = cost_of(config);
    return search::MeasuredAs(config, cost > 0 ? kCyclesPerSecond / cost : 0);
  };
  measure::VirtualClock clock;
  const auto runner = measure::MakeReplayRunner({measure, {}}, clock);
  BatchJournal journal(clock);
  TunerOptions options;
  options.trials = trials;
  options.batch_size = batch_size;
  options.knowledge = Knowledge::kBlind;
  options.stop_early = false;
  const auto result = tune::RunLoop({table.space, searcher, *runner, journal, clock}, options);
  FOOTHOLD_CHECK(result.ok(), "nothing can fail but candidates");

  std::vector<double> measured;
  for (const tune::MemoryJournal::Trial& trial : journal.trials()) {
    measured.push_back(cost_of(trial.measurement.config));
  }
  if (generation > 0) measured = WithRepeats(measured, journal.batches(), batch_size, generation);
  measured.resize(std::min(measured.size(), trials));
  TableRun run;
  const auto found = std::find(measured.begin(), measured.end(), table.optimum);
  if (found != measured.end()) run.first_optimum = 1 + static_cast<int>(found - measured.begin());
  run.invalid = static_cast<int>(std::count(measured.begin(), measured.end(), 0.0));
  return run;
}

}  // namespace foothold

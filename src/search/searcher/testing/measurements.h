#pragma once

#include <vector>

#include "foothold/searcher.h"
#include "foothold/target.h"

namespace foothold::search {

// Outcomes made up for the searchers' tests.

/// A correct run with `merit` runs per second, or a failure for 0.
inline Measurement MeasuredAs(const Config& config, double merit) {
  Measurement measurement;
  measurement.config = config;
  if (merit > 0) {
    measurement.seconds = {1 / merit};
  } else {
    measurement.failure = {Outcome::kCompile, "test", "no merit"};
  }
  return measurement;
}

/// Proposes and observes one batch; the proposals. `merit` is a function of the config.
template <typename Merit>
std::vector<Config> RunBatch(Searcher& searcher, std::size_t count, const Merit& merit) {
  std::vector<Config> batch = searcher.Propose(count);
  std::vector<Measurement> measurements;
  for (const Config& config : batch) measurements.push_back(MeasuredAs(config, merit(config)));
  searcher.Observe(measurements);
  return batch;
}

/// Batches of `count` until nothing is proposed any more.
template <typename Merit>
std::vector<Config> RunToTheEnd(Searcher& searcher, std::size_t count, const Merit& merit) {
  std::vector<Config> all;
  for (;;) {
    const std::vector<Config> batch = RunBatch(searcher, count, merit);
    if (batch.empty()) return all;
    all.insert(all.end(), batch.begin(), batch.end());
  }
}

}  // namespace foothold::search

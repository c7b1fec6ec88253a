// What a searcher itself costs: CPU time per proposal, training and planning included. The tables
// in docs/concepts/searchers-autotvm.md and searcher-foothold.md.
//
//     searcher_bench [--benchmark_filter=autotvm]
//
// The first argument is the number of parameters of ten values each: spaces of 10^3 to 10^12
// configs; the second the trials observed before the timed stretch of 192. About one config in
// eight is valid.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "foothold/space.h"

namespace foothold {
namespace {

constexpr std::size_t kBatchSize = 8;
// With 640 observed before: three plans of AutoTVM's with the fits on 704, 768 and 832
// observations, and two generations of its genetic algorithm.
constexpr std::int64_t kObserved = 640;
constexpr std::size_t kTimed = 192;

Space MakeSpace(std::int64_t parameters) {
  std::vector<Parameter> all;
  for (std::int64_t p = 0; p < parameters; ++p) {
    std::string name = "p";
    all.push_back({name += std::to_string(p), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}});
  }
  return Space::Create(std::move(all)).value();
}

/// Valid where the first three parameters' product is small; best near the middle of the others.
Measurement Measure(const Space& space, const Config& config) {
  const std::vector<std::int64_t> values = space.Values(config);
  Measurement measurement;
  measurement.config = config;
  measurement.outcome = Outcome::kCompile;
  if (values[0] * values[1] * values[2] > 20) return measurement;
  double seconds = 1e-3;
  for (const std::int64_t value : values) {
    seconds += 1e-5 * static_cast<double>((value - 4) * (value - 4));
  }
  measurement.outcome = Outcome::kCorrect;
  measurement.seconds = {seconds};
  return measurement;
}

void Search(Searcher& searcher, const Space& space, std::size_t trials) {
  for (std::size_t done = 0; done < trials;) {
    const std::vector<Config> batch = searcher.Propose(kBatchSize);
    std::vector<Measurement> measurements;
    for (const Config& config : batch) measurements.push_back(Measure(space, config));
    searcher.Observe(measurements);
    done += batch.size();
  }
}

void BM_Proposal(benchmark::State& state, const char* name) {
  const Space space = MakeSpace(state.range(0));
  std::uint64_t seed = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    const std::unique_ptr<Searcher> searcher =
        MakeSearcher(name, {space, seed++, Knowledge::kBlind}).value();
    Search(*searcher, space, static_cast<std::size_t>(state.range(1)));
    state.ResumeTiming();
    Search(*searcher, space, kTimed);
  }
  // The CPU time of one proposal, where the column "CPU" has that of 192.
  state.counters["per_proposal"] = benchmark::Counter(
      static_cast<double>(kTimed),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void EachSize(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({{3, 4, 5, 6}, {kObserved}})->Iterations(20);
  benchmark->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
}

/// About 250, 500, 1,000 and 2,000 observations in the middle of the stretch.
void EachCount(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({{6, 12}, {152, 408, 904, 1904}})->Iterations(5);
  benchmark->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
}

BENCHMARK_CAPTURE(BM_Proposal, autotvm, "autotvm")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, genetic, "genetic")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, random, "random")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, foothold, "foothold")->Apply(EachCount);

}  // namespace
}  // namespace foothold

BENCHMARK_MAIN();

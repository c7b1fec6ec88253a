// What a searcher itself costs: CPU time per proposal, training and planning included:
// docs/results/micro.md.
//
//     searcher_bench [--benchmark_filter=autotvm]
//
// The first argument is the number of parameters of ten values each: spaces of 10^3 to 10^12
// configs; the second the trials observed before the timed stretch of 192. About one config in
// eight is valid.

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/table.h"
#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "foothold/space.h"
#include "measure/replay_runner.h"
#include "studies/micro/bench.h"
#include "tune/loop.h"
#include "tune/memory_journal.h"

namespace foothold::studies {
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
  if (values[0] * values[1] * values[2] > 20) {
    measurement.failure = {Outcome::kCompile, "lower", "too large"};
    return measurement;
  }
  double seconds = 1e-3;
  for (const std::int64_t value : values) {
    seconds += 1e-5 * static_cast<double>((value - 4) * (value - 4));
  }
  measurement.seconds = {seconds};
  return measurement;
}

/// Adds up what the searcher takes from the proposal of a trial on.
class Stretch : public tune::MemoryJournal {
 public:
  Stretch(measure::Clock& clock, std::uint64_t first) : MemoryJournal(clock), first_(first) {}

  double seconds() const { return seconds_; }

  void Searched(double cpu_seconds) override {
    last_ = cpu_seconds;
    if (begun_) seconds_ += cpu_seconds;
  }
  Status Started(const std::vector<StartedRecord>& records) override {
    if (!begun_ && records.front().trial >= first_) {
      begun_ = true;
      seconds_ = last_;  // of the proposal
    }
    return MemoryJournal::Started(records);
  }

 private:
  std::uint64_t first_;
  bool begun_ = false;
  double last_ = 0;
  double seconds_ = 0;
};

void BM_Proposal(benchmark::State& state, const char* name) {
  const Space space = MakeSpace(state.range(0));
  const auto observed = static_cast<std::uint64_t>(state.range(1));
  TunerOptions options;
  options.trials = observed + kTimed;
  options.batch_size = kBatchSize;
  options.knowledge = Knowledge::kBlind;
  options.stop_early = false;
  std::uint64_t seed = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::unique_ptr<Searcher> searcher =
        MakeSearcher(name, {space, seed++, Knowledge::kBlind}).value();
    measure::VirtualClock clock;
    const auto runner = measure::MakeReplayRunner(
        {[&](const Config& config) { return Measure(space, config); }, nullptr}, clock);
    Stretch stretch(clock, observed);
    if (!tune::RunLoop({space, *searcher, *runner, stretch, clock}, options).ok()) std::abort();
    state.SetIterationTime(stretch.seconds());
  }
  // The CPU time of one proposal, where the column "Time" has that of 192.
  state.counters["per_proposal"] = benchmark::Counter(
      static_cast<double>(kTimed),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void EachSize(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({{3, 4, 5, 6}, {kObserved}})->Iterations(20);
  benchmark->Unit(benchmark::kMillisecond)->UseManualTime();
}

/// About 250, 500, 1,000 and 2,000 observations in the middle of the stretch.
void EachCount(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({{6, 12}, {152, 408, 904, 1904}})->Iterations(5);
  benchmark->Unit(benchmark::kMillisecond)->UseManualTime();
}

BENCHMARK_CAPTURE(BM_Proposal, autotvm, "autotvm")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, genetic, "genetic")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, random, "random")->Apply(EachSize);
BENCHMARK_CAPTURE(BM_Proposal, foothold, "foothold")->Apply(EachCount);

/// What google-benchmark prints, as rows.
class Rows : public benchmark::ConsoleReporter {
 public:
  Rows() : ConsoleReporter(OO_None) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      // "BM_Proposal/autotvm/3/640/iterations:20/manual_time"
      std::vector<std::string> words;
      std::istringstream name(run.benchmark_name());
      for (std::string word; std::getline(name, word, '/');) words.push_back(word);
      FOOTHOLD_CHECK(words.size() >= 4);
      table_.AddRow({words[1], words[2], words[3], std::to_string(run.iterations),
                     fmt::format("{:.3f}", 1e3 * run.counters.at("per_proposal").value)});
    }
    ConsoleReporter::ReportRuns(runs);
  }

  const base::Table& table() const { return table_; }

 private:
  base::Table table_ = base::Table::OfNumbers(
      {"searcher", "parameters", "trials observed before", "runs", "CPU ms a proposal"});
};

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  Rows rows;
  benchmark::RunSpecifiedBenchmarks(&rows);
  Page page("searcher_bench", "What searchers cost", "./dev bench --output-dir");
  page.Text(fmt::format(
      "CPU time of a proposal, training and planning included: the mean over {} proposals. Spaces "
      "have so many parameters of ten values each, and about one config in eight is valid.",
      kTimed));
  page.Add(rows.table());
  return ShowBench(std::move(page), ParseBenchCall(argc, argv));
}

}  // namespace
}  // namespace foothold::studies

int main(int argc, char** argv) { return foothold::studies::Main(argc, argv); }

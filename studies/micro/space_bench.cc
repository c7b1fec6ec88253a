// Set-up time, peak memory and sampling speed of spaces of 10^12 points and more with ten or so
// constraints each: docs/results/micro.md.
//
// Each space lives in a child process of its own, so that its peak memory is its own too.

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "foothold/rng.h"
#include "foothold/space.h"
#include "studies/micro/bench.h"

namespace foothold::studies {
namespace {

struct Case {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;
};

std::string Name(std::size_t i) { return fmt::format("p{}", i); }

std::vector<std::string> Names(const std::vector<std::size_t>& indices) {
  std::vector<std::string> names;
  for (const std::size_t index : indices) names.push_back(Name(index));
  return names;
}

std::vector<std::size_t> Window(std::size_t first, std::size_t count) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; ++i) indices.push_back(first + i);
  return indices;
}

/// `count` parameters with the values 1 ... values.
std::vector<Parameter> Plain(std::size_t count, std::int64_t values) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < count; ++i) {
    Parameter parameter{Name(i), {}};
    for (std::int64_t value = 1; value <= values; ++value) parameter.values.push_back(value);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::vector<Constraint> Predicates(const std::vector<std::vector<std::size_t>>& parameters,
                                   const Constraint::Predicate& predicate) {
  std::vector<Constraint> constraints;
  for (const auto& own : parameters) {
    constraints.push_back(
        Constraint::Where(fmt::format("over {}", base::Joined(own, ", ")), Names(own), predicate));
  }
  return constraints;
}

/// `count` windows of `width` neighbouring parameters, each starting one later.
std::vector<std::vector<std::size_t>> Windows(std::size_t count, std::size_t width) {
  std::vector<std::vector<std::size_t>> windows;
  for (std::size_t i = 0; i < count; ++i) windows.push_back(Window(i, width));
  return windows;
}

std::vector<std::vector<std::size_t>> RandomTriples(std::size_t count, std::size_t parameters) {
  Rng rng(1);
  std::vector<std::vector<std::size_t>> triples;
  while (triples.size() < count) {
    std::vector<std::size_t> all = Window(0, parameters);
    rng.Shuffle(all);
    all.resize(3);
    triples.push_back(std::move(all));
  }
  return triples;
}

/// No structure to exploit: three of four combinations pass, as if at random.
bool PassesHash(std::span<const std::int64_t> values) {
  std::uint64_t hash = 7;
  for (const std::int64_t value : values) {
    hash = (hash + static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 29;
  }
  return hash % 4 != 0;
}

std::vector<Constraint> ProductWindows() {
  std::vector<Constraint> constraints;
  for (std::size_t i = 0; i < 10; ++i) {
    const std::size_t width = 3 + i;
    const std::size_t first = (12 - width) / 2;
    constraints.push_back(Constraint::ProductAtMost(
        fmt::format("{} factors", width), Names(Window(first, width)),
        static_cast<std::int64_t>(i + 1), std::int64_t{1} << (6 + 3 * i)));
  }
  return constraints;
}

std::vector<Constraint> SumWindows() {
  std::vector<Constraint> constraints;
  for (const auto& window : Windows(10, 3)) {
    constraints.push_back(Constraint::Fold(
        "sum", Names(window), 0,
        [](std::int64_t state, std::int64_t value) { return state + value; },
        [](std::int64_t state) { return state <= 15; }));
  }
  return constraints;
}

std::vector<Case> Cases() {
  using Values = std::span<const std::int64_t>;
  const std::vector<Parameter> twelve = Plain(12, 10);
  std::vector<std::vector<std::size_t>> distant;
  for (std::size_t i = 0; i < 6; ++i) distant.push_back({i, i + 6});
  for (std::size_t i = 0; i < 4; ++i) distant.push_back({i, 11 - i});
  std::vector<std::string> all = Names(Window(0, 12));

  std::vector<Case> cases;
  cases.push_back({"no constraints", twelve, {}});
  cases.push_back({"chain of pairs", twelve,
                   Predicates(Windows(10, 2), [](Values v) { return v[0] <= v[1] + 2; })});
  cases.push_back({"chain of triples", twelve,
                   Predicates(Windows(10, 3), [](Values v) { return v[0] * v[1] >= 2 * v[2]; })});
  cases.push_back({"chain of triples, random", twelve, Predicates(Windows(10, 3), PassesHash)});
  cases.push_back({"distant pairs, random", twelve, Predicates(distant, PassesHash)});
  cases.push_back(
      {"random triples, random", twelve, Predicates(RandomTriples(10, 12), PassesHash)});
  cases.push_back({"20 parameters, random triples", Plain(20, 4),
                   Predicates(RandomTriples(14, 20), PassesHash)});
  cases.push_back({"divisibility chain", twelve,
                   Predicates(Windows(11, 2), [](Values v) { return v[1] % v[0] == 0; })});
  cases.push_back({"sums over windows", twelve, SumWindows()});
  cases.push_back({"nested product bounds", twelve, ProductWindows()});
  cases.push_back(
      {"product over all", twelve, {Constraint::ProductAtMost("all", all, 1, 1'000'000)}});
  auto none = Predicates(Windows(11, 2), [](Values v) { return v[0] < v[1]; });
  cases.push_back({"none valid", twelve, std::move(none)});
  cases.push_back({"2^63 points", Plain(63, 2),
                   Predicates(Windows(62, 2), [](Values v) { return v[0] * v[1] <= 2; })});
  return cases;
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double PeakMegabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1000;  // ru_maxrss is in KB
}

/// Samples for about a second; 0 where there is nothing to sample.
double SamplesPerSecond(const Space& space) {
  if (space.valid_count() == 0) return 0;
  constexpr int kBatch = 10'000;
  Rng rng(1);
  std::uint64_t sum = 0;  // keeps the work from being optimised away
  double samples = 0;
  const auto start = std::chrono::steady_clock::now();
  while (SecondsSince(start) < 1) {
    for (int i = 0; i < kBatch; ++i) sum += space.Sample(rng).choices[0];
    samples += kBatch;
  }
  if (sum == UINT64_MAX) std::puts("unlikely");
  return samples / SecondsSince(start);
}

/// A row of the table; empty, with a message, where the space cannot be made.
base::Table::Cells RunCase(const Case& test) {
  const auto start = std::chrono::steady_clock::now();
  const Result<Space> space = Space::Create(test.parameters, test.constraints);
  const double set_up = SecondsSince(start);
  if (!space.ok()) {
    fmt::print(stderr, "{}: {}\n", test.name, space.status().message());
    return {};
  }
  const double peak = PeakMegabytes();
  return {test.name,
          fmt::format("{:.1e}", static_cast<double>(space->raw_size())),
          std::to_string(test.constraints.size()),
          std::to_string(space->valid_count()),
          std::to_string(space->diagram_nodes()),
          fmt::format("{:.1f}", 1000 * set_up),
          fmt::format("{:.0f}", peak),
          fmt::format("{:.2f}", SamplesPerSecond(*space) / 1e6)};
}

/// The same, in a process of its own.
base::Table::Cells RunCaseApart(const Case& test) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string row = base::Json(RunCase(test)).Dump();
    const bool is_written = ::write(ends[1], row.data(), row.size()) > 0;
    ::_exit(is_written ? 0 : 1);
  }
  ::close(ends[1]);
  std::string row(1 << 12, ' ');
  const ssize_t size = ::read(ends[0], row.data(), row.size());
  ::close(ends[0]);
  int status = 1;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0 || size <= 0) return {};
  return base::Json::Parse(row.substr(0, static_cast<std::size_t>(size)))
      .value()
      .Get<base::Table::Cells>();
}

int Main(const BenchCall& call) {
  base::Table table = base::Table::OfNumbers({"space", "points", "constraints", "valid", "nodes",
                                              "set-up, ms", "peak, MB", "million samples/s"});
  int failures = 0;
  for (const Case& test : Cases()) {
    base::Table::Cells row = RunCaseApart(test);
    if (row.empty()) {
      ++failures;
    } else {
      table.AddRow(std::move(row));
    }
  }
  Page page("space_bench", "What spaces cost", "./dev bench --output-dir");
  page.Text(
      "Set-up, memory and sampling of spaces with [constraints](../../../concepts/space.md). "
      "\"Random\" predicates pass three of four combinations by a hash, so that there is no "
      "structure to exploit. Memory is that of the whole process.");
  page.Add(table);
  return std::max(failures, ShowBench(std::move(page), call));
}

}  // namespace
}  // namespace foothold::studies

int main(int argc, char** argv) {
  return foothold::studies::Main(foothold::studies::ParseBenchCall(argc, argv));
}

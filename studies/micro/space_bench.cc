// Set-up time, peak memory and sampling speed of spaces of 10^12 points and more with ten or so
// constraints each. Prints one row per space: the table in docs/concepts/space.md.
//
// Each space lives in a child process of its own, so that its peak memory is its own too.

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "base/text.h"
#include "foothold/rng.h"
#include "foothold/space.h"

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

int RunCase(const Case& test) {
  const auto start = std::chrono::steady_clock::now();
  const Result<Space> space = Space::Create(test.parameters, test.constraints);
  const double set_up = SecondsSince(start);
  if (!space.ok()) {
    fmt::print("| {} | {}\n", test.name, space.status().message());
    return 1;
  }
  const double peak = PeakMegabytes();
  fmt::print("| {} | {:.1e} | {} | {} | {} | {:.1f} | {:.0f} | {:.2f} |\n", test.name,
             static_cast<double>(space->raw_size()), test.constraints.size(), space->valid_count(),
             space->diagram_nodes(), 1000 * set_up, peak, SamplesPerSecond(*space) / 1e6);
  return 0;
}

int Main() {
  fmt::print(
      "| space | points | constraints | valid | nodes | set-up, ms | peak, MB | "
      "million samples/s |\n| --- | --: | --: | --: | --: | --: | --: | --: |\n");
  int failures = 0;
  for (const Case& test : Cases()) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
      const int failed = RunCase(test);
      std::fflush(stdout);
      ::_exit(failed);
    }
    int status = 1;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) ++failures;
  }
  return failures;
}

}  // namespace
}  // namespace foothold::studies

int main() { return foothold::studies::Main(); }

#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "cli/common/live_line.h"
#include "cli/common/progress.h"
#include "studies/runs/run_all.h"

namespace foothold::cli {

/// Declares --seeds, --seed, --batch and --jobs for the fields of these names.
template <typename Options>
void AddRunOptions(CLI::App& command, Options& options) {
  command.add_option("--seeds", options.seeds, "Runs of each searcher on each space")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--seed", options.first_seed, "Seed of the first run")->capture_default_str();
  command.add_option("--batch", options.batch_size, "Proposals between two observations")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  if constexpr (requires { options.jobs; }) {
    command.add_option("--jobs", options.jobs, "Threads, 0 for one per core")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
  }
}

/// What `run(on_run)` returns; `on_run` counts the runs on a line of progress.
template <typename Run>
auto WithRunsLine(Env& env, const Run& run) {
  LiveLine line(LiveLine::ModeFor(stderr), stderr, env);
  line.Begin();
  const double start = env.MonotonicSeconds();
  std::pair<std::uint64_t, std::uint64_t> last;
  const auto text = [&] {
    return RunsDone(last.first, last.second, env.MonotonicSeconds() - start);
  };
  const studies::OnRun on_run = [&](std::uint64_t done, std::uint64_t total) {
    last = {done, total};
    line.Update(text);
  };
  auto result = run(on_run);
  line.End(text());
  return result;
}

}  // namespace foothold::cli

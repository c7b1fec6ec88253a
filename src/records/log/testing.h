#pragma once

// What the tests of this module share.

#include <string>
#include <vector>

#include "base/testing/test_data.h"
#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/rng.h"
#include "process/testing/temporary_folder.h"

namespace foothold::testing {

/// A run with every field set, over parameters a = 1, 2, 4 and b = -1, 7.
inline RunHeader SomeRun() {
  RunHeader header;
  header.foothold_version = "0.1.0";
  header.target = "vta:pynq";
  header.workload = FindWorkloads("resnet18.C8")->front();
  header.searcher = "random";
  header.seed = 18'446'744'073'709'551'615U;
  header.options = {{"batch_size", "8"}, {"verify", "true"}};
  header.machine = {{"cpu", "an \"odd\" name"}, {"host", "caf\xc3\xa9"}};
  header.parameters = {{"a", {1, 2, 4}}, {"b", {-1, 7}}};
  header.wall_clock = 1700000000.25;
  header.device_numbers = {{"acc_bytes", 131072}, {"clock_hz", 142.5e6}};
  header.dependencies =
      Dependencies{{"compiler version", "gcc 12.2.0"}, {"caf\xc3\xa9.cl", "sha256 ab12"}};
  return header;
}

inline TrialRecord CorrectTrial(std::uint64_t trial, Config config) {
  TrialRecord record;
  record.trial = trial;
  record.measurement.config = std::move(config);
  record.measurement.seconds = {0.0049, 1.0 / 3};
  record.measurement.build_seconds = 0.0021;
  record.measurement.run_seconds = 1;
  record.measurement.metrics = {{"cycles", 491520}, {"share", 0.1}};
  record.wall_clock = 1700000001.5;
  return record;
}

inline TrialRecord FailedTrial(std::uint64_t trial, Config config, Outcome outcome) {
  TrialRecord record;
  record.trial = trial;
  record.measurement.config = std::move(config);
  record.measurement.failure = {outcome, "lower.dma",
                                "input scratchpad: needs 52,480 B of 32,768 B"};
  record.measurement.build_seconds = 0.5;
  record.wall_clock = 1700000002;
  return record;
}

inline BuildRecord SomeBuild(std::uint64_t build, Config config, bool ok) {
  BuildRecord record;
  record.build = build;
  record.report.config = std::move(config);
  if (ok) record.report.metrics = {{"instructions", 12}};
  if (!ok) record.report.failure = Failure{Outcome::kCompile, "lower.dma", "no 2-D transfer"};
  record.report.seconds = 0.25;
  record.wall_clock = 1700000003;
  return record;
}

}  // namespace foothold::testing

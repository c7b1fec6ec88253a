#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "foothold/env.h"
#include "foothold/rng.h"
#include "targets/cpu/cpu_task.h"

namespace foothold::cpu {

inline Workload Parsed(const std::string& text) { return ParseInlineWorkload(text).value(); }

/// The task of `workload` on this host, compiled quickly: the tests run many candidates once.
/// Null when there is no C compiler.
inline std::unique_ptr<TargetTask> MakeTask(Env& env, const std::string& workload, int threads = 1,
                                            Weights weights = Weights::kConstant) {
  auto toolchain = FindToolchain(env, "");
  if (!toolchain.ok()) return nullptr;
  TaskOptions options;
  options.host = DescribeHost(env);
  options.host.threads = threads;
  options.toolchain = *std::move(toolchain);
  options.weights = weights;
  options.repeats = 1;
  std::replace(options.toolchain.flags.begin(), options.toolchain.flags.end(), std::string("-O3"),
               std::string("-O1"));
  return CpuTask::Create(env, std::move(options), Parsed(workload)).value();
}

}  // namespace foothold::cpu

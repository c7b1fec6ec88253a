#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::cpu {

/// What "cpu" may be followed by: "", ":threads", ":gemm".
struct Variant {
  std::string_view suffix;
  std::string_view description;  ///< one line
  bool has_threads = false;      ///< the number of threads is a parameter
  bool is_gemm = false;          ///< dense only, and packing the weights is part of each call
};
const std::vector<Variant>& Variants();

/// The target "cpu", with `suffix` of one of the variants: generated C, compiled by the compiler in
/// the environment variable CC or the system's and run on this host, both in child processes
/// (docs/targets/cpu.md). `env` must outlive the target and its tasks. NotFound when there is no
/// such variant.
Result<std::unique_ptr<Target>> MakeCpuTarget(Env& env, std::string_view suffix);

}  // namespace foothold::cpu

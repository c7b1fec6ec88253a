#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::cpu {

/// What this host is, as far as schedules and their programs depend on it.
struct Host {
  std::string model;                        ///< "AMD EPYC"; empty when the system does not say
  std::vector<std::int64_t> vectors = {4};  ///< vector widths in floats, ascending
  int threads = 1;                          ///< that this process may run at once
};

/// Reads /proc/cpuinfo; what it does not say keeps its default.
Host DescribeHost(Env& env);
/// The same of the text of such a file.
Host ParseHost(std::string_view cpuinfo);

/// The C compiler that builds candidates.
struct Toolchain {
  std::string compiler;  ///< a program in PATH, or a path
  std::string version;   ///< its first line about itself
  std::vector<std::string> flags = {"-std=gnu11", "-O3", "-march=native", "-pthread"};
};

/// `wanted`, or where it is empty the first there is of cc, gcc and clang. NotFound when there is
/// none; the message says what to install.
Result<Toolchain> FindToolchain(Env& env, const std::string& wanted);

}  // namespace foothold::cpu

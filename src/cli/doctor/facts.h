#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"

namespace foothold::doctor {

/// What `foothold doctor` finds out about a machine. Texts that are empty and optionals without a
/// value mean: cannot be told here.
struct Facts {
  std::string compiler;        ///< first line of `cc --version`; empty: there is no cc
  std::string compiler_error;  ///< why a small program could not be built and run; empty: it was
  std::string process_error;   ///< why a child process could not be run or stopped at its limit

  std::string temporary_error;        ///< why no file can be made in the temporary folder
  std::string temporary_path;         ///< the folder
  std::string temporary_file_system;  ///< "tmpfs"
  std::optional<std::uint64_t> temporary_free_bytes;

  std::optional<std::uint64_t> open_files;  ///< soft limit of descriptors; no value: unlimited
  std::optional<std::uint64_t> processes;   ///< soft limit of processes; no value: unlimited
  Containment containment;                  ///< of candidates

  std::size_t cores = 0;       ///< that this process may use
  std::optional<double> load;  ///< mean number of running processes in the last minute

  double clock_resolution_s = 0;     ///< smallest step seen; 0: the clock stands still
  std::vector<double> loop_seconds;  ///< of the same fixed loop, again and again
  std::string governor;              ///< of the first core's frequency
  std::optional<bool> turbo;         ///< whether the frequency may exceed the nominal one

  std::vector<std::string> opencl_devices;  ///< their names
  std::string opencl_error;                 ///< why they cannot be told; empty: they can
};

/// Looks around. Takes about a second; leaves nothing behind. Thread-safe.
Facts Observe(Env& env);

}  // namespace foothold::doctor

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// One dimension of a recorded space, with its values in the file's order.
struct RecordedParameter {
  std::string name;
  std::vector<ParameterValue> values;  ///< different from each other

  friend bool operator==(const RecordedParameter&, const RecordedParameter&) = default;
};

/// What another tuner says about one config. Times are in milliseconds, the unit of T4 and of
/// Kernel Tuner's caches, so that they are written with the digits they were read with; 0 where the
/// file says nothing.
struct RecordedTrial {
  Config config;  ///< for each parameter of the space the index of its value
  Outcome outcome = Outcome::kConstraints;
  std::string failure;              ///< the tuner's own word: "RuntimeFailedConfig"; may be empty
  std::optional<double> objective;  ///< has a value when the config is correct
  std::vector<double> times_ms;     ///< of the kernel, one per repeat; >= 0
  double compile_ms = 0;
  double verify_ms = 0;
  double benchmark_ms = 0;
  double search_ms = 0;     ///< spent in the searcher
  double framework_ms = 0;  ///< everything else that the tuner did
  std::string timestamp;    ///< as it stands in the file
  Metrics metrics;

  friend bool operator==(const RecordedTrial&, const RecordedTrial&) = default;
};

/// A kernel's search space as another tuner recorded it: any kernel, so there is no Workload.
struct RecordedSpace {
  std::string device;              ///< empty when unknown, as the next two
  std::string kernel;              ///< its name
  std::string problem_size;        ///< JSON text: "[4096,4096]"
  std::string objective = "time";  ///< what RecordedTrial::objective is, by its name in the file
  std::vector<RecordedParameter> parameters;
  std::vector<RecordedTrial> trials;         ///< in the file's order; a config may be there twice
  std::map<std::string, std::string> units;  ///< of the objective and the metrics that have one
  /// What the file says and this does not hold, a sentence each.
  std::vector<std::string> lost;
};

/// The files that recorded spaces come in (docs/formats/t4.md, kernel-tuner-cache.md, ktt.md).
enum class RecordedFormat : std::uint8_t { kT4, kKernelTuner, kKtt };

/// Reads a recorded space; errors name `path`, line and field. O(n log n) in the text, about 10 MB
/// a second.
FOOTHOLD_EXPORT Result<RecordedSpace> ParseT4(std::string_view text, std::string_view path);
/// A cache whose last two braces are missing, as it is while Kernel Tuner runs, is closed.
FOOTHOLD_EXPORT Result<RecordedSpace> ParseKernelTunerCache(std::string_view text,
                                                            std::string_view path);
FOOTHOLD_EXPORT Result<RecordedSpace> ParseKtt(std::string_view text, std::string_view path);

/// The file `path`, compressed by gzip or not. DataLoss when its compression is damaged. Without a
/// format: the one that the file's fields show.
FOOTHOLD_EXPORT Result<RecordedSpace> ReadRecordedSpace(Env& env, const std::string& path,
                                                        std::optional<RecordedFormat> format = {});

/// Whether `text`, which may be the beginning of a file, is gzip's or begins an object with a field
/// that only these formats have.
bool LooksLikeRecordedSpace(std::string_view text);

/// A file's text, and what it could not say, a sentence each.
struct WrittenSpace {
  std::string text;
  std::vector<std::string> lost;
};

/// T4 with what it has no place for in `metadata.foothold`: reads back equal.
FOOTHOLD_EXPORT WrittenSpace WriteT4(const RecordedSpace& space);
/// A closed cache, which Kernel Tuner can continue. Repeated configs are left out. Timeouts and
/// wrong answers become runtime failures, because a cache has no words for them.
FOOTHOLD_EXPORT WrittenSpace WriteKernelTunerCache(const RecordedSpace& space);

/// The trials of a record log as a recorded space. InvalidArgument unless all runs are of one
/// workload on one target with the same parameters.
FOOTHOLD_EXPORT Result<RecordedSpace> ToRecordedSpace(const LogContents& log,
                                                      std::string_view path);

/// The reverse: one run, whose workload is the kernel's name (or what that says inline) and whose
/// target is the device's. Values that are no whole numbers are known by their place in the
/// parameter's list; a sentence in space.lost says of which. InvalidArgument when the objective is
/// not time.
Result<LogContents> ToLogContents(RecordedSpace& space, std::string_view path);

}  // namespace foothold

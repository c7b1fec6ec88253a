#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/measuring.h"
#include "foothold/target.h"
#include "measure/comparison.h"
#include "measure/runner.h"

// What tuners and workers write to each other (docs/formats/fleet.md): JSON, one object a message.
namespace foothold::measure {

/// Longer messages are refused by who would send and by who would read them.
inline constexpr std::size_t kMostMessageBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMostConfigs = 64;  ///< of one job

enum class JobKind : std::uint8_t {
  kMeasure,  ///< build and run one config
  kBuild,    ///< build one config
  kCompare,  ///< CompareInTurns of two configs or more, all on one device
};

/// What is the same for all jobs of a run: a worker keeps one runner for it.
struct JobSetting {
  Workload workload;
  std::string space;  ///< SpaceDigest of what the configs are choices of
  RunOptions run;
  DeviceOptions device;
  RepeatOptions repeats;

  /// Whether the same runner serves both.
  friend bool operator==(const JobSetting& a, const JobSetting& b);
};

/// Something for a worker to do. It names no target and no command: those are the worker's own.
struct Job {
  std::string run;  ///< of the tuner that waits for it
  std::string job;  ///< within the run
  JobKind kind = JobKind::kMeasure;
  JobSetting setting;
  std::vector<Config> configs;  ///< one, or several for kCompare
  double seconds = 0;           ///< for kCompare, as the next
  std::uint64_t seed = 0;
  bool harmless = false;                ///< its configs cannot take a device down
  std::vector<std::string> avoid = {};  ///< devices on which the infrastructure failed for it
};

/// What became of a job.
struct JobResult {
  std::string run;
  std::string job;
  std::uint64_t attempt = 1;
  std::string device;
  std::string worker;
  Status status;              ///< not ok: something else than a config failed; the rest is empty
  bool is_diagnosis = false;  ///< Runner::HasDiagnosis
  std::optional<Measurement> measurement = {};  ///< of kMeasure
  std::optional<BuildReport> build = {};        ///< of kMeasure and kBuild, without its config
  std::optional<Comparison> comparison = {};    ///< of kCompare
  std::vector<Demotion> demotions = {};
  std::optional<Steadiness> steadiness = {};
};

/// 16 hexadecimal digits that two spaces share when they have the same parameters and values.
std::string SpaceDigest(const std::vector<Parameter>& parameters);

/// Messages of at most kMostMessageBytes; InvalidArgument for what would be longer.
Result<std::string> ToMessage(const Job& job);
Result<std::string> ToMessage(const JobResult& result);

/// InvalidArgument names the field and what would be right. The configs have not been compared with
/// a space.
Result<Job> ParseJob(std::string_view message);
Result<JobResult> ParseResult(std::string_view message);

}  // namespace foothold::measure

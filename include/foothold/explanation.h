#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "foothold/export.h"
#include "foothold/target.h"

namespace foothold {

/// What a target knows about one config: why it is invalid, or what bounds its time. Plain data;
/// what a target does not know stays as it is here, and is left out of text and JSON.
struct Explanation {
  /// One named value.
  struct Fact {
    /// Of at most nine characters, so that the lines of a text are aligned: "cost".
    std::string name;
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>,
                 std::vector<std::string>>
        value;
    /// "s", "items". The member of JSON is called by name and unit: "cost_s".
    std::string unit = {};
  };

  /// One kind of work of one unit of the hardware, over the whole run.
  struct Work {
    std::string unit;  ///< "load"
    std::string work;  ///< "weight loads"
    std::int64_t instructions = 0;
    std::int64_t cycles = 0;
    std::int64_t bytes = 0;  ///< that it moved; 0 for what moves none
    /// The share of each piece of the run in which the unit was at it, from launch to end; the same
    /// number of pieces for all works. May be empty.
    std::vector<double> busy = {};
  };

  /// The cycles of one unit of the hardware, over the whole run.
  struct Unit {
    std::string name;
    std::int64_t busy = 0;
    std::int64_t wait_fetch = 0;  ///< idle because its next instruction had not been fetched
    std::int64_t wait_prev = 0;   ///< idle until the unit before it was done
    std::int64_t wait_next = 0;   ///< idle until the unit behind it was done
    std::int64_t wait_push = 0;   ///< idle until there was room for what it says to a unit
    std::int64_t port_delay = 0;  ///< of `busy`, waiting for the memory port
  };

  // Which config of what.

  std::string workload;      ///< "dense 1x256 -> 512"
  std::string target;        ///< TaskTraits::target
  bool is_replayed = false;  ///< what is said here was recorded on `target`, not found out now
  std::string config;        ///< "tile_h=14 tile_w=14"
  std::uint64_t index = 0;   ///< in the task's space

  // What becomes of it. A target that would have to touch hardware leaves both empty.

  std::optional<Failure> failure;  ///< where it is invalid
  std::optional<double> seconds;   ///< where it is correct

  // What is known of its time; 0 and empty: nothing.

  double host_seconds = 0;        ///< of `seconds`, those of the host
  double gops = 0;                ///< 10^9 operations per second
  double share_of_peak = 0;       ///< of TaskTraits::peak_operations_per_second
  double share_of_roofline = 0;   ///< TaskTraits::roofline_seconds as a share of `seconds`
  std::int64_t cycles = 0;        ///< of the run; what the shares of works and units are of
  std::string bound;              ///< the work that must shrink first: "GEMM"
  std::string next_bound;         ///< what would bound then
  std::vector<Work> works;        ///< by unit, largest first within a unit
  std::vector<Unit> units;        ///< in the order in which data passes through them
  std::int64_t piece_cycles = 0;  ///< length of a piece of Work::busy

  // What else there is to know.

  std::vector<Fact> facts;
  Metrics metrics;
  /// Lines for people; JSON leaves them out, because the numbers in them are among the above. A
  /// text has them in the place of the metrics.
  std::vector<std::string> notes;
  std::string source;  ///< the program's, where the target generates one
};

/// Says that the config is correct and takes this many seconds, and how good that is by what `task`
/// knows of its workload and device.
FOOTHOLD_EXPORT void SetSeconds(const TargetTask& task, double seconds, Explanation& explanation);

/// The explanation for people. Every line ends in a newline.
FOOTHOLD_EXPORT std::string ToText(const Explanation& explanation);
/// The same as one JSON object on one line, for programs.
FOOTHOLD_EXPORT std::string ToJson(const Explanation& explanation);

}  // namespace foothold

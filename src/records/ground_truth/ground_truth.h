#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/workload.h"

namespace foothold::records {

/// All that is known about a config apart from its numbers. A space has few different ones, so
/// configs share them.
struct Verdict {
  Outcome outcome = Outcome::kConstraints;
  std::string stage;                         ///< of the target that refused; empty when kCorrect
  bool built = false;                        ///< there is a program, whatever became of its run
  std::vector<std::string> program_metrics;  ///< names, in order; empty unless built
  std::vector<std::string> run_metrics;      ///< names, in order; empty unless built

  /// How many numbers a config with this verdict has: its seconds, if it is correct, then the
  /// metrics of its program, then those of its run.
  std::size_t values() const;

  friend auto operator<=>(const Verdict&, const Verdict&) = default;  // NOLINT: tidy 14 sees a 0
};

/// What was explored: the first line of the file. Two explorations of equal headers by the same
/// simulator are equal.
struct GroundTruthHeader {
  std::string foothold_version;
  std::string target;  ///< Target::name()
  Workload workload;
  std::vector<Parameter> parameters;  ///< of the space, in order
  double timeout_s = 60;              ///< RunOptions::timeout_s
  // As in TaskTraits; 0 when unknown.
  double peak_operations_per_second = 0;
  double roofline_seconds = 0;
  std::uint64_t configs_per_block = 2048;  ///< how many are saved at a time

  friend bool operator==(const GroundTruthHeader&, const GroundTruthHeader&) = default;
};

/// What became of every config of a space: the ground truth that searchers are judged by
/// (docs/concepts/exploration.md). Configs go by AutoTVM's index (Space::AtIndex).
///
/// About one byte per config, and eight per number of a config that builds. Const functions are
/// thread-safe.
class GroundTruth {
 public:
  /// Different verdicts that one exploration can tell apart.
  static constexpr std::size_t kMaxVerdicts = 256;

  /// Of no config yet. Fails when the parameters are not those of a space.
  static Result<GroundTruth> Create(GroundTruthHeader header);

  /// Adds the next config, in index order. `values` as Verdict::values() says; seconds are finite
  /// and >= 0. Fails when there are more than kMaxVerdicts verdicts. REQUIRES: !complete().
  Status Add(const Verdict& verdict, std::span<const double> values);

  const GroundTruthHeader& header() const { return header_; }
  const Workload& workload() const { return header_.workload; }
  const std::string& target() const { return header_.target; }
  /// The raw product of the parameters: constraints of the target's space are outcomes here.
  const Space& space() const { return space_; }
  /// Configs added so far: those of the indices below it.
  std::uint64_t size() const { return ids_.size(); }
  bool complete() const { return size() == space_.raw_size(); }

  // Of one config. O(1), numbers O(log). REQUIRES: index < size().
  const Verdict& verdict(std::uint64_t index) const { return verdicts_[ids_[index]]; }
  Outcome outcome(std::uint64_t index) const { return verdict(index).outcome; }
  const std::string& stage(std::uint64_t index) const { return verdict(index).stage; }
  /// nullopt unless the config is correct.
  std::optional<double> seconds(std::uint64_t index) const;
  Metrics program_metrics(std::uint64_t index) const;
  Metrics run_metrics(std::uint64_t index) const;
  /// All its numbers, as Verdict::values() orders them; valid until the next Add.
  std::span<const double> values(std::uint64_t index) const;
  /// The place of its verdict in verdicts().
  std::uint8_t verdict_id(std::uint64_t index) const { return ids_[index]; }

  // Of all configs so far.
  /// The different verdicts, in the order of the first config that has each.
  const std::vector<Verdict>& verdicts() const { return verdicts_; }
  /// Number of configs of each verdict.
  const std::vector<std::uint64_t>& verdict_counts() const { return counts_; }
  std::map<Outcome, std::uint64_t> outcomes() const;
  /// Number of configs by the stage that refused them.
  std::map<std::string, std::uint64_t> stages() const;
  std::uint64_t valid_count() const;
  /// The indices of the correct configs, in order. O(n log n) in their number.
  std::vector<std::uint64_t> ValidIndices() const;
  /// The least seconds of any config; nullopt when none is correct.
  std::optional<double> best_seconds() const { return best_seconds_; }
  /// The indices of all configs that take best_seconds(), in order.
  const std::vector<std::uint64_t>& best_indices() const { return best_indices_; }

 private:
  GroundTruth(GroundTruthHeader header, Space space);
  Result<std::uint8_t> IdOf(const Verdict& verdict);

  /// The configs of one verdict, and their numbers, config by config. Empty for a verdict without
  /// numbers.
  struct Rows {
    std::vector<std::uint64_t> indices;
    std::vector<double> values;
  };

  GroundTruthHeader header_;
  Space space_;
  std::vector<std::uint8_t> ids_;  // the verdict of each config
  std::vector<Verdict> verdicts_;
  std::map<Verdict, std::uint8_t> id_of_;
  std::vector<Rows> rows_;             // of each verdict
  std::vector<std::uint64_t> counts_;  // of each verdict
  std::optional<double> best_seconds_;
  std::vector<std::uint64_t> best_indices_;
};

/// Whether `text` begins as the header line of an exploration does, as far as it goes.
bool BeginsAsGroundTruth(std::string_view text);

/// Reads a finished exploration (docs/formats/exploration.md). DataLoss, naming the byte, when the
/// file is damaged; InvalidArgument when it is something else or unfinished.
Result<GroundTruth> ReadGroundTruth(Env& env, const std::string& path);

}  // namespace foothold::records

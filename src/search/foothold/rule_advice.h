#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"
#include "rule_learning/examples.h"
#include "rule_learning/learner.h"

namespace foothold {

/// A second opinion on what is valid: rules as in "tile_h * tile_w > 2048 fails", learned from a
/// run's own trials (rule_learning/learner.h). A rule holds in all of the space, while the model of
/// validity judges by what lies near; so rules know of valid regions in which nothing was tried.
/// They forbid too much too early, therefore they raise P(valid) a lot and lower it a little.
class RuleAdvice {
 public:
  explicit RuleAdvice(const Space& space);

  void Observe(const Measurement& trial);

  /// Where a config is unlikely to be valid, and no rule forbids it, its probability becomes the
  /// share of such configs that were valid when they were tried of late, if that is more. What a
  /// rule forbids becomes a tenth less likely where failures were seen as near to the rule's bound.
  /// REQUIRES: one probability per config. Learns anew when the trials are a fifth more than last
  /// time, up to 512.
  void Revise(std::span<const Config> configs, std::span<double> probabilities);

 private:
  void Learn();
  enum class Verdict { kAllowed, kDoubtful, kForbidden };
  Verdict Judge(const Config& config) const;

  Space space_;
  ExampleCollector trials_;
  std::vector<Rule> rules_;
  std::size_t learned_from_ = 0;                 ///< trials
  std::unordered_set<std::uint64_t> contested_;  ///< by Space::IndexOf: what advice raised
  double contested_tried_ = 2;                   ///< with less weight the longer ago
  double contested_valid_ = 1;
};

}  // namespace foothold

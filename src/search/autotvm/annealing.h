#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"

namespace foothold::search {

struct AnnealingOptions {
  int iterations = 500;          ///< at most
  double start_temperature = 1;  ///< cools linearly ...
  double end_temperature = 0;    ///< ... to this, in units of the score
  bool persistent = true;        ///< start where the last call ended
  std::size_t points = 128;      ///< that walk side by side; no more than there are configs
  int patience = 50;             ///< iterations without a new one among the best
};

/// AutoTVM's simulated annealing on a model's scores
/// (docs/reference/vta-and-autotvm.md#simulated-annealing): many points walk through the space,
/// each accepting or rejecting its own steps, and the best configs met on the way are kept.
///
/// A step changes exactly one parameter. In a constrained space it redraws parameters until the
/// config is valid (AutoTVM 0.12), and after kRedrawsBeforeSampling of them samples one.
class Annealing {
 public:
  /// Fills in one score per config, higher for better; no NaN.
  using Scorer = std::function<void(std::span<const Config> configs, std::span<float> scores)>;

  Annealing(const Space& space, const AnnealingOptions& options);

  /// Up to `count` configs of the greatest scores met, the best first, without those `excluded`
  /// (indices as Space::IndexOf) and without scores below 0, so there may be fewer.
  /// REQUIRES: the space has a valid config.
  std::vector<Config> FindMaxima(const Scorer& score, std::size_t count,
                                 const std::unordered_set<std::uint64_t>& excluded, Rng& rng);

  /// Where the points stand; empty before the first call.
  std::span<const Config> points() const { return points_; }

  /// Linear in the iteration, counted from 0.
  double Temperature(int iteration) const;
  /// The probability to accept a step that changes the score by `gain`: exp(gain / temperature),
  /// more than 1 for a gain.
  static double Acceptance(float gain, double temperature);

 private:
  void Step(Config& config, Rng& rng) const;

  Space space_;
  AnnealingOptions options_;
  std::vector<Config> points_;
};

}  // namespace foothold::search

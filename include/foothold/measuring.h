#pragma once

#include <cstddef>

namespace foothold {

/// How to deal with a device that is slow, unstable or gone. The defaults suit a local device.
struct DeviceOptions {
  /// Attempts at a Build or Run before an infrastructure failure ends the batch; > 0.
  int attempts = 3;
  double first_pause_s = 1;  ///< before the second attempt; doubles with each further one; >= 0
  /// A run is killed when it takes this many times as long as the best candidate's run; > 1. Its
  /// config is then kSlow: not a failure, but a lower bound on its time.
  double times_best = 10;
  /// When the first failures, this many, are all alike, the run ends with a diagnosis; > 0.
  std::size_t failures_alike = 100;
  /// Run the best candidate again after a failed run, as a health check of the device. Also now and
  /// then, to see how steady the device is.
  bool probe = true;
};

/// How often to run a candidate whose times are not exact (TaskTraits::times_are_exact), and how to
/// tell the finalists apart. docs/concepts/measuring.md gives the reasons.
struct RepeatOptions {
  /// Warm-up runs, whose times are discarded; >= 0. The first one verifies the output. A warm-up's
  /// time counts only when no further run follows.
  int warm_ups = 1;
  /// Runs before a candidate may be judged slower than the best one, unless it takes twice as long;
  /// > 0.
  int least_repeats = 3;
  /// Maximum runs of a candidate; > 0; wins over least_repeats. 1: no repeats.
  int most_repeats = 20;
  /// Repeats stop when half the confidence interval of the median is at most this fraction of the
  /// median; > 0.
  double interval_width = 0.02;
  /// Relative tolerance; >= 0. With fewer than six runs there is no interval: the true time is then
  /// assumed to lie within this fraction of the observed ones. A candidate this much slower than
  /// the best may still be a finalist, because the device may have changed between their runs.
  double worse_margin = 0.05;
  /// Seconds on one candidate after which no further run of it starts; > 0.
  double repeat_seconds = 5;
  /// Maximum rounds of the final, in which the finalists run in turns; 0: no final.
  int final_rounds = 30;
  /// Maximum seconds of the final; > 0. Never more than a fifth of TunerOptions::max_seconds.
  double final_seconds = 30;
};

/// How steady a device is. The best candidates are run again and again; their times should not
/// change.
struct Steadiness {
  std::size_t runs = 0;  ///< number of runs looked at
  double spread = 0;     ///< interquartile range of the times, as a fraction of the median
  double slowest = 1;    ///< the slowest run, in multiples of the median

  /// Whether a few runs are not enough to tell close candidates apart.
  bool is_noisy() const { return spread > kNoisySpread; }
  static constexpr double kNoisySpread = 0.03;  ///< `foothold doctor` warns above it, too
};

}  // namespace foothold

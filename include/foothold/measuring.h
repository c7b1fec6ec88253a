#pragma once

#include <cstddef>

namespace foothold {

/// How to deal with a device that is slow, moody or gone. The defaults suit a local device.
struct DeviceRules {
  /// Build and Run are tried so often before a failure of the infrastructure ends the batch; > 0.
  int attempts = 3;
  double first_pause_s = 1;  ///< between two attempts; doubles each time; >= 0
  /// A run is killed when it takes so many times what the run of the best candidate took; > 1. Its
  /// config is then kSlow: no failure, but a bound on its time.
  double times_best = 10;
  /// So many failures alike from the beginning end the run with a diagnosis; > 0.
  std::size_t failures_alike = 100;
  /// Run the best candidate again after a failed run, to know whether the device is still well, and
  /// now and then, to know how steady it is.
  bool probe = true;
};

/// How often to run a candidate whose times are not exact (TargetTask::TimesAreExact), and how to
/// tell the fastest ones apart at the end. docs/concepts/measuring.md has the reasons.
struct RepeatRules {
  /// Runs at the beginning whose times are thrown away; the first of them is the one whose output
  /// is verified. Kept only where nothing comes after it. >= 0.
  int warm_ups = 1;
  /// Before so many runs a candidate is not called worse than the best one, unless it takes twice
  /// as long; > 0.
  int least_repeats = 3;
  int most_repeats = 20;  ///< > 0; wins over least_repeats. 1: candidates are not run again
  /// Enough is known when half the confidence interval of the median is at most this share of it;
  /// > 0.
  double interval_width = 0.02;
  /// What runs are not trusted with, as a share of their times: below 6 of them there is no
  /// interval, and the true time is taken to be within this share of those seen; and who is this
  /// much slower than the best one may still be a leader, as the device was another then; >= 0.
  double worse_margin = 0.05;
  /// No further run of a candidate is begun after so many seconds on it; > 0.
  double repeat_seconds = 5;
  /// At the end, the leaders are run so often in turns at most; 0: not at all.
  int final_rounds = 30;
  /// ... and for so many seconds at most, of which no more than a fifth of
  /// TunerOptions::max_seconds; > 0.
  double final_seconds = 30;
};

/// How steady a device is, seen from the best candidates so far, whose time should not change.
struct Steadiness {
  std::size_t runs = 0;  ///< that it was told from
  double spread = 0;     ///< quartiles of the times lie so far apart, as a share of the median
  double slowest = 1;    ///< the slowest run, in medians

  /// Whether candidates that are close cannot be told apart in a few runs.
  bool is_noisy() const { return spread > kNoisySpread; }
  static constexpr double kNoisySpread = 0.03;  ///< what `foothold doctor` warns of, too
};

}  // namespace foothold

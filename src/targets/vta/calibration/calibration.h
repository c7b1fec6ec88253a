#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "foothold/status.h"
#include "targets/vta/calibration/measured_schedule.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// Timing figures that are fitted as one constant: all of them get the same value.
struct FittedConstant {
  std::string name;                  ///< for tables: "cycles per GEMM loop entry"
  std::vector<std::string> figures;  ///< names of TimingFigures(), at least one
};

struct CalibrationOptions {
  /// At most six, lest the fit learn the log instead of the board.
  std::vector<FittedConstant> constants;
  /// Figures with a common value of their own in each session of the log after the first, so that a
  /// bitstream that was rebuilt between sessions does not bend the constants. The profile keeps the
  /// first session's value, which is not fitted. Empty: none.
  std::vector<std::string> session_figures;
  double session_gap_s = 7 * 86400.0;  ///< a longer pause between two records starts a session; > 0
};

/// The constants that say how fast a board of VTA's HLS build is, with what they stand for
/// (docs/targets/vta-boards.md).
CalibrationOptions HlsCalibration();

struct CalibrationError {
  double median = 0;     ///< of |predicted - measured| / measured
  double ninetieth = 0;  ///< its 90th percentile
};

struct Calibration {
  vta::Timing timing;          ///< the machine's, with the fitted constants
  std::vector<double> values;  ///< of the constants, in order
  std::vector<double>
      session_values;         ///< of the session figures in the second session, the third, ...
  std::size_t schedules = 0;  ///< used in the fit
  std::size_t rejected = 0;   ///< of the log, not valid on this machine
  CalibrationError fit;       ///< on the log itself
  CalibrationError leave_one_layer_out;  ///< each layer predicted by constants fitted on the others
};

/// Fits the constants to measured times by pattern search on the mean absolute logarithm of
/// predicted / measured, each error capped so that single records that do not belong cannot pull.
/// Deterministic.
///
/// InvalidArgument for an unknown figure, more than six constants, or fewer than two layers with
/// valid schedules. Cost: a few thousand simulations of the log's schedules without data, times the
/// number of layers.
Result<Calibration> Calibrate(const vta::VtaMachine& machine,
                              const std::vector<MeasuredSchedule>& schedules,
                              const CalibrationOptions& options);

std::string ToText(const Calibration& calibration, const CalibrationOptions& options);

}  // namespace foothold::vta

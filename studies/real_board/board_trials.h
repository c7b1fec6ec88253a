#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "foothold/workload.h"

namespace foothold::studies {

/// One trial that AutoTVM made on a real board, successful or not.
struct BoardTrial {
  Workload workload;                 ///< named after its shape
  std::vector<std::int64_t> values;  ///< of TVM's template, in order
  int error_no = 0;  ///< AutoTVM's code (docs/reference/vta-and-autotvm.md#error-numbers)
  std::optional<double> seconds;  ///< per call; set exactly when error_no is 0
  double wall_seconds = 0;        ///< that the whole trial took
  std::string where = {};         ///< "trials.csv:7", for complaints
};

/// Reads a table of trials: CSV with a header that names at least N, CI, H, W, CO, KH, KW, stride,
/// pad, tile_b, tile_h, tile_w, tile_ci, tile_co, oc_nthread, h_nthread, error_no, cost_s and
/// all_cost_s; other columns are ignored. Errors name `path`, the line and the column.
///
/// A log of AutoTVM, which is known by its content, is read too, its bad records left out: a run of
/// the tuner, or the best records of many layers.
Result<std::vector<BoardTrial>> ReadBoardTrials(std::string_view text, std::string_view path);

}  // namespace foothold::studies

// Any text as a table of trials made on a board, and as an AutoTVM log of such: usable trials come
// out, or one line that says why not.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "studies/real_board/board_trials.h"
#include "targets/vta/calibration/measured_schedule.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const foothold::Status& status) {
  Require(!status.ok() && !status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto trials = foothold::studies::ReadBoardTrials(text, "fuzz");
  if (!trials.ok()) RequireOneLine(trials.status());
  for (std::size_t i = 0; trials.ok() && i < trials->size(); ++i) {
    const foothold::studies::BoardTrial& trial = (*trials)[i];
    Require(trial.seconds.has_value() == (trial.error_no == 0));
    Require(!trial.seconds || (std::isfinite(*trial.seconds) && *trial.seconds > 0));
    Require(std::isfinite(trial.wall_seconds));
    Require(foothold::OperationCount(trial.workload) > 0);
  }
  const auto schedules = foothold::vta::ReadMeasuredSchedules(text, "fuzz");
  if (!schedules.ok()) RequireOneLine(schedules.status());
  for (std::size_t i = 0; schedules.ok() && i < schedules->size(); ++i) {
    Require((*schedules)[i].seconds > 0);
    Require(foothold::OperationCount((*schedules)[i].workload) > 0);
  }
  return 0;
}

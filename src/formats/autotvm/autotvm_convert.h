#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "foothold/record.h"
#include "formats/autotvm/autotvm_log.h"

namespace foothold::formats {

/// The trial as AutoTVM 0.8 would have logged it on `autotvm_target`. InvalidArgument when the
/// run's parameters are not those of AutoTVM's task. Stage, reason, metrics and everything after
/// the convolution (shift, bias, clip) have no place there (docs/formats/autotvm-log.md).
Result<AutotvmRecord> ToAutotvm(const RunHeader& run, const TrialRecord& trial,
                                std::string_view autotvm_target);

struct AutotvmImport {
  std::vector<RunLog> runs;      ///< one for each target and workload, in order of appearance
  std::size_t other_tasks = 0;   ///< records of tasks that are not VTA's conv2d or dense
  std::vector<std::string> bad;  ///< left out, an error's text each
};

/// The VTA records of an AutoTVM log as runs of Foothold's log; a run's target is AutoTVM's target
/// text. `path` is for errors: a record whose entities do not give its index is one. `bad` begins
/// with those of the log. Under kSkip the first is an error only where no record is good.
Result<AutotvmImport> FromAutotvm(const AutotvmLog& log, std::string_view path,
                                  BadRecords bad = BadRecords::kRefuse);

}  // namespace foothold::formats

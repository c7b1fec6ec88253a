#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/status.h"
#include "formats/autotvm/autotvm_log.h"

namespace foothold::cli {

/// A log, and what of its file it does not hold, a sentence each.
struct AnyLog {
  LogContents contents;
  std::vector<std::string> notes;
};

/// Reads a log of any kind, told by its content: a record log, an AutoTVM log, or results in T4, in
/// Kernel Tuner's cache format or in KTT's, compressed by gzip or not. `bad`: what to do about
/// AutoTVM records that are wrong.
Result<AnyLog> ReadAnyLog(Env& env, const std::string& path,
                          formats::BadRecords bad = formats::BadRecords::kSkip);

/// The same, saying on the standard error what was left out, torn or damaged: the rest is good.
Result<LogContents> ReadLogAndSayWhatIsLost(Env& env, const std::string& path,
                                            formats::BadRecords bad = formats::BadRecords::kSkip);

/// The runs of an AutoTVM log's text; notes list every record that was left out.
Result<AnyLog> ReadAutotvmRuns(std::string_view text, const std::string& path,
                               formats::BadRecords bad);

/// Prints notes on the standard error; of many in a row only the first.
void PrintNotes(const std::vector<std::string>& notes);

inline constexpr const char* kStrictHelp =
    "Refuse AutoTVM logs with records that are wrong instead of leaving those out";
inline formats::BadRecords BadRecordsOf(bool strict) {
  return strict ? formats::BadRecords::kRefuse : formats::BadRecords::kSkip;
}

}  // namespace foothold::cli

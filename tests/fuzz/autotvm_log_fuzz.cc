// Whatever is read as an AutoTVM record is written in a form that reads back and is written the
// same; what converts to runs converts back, and reads back from a record log.

#include <cstdlib>

#include "formats/autotvm/autotvm_convert.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto log = foothold::formats::ParseAutotvmLog(text, "input");
  if (!log.ok()) return 0;
  for (const foothold::formats::AutotvmRecord& record : log->records) {
    const std::string line = ToAutotvmLine(record);
    const auto again = foothold::formats::ParseAutotvmLog(line, "again");
    Require(again.ok() && again->records.size() == 1 && !again->torn);
    Require(ToAutotvmLine(again->records[0]) == line);
  }
  const auto import = foothold::formats::FromAutotvm(*log, "input");
  if (!import.ok()) return 0;
  std::string lines;
  for (const foothold::RunLog& run : import->runs) {
    lines += ToJsonLine(run.header, run.run) + '\n';
    for (const foothold::TrialRecord& trial : run.trials) {
      Require(foothold::formats::ToAutotvm(run.header, trial, run.header.target).ok());
      lines += ToJsonLine(trial, run.run, run.header.parameters) + '\n';
    }
  }
  const auto read = foothold::ParseLog(lines, "lines");
  Require(read.ok() && !read->repaired && read->runs.size() == import->runs.size());
  return 0;
}

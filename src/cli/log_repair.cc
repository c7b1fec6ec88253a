// foothold log repair: what can be read of a damaged log, as a log that can be resumed.
#include "cli/log_repair.h"

#include <fmt/core.h>

#include <utility>

#include "base/json.h"
#include "cli/common/files.h"
#include "cli/common/output.h"
#include "foothold/record.h"

namespace foothold::cli {
namespace {

struct Counts {
  std::size_t runs = 0;
  std::size_t trials = 0;
  std::size_t builds = 0;
  std::uint64_t apart = 0;  ///< lines that were saved into a run of their own
  std::uint64_t lost = 0;   ///< lines of which nothing is left
};

Counts Count(const LogContents& contents) {
  Counts counts;
  counts.runs = contents.runs.size();
  for (const RunLog& run : contents.runs) {
    counts.trials += run.trials.size();
    counts.builds += run.builds.size();
  }
  for (const DamagedLines& lines : contents.damaged) {
    (lines.salvaged ? counts.apart : counts.lost) += lines.last - lines.first + 1;
  }
  return counts;
}

std::string ToText(const DamagedLines& lines) {
  std::string text = lines.problem;
  if (lines.last > lines.first) text += fmt::format("; so are all lines up to {}", lines.last);
  return text + (lines.salvaged ? " (saved in a run of its own)\n" : " (lost)\n");
}

base::Json ToJson(const RepairedLog& repair, const Counts& counts) {
  base::Json damaged = base::Json::Array();
  for (const DamagedLines& lines : repair.contents.damaged) {
    damaged.push_back({{"first_line", lines.first},
                       {"last_line", lines.last},
                       {"problem", lines.problem},
                       {"saved", lines.salvaged}});
  }
  base::Json json = {{"written_to", base::Json()},   {"original", base::Json()},
                     {"runs", counts.runs},          {"trials", counts.trials},
                     {"builds", counts.builds},      {"saved_apart_lines", counts.apart},
                     {"lost_lines", counts.lost},    {"torn", repair.contents.repaired},
                     {"damaged", std::move(damaged)}};
  if (!repair.written_to.empty()) json["written_to"] = repair.written_to;
  if (!repair.original.empty()) json["original"] = repair.original;
  return json;
}

}  // namespace

Result<ExitCode> RunRepair(const RepairArguments& arguments, const Session& session) {
  if (arguments.log == "-" && arguments.output.empty()) {
    return Status::InvalidArgument("-: is the standard input; name where the log goes with -o");
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "-o", arguments.output, {arguments.log}));
  FOOTHOLD_ASSIGN_OR_RETURN(const RepairedLog repair,
                            RepairLog(session.env, arguments.log, arguments.output));
  const Counts counts = Count(repair.contents);
  if (arguments.json) {
    PrintOut("{}\n", ToJson(repair, counts).Dump(2));
    return ExitCode::kOk;
  }
  if (repair.written_to.empty()) {
    PrintOut("{}: nothing to repair: {} runs, {} trials\n", arguments.log, counts.runs,
             counts.trials);
    return ExitCode::kOk;
  }
  for (const DamagedLines& lines : repair.contents.damaged) PrintOut("{}", ToText(lines));
  if (repair.contents.repaired) PrintOut("{}\n", *repair.contents.repaired);
  PrintOut(
      "{}: saved {} runs, {} trials, {} builds; lines saved in runs of their own: {}, lost: "
      "{}\n",
      repair.written_to, counts.runs, counts.trials, counts.builds, counts.apart, counts.lost);
  if (!repair.original.empty()) PrintOut("the damaged log is kept in {}\n", repair.original);
  return ExitCode::kOk;
}

}  // namespace foothold::cli

#include "cli/log_convert.h"

#include <fmt/core.h>

#include "base/json.h"
#include "cli/common/any_log.h"
#include "cli/common/files.h"
#include "cli/common/output.h"
#include "cli/common/record_text.h"
#include "foothold/record.h"
#include "foothold/recorded_space.h"
#include "formats/autotvm/autotvm_convert.h"
#include "targets/vta/vta_target.h"

namespace foothold::cli {
namespace {

struct Converted {
  std::string text;
  std::size_t records = 0;
  std::vector<std::string> notes;  // what was left out
};

// What of a log was torn or is damaged.
void AddLosses(const LogContents& contents, const std::string& path,
               std::vector<std::string>& notes) {
  if (contents.repaired) notes.push_back(*contents.repaired);
  if (const auto damage = DescribeDamage(contents, path)) notes.push_back(*damage);
}

// "vta:pynq" in AutoTVM's words. A run that came from an AutoTVM log has those already.
Result<std::string> AutotvmTarget(const std::string& target, Env& env) {
  constexpr std::string_view kVta = "vta:";
  if (!target.starts_with(kVta)) return target;
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            vta::FindMachine(env, target.substr(kVta.size())));
  return fmt::format("ext_dev -keys=vta,cpu -device=vta -model={}_{}", machine.timing.name,
                     machine.geometry.ModelName());
}

Result<Converted> ToAutotvmLog(const std::string& path, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLog(env, path));
  Converted converted;
  AddLosses(contents, path, converted.notes);
  for (const RunLog& run : contents.runs) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string target, AutotvmTarget(run.header.target, env));
    for (const TrialRecord& trial : run.trials) {
      FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmRecord record,
                                formats::ToAutotvm(run.header, trial, target));
      converted.text += formats::ToAutotvmLine(record) + "\n";
      ++converted.records;
    }
  }
  converted.notes.emplace_back(
      "names of workloads, searchers, seeds, metrics, and stages and reasons of failures are left "
      "out");
  return converted;
}

Result<Converted> ToFootholdLog(const std::string& path, formats::BadRecords bad, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(AnyLog log, ReadAutotvmRuns(text, path, bad));
  Converted converted;
  converted.notes = std::move(log.notes);
  for (const RunLog& run : log.contents.runs) converted.records += run.trials.size();
  converted.text = ToJsonLines(log.contents);
  return converted;
}

Result<RecordedSpace> ReadSpace(const ConvertArguments& arguments, Env& env) {
  if (arguments.from == "t4") return ReadRecordedSpace(env, arguments.in, RecordedFormat::kT4);
  if (arguments.from == "ktt") return ReadRecordedSpace(env, arguments.in, RecordedFormat::kKtt);
  if (arguments.from == "kernel-tuner") {
    return ReadRecordedSpace(env, arguments.in, RecordedFormat::kKernelTuner);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLog(env, arguments.in));
  FOOTHOLD_ASSIGN_OR_RETURN(RecordedSpace space, ToRecordedSpace(contents, arguments.in));
  AddLosses(contents, arguments.in, space.lost);
  return space;
}

Result<Converted> ToSpaceFile(const ConvertArguments& arguments, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const RecordedSpace space, ReadSpace(arguments, env));
  WrittenSpace written = arguments.to == "t4" ? WriteT4(space) : WriteKernelTunerCache(space);
  Converted converted;
  converted.text = std::move(written.text);
  converted.records = space.trials.size();
  converted.notes = space.lost;
  converted.notes.insert(converted.notes.end(), written.lost.begin(), written.lost.end());
  return converted;
}

Result<Converted> Convert(const ConvertArguments& arguments, Env& env) {
  const bool to_space = arguments.to == "t4" || arguments.to == "kernel-tuner";
  if (to_space && arguments.from != "autotvm") return ToSpaceFile(arguments, env);
  if (arguments.from == "foothold" && arguments.to == "autotvm") {
    return ToAutotvmLog(arguments.in, env);
  }
  if (arguments.from == "autotvm" && arguments.to == "foothold") {
    return ToFootholdLog(arguments.in, BadRecordsOf(arguments.strict), env);
  }
  return Status::InvalidArgument(
      fmt::format("{} cannot be converted to {}: autotvm and foothold convert to each other, and "
                  "foothold, t4, kernel-tuner and ktt to t4 and kernel-tuner",
                  arguments.from, arguments.to));
}

void Report(const ConvertArguments& arguments, const Converted& converted) {
  if (arguments.json) {
    const base::Json json = {
        {"out", arguments.out}, {"records", converted.records}, {"notes", converted.notes}};
    PrintOut("{}\n", json.Dump(2));
    return;
  }
  PrintNotes(converted.notes);
  PrintErr("{} records written to {}\n", converted.records, arguments.out);
}

}  // namespace

Result<ExitCode> RunConvert(const ConvertArguments& arguments, const Session& session) {
  if (arguments.from == arguments.to) {
    return Status::InvalidArgument("--from and --to name the same format");
  }
  if (arguments.json && arguments.out == "-") {
    return Status::InvalidArgument("--json and the log cannot both go to the standard output");
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "OUT", arguments.out, {arguments.in}));
  FOOTHOLD_ASSIGN_OR_RETURN(const Converted converted, Convert(arguments, session.env));
  if (arguments.out == "-") {
    WriteData(converted.text);
  } else {
    FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.out, converted.text));
  }
  Report(arguments, converted);
  return ExitCode::kOk;
}

}  // namespace foothold::cli

#include "cli/common/any_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/common/output.h"
#include "foothold/recorded_space.h"
#include "formats/autotvm/autotvm_convert.h"

namespace foothold::cli {
namespace {

enum class Kind { kRecordLog, kAutotvm, kRecordedSpace };

// A record log can be large: the beginning tells.
Result<Kind> KindOf(Env& env, const std::string& path) {
  constexpr std::size_t kBytesToTry = 1 << 20;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForRead(path));
  std::string text;
  while (text.size() < kBytesToTry) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string more, file->Read(kBytesToTry - text.size()));
    if (more.empty()) break;
    text += more;
  }
  if (formats::LooksLikeAutotvmLog(text)) return Kind::kAutotvm;
  return LooksLikeRecordedSpace(text) ? Kind::kRecordedSpace : Kind::kRecordLog;
}

Result<AnyLog> ReadSpaceRuns(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(RecordedSpace space, ReadRecordedSpace(env, path));
  AnyLog log;
  FOOTHOLD_ASSIGN_OR_RETURN(log.contents, ToLogContents(space, path));
  log.notes = std::move(space.lost);
  return log;
}

}  // namespace

Result<AnyLog> ReadAutotvmRuns(std::string_view text, const std::string& path,
                               formats::BadRecords bad) {
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmLog records,
                            formats::ParseAutotvmLog(text, path, bad));
  FOOTHOLD_ASSIGN_OR_RETURN(formats::AutotvmImport imported,
                            formats::FromAutotvm(records, path, bad));
  AnyLog log;
  if (records.torn) log.notes.push_back(*records.torn);
  if (imported.other_tasks > 0) {
    log.notes.push_back(fmt::format(
        "{} records of other tasks than VTA's conv2d and dense left out", imported.other_tasks));
  }
  if (!imported.bad.empty()) {
    log.notes.push_back(
        fmt::format("{}: {} records that are wrong left out:", path, imported.bad.size()));
    log.notes.insert(log.notes.end(), imported.bad.begin(), imported.bad.end());
  }
  log.contents.runs = std::move(imported.runs);
  return log;
}

Result<AnyLog> ReadAnyLog(Env& env, const std::string& path, formats::BadRecords bad) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Kind kind, KindOf(env, path));
  if (kind == Kind::kRecordedSpace) return ReadSpaceRuns(env, path);
  if (kind == Kind::kAutotvm) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, env.ReadFile(path));
    return ReadAutotvmRuns(text, path, bad);
  }
  AnyLog log;
  FOOTHOLD_ASSIGN_OR_RETURN(log.contents, ReadLog(env, path));
  if (log.contents.repaired) log.notes.push_back(*log.contents.repaired);
  return log;
}

void PrintNotes(const std::vector<std::string>& notes) {
  constexpr std::size_t kMostNotes = 40;
  for (std::size_t i = 0; i < std::min(notes.size(), kMostNotes); ++i)
    PrintErr("foothold: note: {}\n", notes[i]);
  if (notes.size() > kMostNotes)
    PrintErr("foothold: note: and {} more (foothold log convert --json lists all)\n",
             notes.size() - kMostNotes);
}

Result<LogContents> ReadLogAndSayWhatIsLost(Env& env, const std::string& path,
                                            formats::BadRecords bad) {
  FOOTHOLD_ASSIGN_OR_RETURN(AnyLog log, ReadAnyLog(env, path, bad));
  PrintNotes(log.notes);
  if (const auto damage = DescribeDamage(log.contents, path)) {
    PrintErr("foothold: warning: {}\n", *damage);
  }
  return std::move(log.contents);
}

}  // namespace foothold::cli

#include <utility>

#include "foothold/record.h"
#include "records/log/beside.h"

namespace foothold {

Result<RepairedLog> RepairLog(Env& env, const std::string& path, const std::string& out) {
  RepairedLog repair;
  FOOTHOLD_ASSIGN_OR_RETURN(repair.contents, ReadLog(env, path));
  if (repair.contents.damaged.empty() && !repair.contents.repaired) return repair;
  const std::string text = ToJsonLines(repair.contents);
  if (!out.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(out, text));
    repair.written_to = out;
    return repair;
  }
  {
    // No tuner has it, and none will take it: they refuse it as it is.
    FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForAppend(path));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string original, env.ReadFile(path));
    FOOTHOLD_ASSIGN_OR_RETURN(repair.original,
                              records::WriteBeside(env, path, "damaged", original));
  }
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(path, text));
  repair.written_to = path;
  return repair;
}

}  // namespace foothold

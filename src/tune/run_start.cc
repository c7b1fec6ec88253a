#include <fmt/format.h>

#include <algorithm>

#include "foothold/tuner.h"
#include "records/log/changes.h"

namespace foothold {
namespace {

std::string Trials(const RunStart& start) {
  return fmt::format("{} of {} trials", std::min(start.trials, start.planned), start.planned);
}

std::string TextOfResumed(const RunStart& start) {
  std::string text = fmt::format("resuming run {} of {}: {}", start.run, start.log, Trials(start));
  if (!start.changes.empty()) {
    text += fmt::format(", though {} changed since", records::ListOf(start.changes));
  }
  if (start.dependencies_unknown) {
    text +=
        "; it was recorded without what it depends on, so nobody knows whether that has changed "
        "(--fresh starts a new run)";
  }
  return text;
}

bool IsOfAnotherSpace(const std::vector<Change>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const Change& change) { return change.name.starts_with("parameter "); });
}

}  // namespace

std::string_view ToString(Resume resume) {
  switch (resume) {
    case Resume::kUnchanged:
      return "unchanged";
    case Resume::kIgnoreChanges:
      return "ignore-changes";
    case Resume::kNever:
      break;
  }
  return "never";
}

std::string ToString(const RunStart& start) {
  if (start.resumed) return TextOfResumed(start);
  if (start.resume == Resume::kNever) {
    return fmt::format("starting run {} of {}, as asked for", start.run, start.log);
  }
  if (!start.changed_since) return "";
  std::string text = fmt::format(
      "{} changed since run {} of {}: starting run {}; the earlier trials stay for --warm-start",
      records::ListOf(start.changes), *start.changed_since, start.log, start.run);
  if (IsOfAnotherSpace(start.changes)) return text;
  return text + fmt::format("; --resume=ignore-changes continues run {}", *start.changed_since);
}

}  // namespace foothold

#include "records/log/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/text.h"
#include "core/target/dependencies.h"

namespace foothold {
namespace {

constexpr std::size_t kMostListed = 3;
constexpr std::size_t kHashDigits = 8;
constexpr std::size_t kLeastDigitsOfAHash = 32;
constexpr std::size_t kMostBytes = 60;

std::map<std::string, std::string> TextsOf(const std::vector<Parameter>& parameters) {
  std::map<std::string, std::string> texts;
  for (const Parameter& parameter : parameters) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
      values.push_back(ValueText(parameter.ValueAt(i)));
    }
    texts["parameter " + parameter.name] = base::Joined(values, ", ");
  }
  return texts;
}

/// What candidates themselves make or leave out: a file that was not there.
bool IsOfAbsentFile(const std::string& before, const std::string& after) {
  return before == target::kAbsentFile || (before.empty() && after == target::kAbsentFile);
}

void AddChanges(const std::map<std::string, std::string>& before,
                const std::map<std::string, std::string>& after, std::vector<Change>& changes) {
  std::map<std::string, Change> found;
  for (const auto& [name, value] : before) {
    const auto now = after.find(name);
    if (now == after.end()) {
      found[name] = {name, value, ""};
    } else if (now->second != value) {
      found[name] = {name, value, now->second};
    }
  }
  for (const auto& [name, value] : after) {
    if (!before.contains(name)) found[name] = {name, "", value};
  }
  for (auto& [name, change] : found) {
    if (!IsOfAbsentFile(change.before, change.after)) changes.push_back(std::move(change));
  }
}

/// Other valid configs follow from other parameters and constraints.
void LeaveOutWhatFollows(std::vector<Change>& changes) {
  const auto is_cause = [](const Change& change) {
    return change.name.starts_with("parameter ") ||
           change.name.starts_with(records::kConstraintPrefix);
  };
  if (std::none_of(changes.begin(), changes.end(), is_cause)) return;
  std::erase_if(changes,
                [](const Change& change) { return change.name == records::kValidConfigs; });
}

}  // namespace

}  // namespace foothold

namespace foothold::records {

bool SameArguments(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.searcher == b.searcher &&
         a.seed == b.seed && a.options == b.options && a.objective == b.objective;
}

std::vector<Change> ChangesBetween(const RunHeader& before, const RunHeader& after) {
  std::vector<Change> changes;
  AddChanges(TextsOf(before.parameters), TextsOf(after.parameters), changes);
  if (changes.empty() && before.parameters != after.parameters) {
    changes.push_back({"parameter order", "as it was", "another"});
  }
  if (before.dependencies && after.dependencies) {
    AddChanges(*before.dependencies, *after.dependencies, changes);
  }
  LeaveOutWhatFollows(changes);
  return changes;
}

std::string Abbreviated(std::string_view text) {
  std::string shorter;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && std::isxdigit(static_cast<unsigned char>(text[end]))) ++end;
    const std::size_t digits = end - at;
    shorter += text.substr(at, digits >= kLeastDigitsOfAHash ? kHashDigits : digits);
    if (end < text.size()) shorter += text[end];
    at = end + 1;
  }
  if (shorter.size() <= kMostBytes) return shorter;
  std::size_t cut = kMostBytes;
  while (cut > 0 && (static_cast<unsigned char>(shorter[cut]) & 0xC0) == 0x80) --cut;
  return shorter.substr(0, cut) + "...";
}

std::string ListOf(const std::vector<Change>& changes) {
  std::string text;
  for (std::size_t i = 0; i < std::min(changes.size(), kMostListed); ++i) {
    text += (i == 0 ? "" : ", ") + ToString(changes[i]);
  }
  if (changes.size() > kMostListed) {
    text += fmt::format(" and {} more", changes.size() - kMostListed);
  }
  return text;
}

std::vector<Change> AppearedSince(const RunHeader& before, const RunHeader& after) {
  std::vector<Change> appeared;
  if (!before.dependencies || !after.dependencies) return appeared;
  for (const auto& [name, value] : *before.dependencies) {
    const auto now = after.dependencies->find(name);
    if (value != target::kAbsentFile || now == after.dependencies->end()) continue;
    if (now->second != target::kAbsentFile) appeared.push_back({name, value, now->second});
  }
  return appeared;
}

}  // namespace foothold::records

namespace foothold {

std::string ToString(const Change& change) {
  if (change.before.empty() || change.before == target::kAbsentFile) return change.name + " (new)";
  if (change.after.empty() || change.after == target::kAbsentFile) return change.name + " (gone)";
  return fmt::format("{} ({} -> {})", change.name, records::Abbreviated(change.before),
                     records::Abbreviated(change.after));
}

}  // namespace foothold

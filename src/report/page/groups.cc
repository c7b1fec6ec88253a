// Which runs of a question are compared as one, and what such a group is called.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "report/page/problem.h"

namespace foothold::report {
namespace {

using GroupKey = std::tuple<std::string, std::map<std::string, std::string>, std::size_t>;

GroupKey KeyOf(const ListedRun& listed, Grouping grouping) {
  const RunHeader& header = listed.run->header;
  return {header.searcher, header.options, grouping == Grouping::kLog ? listed.log : 0};
}

// The options that are not the same in all runs of the question.
std::set<std::string> DifferingOptions(const Question& question) {
  std::set<std::string> differing;
  const auto& first = question.header().options;
  for (const ListedRun& listed : question.runs) {
    const auto& options = listed.run->header.options;
    for (const auto& [name, value] : options) {
      const auto found = first.find(name);
      if (found == first.end() || found->second != value) differing.insert(name);
    }
    for (const auto& [name, value] : first) {
      if (!options.contains(name)) differing.insert(name);
    }
  }
  return differing;
}

std::string NameOf(const ListedRun& listed, const std::set<std::string>& differing,
                   const std::vector<NamedLog>& logs, Grouping grouping) {
  const RunHeader& header = listed.run->header;
  std::string name = header.searcher;
  for (const std::string& option : differing) {
    const auto found = header.options.find(option);
    name.append(", ").append(option).append(" ");
    name.append(found == header.options.end() ? "not given" : found->second);
  }
  if (grouping == Grouping::kLog) name.append(" (").append(logs[listed.log].name).append(")");
  return name;
}

}  // namespace

std::vector<RunGroup> GroupRuns(const Question& question, const std::vector<NamedLog>& logs,
                                Grouping grouping) {
  const std::set<std::string> differing = DifferingOptions(question);
  std::vector<RunGroup> groups;
  std::map<GroupKey, std::size_t> places;
  for (const ListedRun& listed : question.runs) {
    const auto [place, is_new] = places.try_emplace(KeyOf(listed, grouping), groups.size());
    if (is_new) groups.push_back({NameOf(listed, differing, logs, grouping), {}});
    groups[place->second].runs.push_back(&listed);
  }
  return groups;
}

}  // namespace foothold::report

#include <fmt/core.h>

#include <array>

#include "base/similar.h"
#include "base/text.h"
#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "search/foothold/foothold_searcher.h"
#include "search/genetic/genetic_searcher.h"
#include "search/grid/grid_searcher.h"
#include "search/random/random_searcher.h"
#include "search/tree_searchers.h"

namespace foothold {
namespace {

struct Entry {
  std::string_view name;
  std::string_view description;
  search::SearcherMaker make;  ///< null where this build is without the searcher
};

/// Every searcher a user can name, in alphabetical order. A new one is a file or folder of its own
/// and one line here.
std::array<Entry, 7> Entries() {
  return {{
      {"autotvm", "AutoTVM's XGBoost tuner: annealing on a cost model of the knobs",
       search::AutotvmMaker()},
      {"foothold",
       "learns what is valid and what is fast, from earlier runs too; builds before it measures",
       [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
         return std::make_unique<search::FootholdSearcher>(problem);
       }},
      {"genetic", "AutoTVM's genetic algorithm",
       [](const SearchProblem& problem) {
         return search::MakeGeneticSearcher(problem.space, problem.seed);
       }},
      {"grid", "every config in AutoTVM's index order, the first parameter fastest",
       [](const SearchProblem& problem) {
         return search::MakeGridSearcher(problem.space, problem.seed);
       }},
      {"ml2tuner",
       "models of performance and validity; picks from what was built (arXiv 2411.10764)",
       search::Ml2tunerMaker()},
      {"random", "uniform among the valid configs, without replacement",
       [](const SearchProblem& problem) {
         return search::MakeRandomSearcher(problem.space, problem.seed);
       }},
      {"validity", "autotvm that finds the valid region by builds first (arXiv 2205.15568)",
       search::ValidityMaker()},
  }};
}

std::vector<SearcherInfo> Infos(bool built) {
  std::vector<SearcherInfo> infos;
  for (const Entry& entry : Entries()) {
    if ((entry.make != nullptr) != built) continue;
    infos.push_back({std::string(entry.name), std::string(entry.description)});
  }
  return infos;
}

}  // namespace

std::vector<SearcherInfo> ListSearchers() { return Infos(true); }

std::vector<SearcherInfo> SearchersLeftOut() { return Infos(false); }

Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name,
                                               const SearchProblem& problem) {
  std::vector<std::string> names;
  bool is_left_out = false;
  for (const Entry& entry : Entries()) {
    if (entry.make == nullptr) {
      is_left_out |= entry.name == name;
      continue;
    }
    if (entry.name == name) return entry.make(problem);
    names.emplace_back(entry.name);
  }
  const char* why =
      is_left_out ? "this build of Foothold is without XGBoost and so without the" : "there is no";
  return Status::NotFound(fmt::format("{} searcher \"{}\"{}; known are {}", why, name,
                                      is_left_out ? "" : base::DidYouMean(name, names),
                                      base::Joined(names, ", ")));
}

}  // namespace foothold

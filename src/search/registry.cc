#include <fmt/core.h>

#include "base/text.h"
#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "search/autotvm/autotvm_searcher.h"
#include "search/foothold/foothold_searcher.h"
#include "search/genetic/genetic_searcher.h"
#include "search/grid/grid_searcher.h"
#include "search/ml2tuner/ml2tuner_searcher.h"
#include "search/random/random_searcher.h"
#include "search/validity/validity_searcher.h"

namespace foothold {
namespace {

struct Entry {
  std::string_view name;
  std::string_view description;
  std::unique_ptr<Searcher> (*make)(const SearchProblem& problem);
};

/// Every searcher a user can name, in alphabetical order. A new one is a file or folder of its own
/// and one line here.
constexpr Entry kSearchers[] = {
    {"autotvm", "AutoTVM's XGBoost tuner: annealing on a cost model of the knobs",
     [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
       return std::make_unique<AutotvmSearcher>(problem.space, problem.seed);
     }},
    {"foothold",
     "learns what is valid and what is fast, from earlier runs too; builds before it measures",
     [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
       return std::make_unique<FootholdSearcher>(problem);
     }},
    {"genetic", "AutoTVM's genetic algorithm",
     [](const SearchProblem& problem) { return MakeGeneticSearcher(problem.space, problem.seed); }},
    {"grid", "every config in AutoTVM's index order, the first parameter fastest",
     [](const SearchProblem& problem) { return MakeGridSearcher(problem.space, problem.seed); }},
    {"ml2tuner", "models of performance and validity; picks from what was built (arXiv 2411.10764)",
     [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
       return std::make_unique<Ml2tunerSearcher>(problem);
     }},
    {"random", "uniform among the valid configs, without replacement",
     [](const SearchProblem& problem) { return MakeRandomSearcher(problem.space, problem.seed); }},
    {"validity", "autotvm that finds the valid region by builds first (arXiv 2205.15568)",
     [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
       return std::make_unique<ValiditySearcher>(problem);
     }},
};

}  // namespace

std::vector<SearcherInfo> ListSearchers() {
  std::vector<SearcherInfo> infos;
  for (const Entry& entry : kSearchers) {
    infos.push_back({std::string(entry.name), std::string(entry.description)});
  }
  return infos;
}

Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name,
                                               const SearchProblem& problem) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kSearchers) {
    if (entry.name == name) return entry.make(problem);
    names.push_back(entry.name);
  }
  return Status::NotFound(
      fmt::format("there is no searcher \"{}\"; known are {}", name, Joined(names, ", ")));
}

}  // namespace foothold

#include <fmt/format.h>

#include "foothold/searcher.h"
#include "search/autotvm/autotvm_searcher.h"
#include "search/genetic_searcher.h"
#include "search/grid_searcher.h"
#include "search/random_searcher.h"

namespace foothold {
namespace {

struct Entry {
  std::string_view name;
  std::string_view description;
  std::unique_ptr<Searcher> (*make)(const Space& space, std::uint64_t seed);
};

/// Every searcher a user can name, in alphabetical order. A new one is a file or folder of its own
/// and one line here.
constexpr Entry kSearchers[] = {
    {"autotvm", "AutoTVM's XGBoost tuner: annealing on a cost model of the knobs",
     [](const Space& space, std::uint64_t seed) -> std::unique_ptr<Searcher> {
       return std::make_unique<AutotvmSearcher>(space, seed);
     }},
    {"genetic", "AutoTVM's genetic algorithm",
     [](const Space& space, std::uint64_t seed) { return MakeGeneticSearcher(space, seed); }},
    {"grid", "every config in AutoTVM's index order, the first parameter fastest",
     &MakeGridSearcher},
    {"random", "uniform among the valid configs, without replacement", &MakeRandomSearcher},
};

}  // namespace

std::vector<SearcherInfo> ListSearchers() {
  std::vector<SearcherInfo> infos;
  for (const Entry& entry : kSearchers) {
    infos.push_back({std::string(entry.name), std::string(entry.description)});
  }
  return infos;
}

Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name, const Space& space,
                                               std::uint64_t seed) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kSearchers) {
    if (entry.name == name) return entry.make(space, seed);
    names.push_back(entry.name);
  }
  return Status::NotFound(
      fmt::format("there is no searcher \"{}\"; known are {}", name, fmt::join(names, ", ")));
}

}  // namespace foothold

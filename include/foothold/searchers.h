#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/export.h"
#include "foothold/searcher.h"
#include "foothold/status.h"

namespace foothold {

/// A searcher a user can name.
struct SearcherInfo {
  std::string name;
  std::string description;  ///< one line
};
/// Those of this build, in alphabetical order.
FOOTHOLD_EXPORT std::vector<SearcherInfo> ListSearchers();
/// Those that this build is without, because it was made without XGBoost; in alphabetical order.
FOOTHOLD_EXPORT std::vector<SearcherInfo> SearchersLeftOut();
/// NotFound with the known names when there is no such searcher, or this build is without it.
FOOTHOLD_EXPORT Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name,
                                                               const SearchProblem& problem);

}  // namespace foothold

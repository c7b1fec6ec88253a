#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/searcher.h"
#include "foothold/status.h"

namespace foothold {

/// A searcher a user can name.
struct SearcherInfo {
  std::string name;
  std::string description;  ///< one line
};
/// In alphabetical order.
std::vector<SearcherInfo> ListSearchers();
/// NotFound with the known names when there is no such searcher.
Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name, const SearchProblem& problem);

}  // namespace foothold

#pragma once

#include <memory>

#include "foothold/searcher.h"

namespace foothold::search {

/// Makes one kind of searcher for a problem.
using SearcherMaker = std::unique_ptr<Searcher> (*)(const SearchProblem& problem);

/// The makers of the searchers that learn with XGBoost; null in a build without it
/// (FOOTHOLD_WITH_XGBOOST).
SearcherMaker AutotvmMaker();
SearcherMaker Ml2tunerMaker();
SearcherMaker ValidityMaker();

}  // namespace foothold::search

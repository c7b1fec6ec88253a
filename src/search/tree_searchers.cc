#include "search/tree_searchers.h"

#include "search/autotvm/autotvm_searcher.h"
#include "search/ml2tuner/ml2tuner_searcher.h"
#include "search/validity/validity_searcher.h"

namespace foothold::search {

SearcherMaker AutotvmMaker() {
  return [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
    return std::make_unique<AutotvmSearcher>(problem.space, problem.seed);
  };
}

SearcherMaker Ml2tunerMaker() {
  return [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
    return std::make_unique<Ml2tunerSearcher>(problem);
  };
}

SearcherMaker ValidityMaker() {
  return [](const SearchProblem& problem) -> std::unique_ptr<Searcher> {
    return std::make_unique<ValiditySearcher>(problem);
  };
}

}  // namespace foothold::search

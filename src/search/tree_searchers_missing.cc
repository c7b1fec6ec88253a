#include "search/tree_searchers.h"

namespace foothold::search {

SearcherMaker AutotvmMaker() { return nullptr; }
SearcherMaker Ml2tunerMaker() { return nullptr; }
SearcherMaker ValidityMaker() { return nullptr; }

}  // namespace foothold::search

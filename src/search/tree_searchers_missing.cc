#include "search/tree_searchers.h"

namespace foothold {

SearcherMaker AutotvmMaker() { return nullptr; }
SearcherMaker Ml2tunerMaker() { return nullptr; }
SearcherMaker ValidityMaker() { return nullptr; }

}  // namespace foothold

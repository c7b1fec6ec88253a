#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "foothold/searcher.h"

namespace foothold::search {

struct GeneticOptions {
  std::size_t population = 100;       ///< configs in a generation; at least 2
  std::size_t elites = 3;             ///< best configs so far that stay parents
  double mutation_probability = 0.1;  ///< of each parameter of a child
};

/// AutoTVM's genetic algorithm (docs/reference/vta-and-autotvm.md#simple-tuners). The first
/// generation is random. Once a generation is measured, each child of the next has two distinct
/// parents among that generation and the elites, the best of those before it, drawn in proportion
/// to their merit; it takes the parameters before a random place from the one and the rest from the
/// other; each parameter mutates with a small probability; and while a config was taken before, one
/// random parameter after the other is redrawn.
///
/// One difference, for a searcher never proposes a config twice: when a batch is larger than what
/// is left of a generation, AutoTVM fills it by measuring the generation's first configs again and
/// ignores what comes out; this searcher proposes fewer. With populations of 50 and batches of 8
/// AutoTVM spends 56 trials on a generation.
///
/// In a constrained space only valid configs count. When more is asked for before a generation is
/// observed, what is not known counts as failed.
std::unique_ptr<Searcher> MakeGeneticSearcher(const Space& space, std::uint64_t seed,
                                              const GeneticOptions& options = {});

}  // namespace foothold::search

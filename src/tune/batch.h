#pragma once

#include <cstdint>
#include <vector>

#include "foothold/target.h"

namespace foothold::tune {

/// Proposals that are observed together, and what became of the first of them.
struct Batch {
  std::uint64_t first_trial = 0;
  std::vector<Config> proposals;
  std::vector<Measurement> measurements;

  std::uint64_t next_trial() const { return first_trial + measurements.size(); }
  bool complete() const { return measurements.size() == proposals.size(); }
};

}  // namespace foothold::tune

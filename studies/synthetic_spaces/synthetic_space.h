#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold::studies {

/// Which spaces constants were chosen on, and which show what they are worth.
enum class SpaceSet : std::uint8_t {
  kTuning,  ///< the first instance of some families
  kReport,  ///< other instances, and families that nothing was tuned on
};
std::string_view ToString(SpaceSet set);

/// A space whose validity and times are formulas.
struct SyntheticSpace {
  std::string name;  ///< family and instance: "modulo.2"
  SpaceSet set = SpaceSet::kReport;
  Space space;
  /// How a config fails; nullopt: it is valid.
  std::function<std::optional<Failure>(const Config& config)> failure;
  /// Of a valid config; > 0.
  std::function<double(const Config& config)> seconds;
  double optimum = 0;      ///< the least seconds of any valid config
  double valid_share = 0;  ///< of all configs, or of many drawn at random in a very large space
};

/// The families, in the order of the tables: each a shape of validity or of times. See
/// docs/results/synthetic.md.
std::vector<std::string> SyntheticFamilies();
/// REQUIRES: as MakeSyntheticSpace.
SpaceSet SyntheticSetOf(std::string_view family, std::uint64_t instance);
/// The same on every machine. REQUIRES: a family of SyntheticFamilies(), instance >= 1.
SyntheticSpace MakeSyntheticSpace(std::string_view family, std::uint64_t instance);
}  // namespace foothold::studies

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold {

/// Proposes configs and learns from what became of them (ask/tell). A searcher sees neither runner
/// nor file nor clock. Not thread-safe. Deterministic: the same sequence of calls gives the same
/// proposals.
class Searcher {
 public:
  virtual ~Searcher() = default;
  /// Up to `count` distinct configs, none proposed before. Fewer than `count` when the space is
  /// running out, or when the searcher must see results before it goes on; empty only when the
  /// space is exhausted.
  virtual std::vector<Config> Propose(std::size_t count) = 0;
  /// What became of configs, in the order they were proposed. Infrastructure failures are never
  /// among them.
  virtual void Observe(std::span<const Measurement> measurements) = 0;
};

/// A searcher a user can name.
struct SearcherInfo {
  std::string name;
  std::string description;  ///< one line
};
/// In alphabetical order.
std::vector<SearcherInfo> ListSearchers();
/// NotFound with the known names when there is no such searcher.
Result<std::unique_ptr<Searcher>> MakeSearcher(std::string_view name, const Space& space,
                                               std::uint64_t seed);

}  // namespace foothold

// A Fisher-Yates shuffle of the ranks 0, 1, ..., n-1 that is run only as far as it is drawn from.
// Only the slots of the shuffled array that differ from the identity are stored.
#include "search/random/random_searcher.h"

#include <unordered_map>

#include "foothold/rng.h"

namespace foothold::search {
namespace {

class RandomSearcher : public Searcher {
 public:
  RandomSearcher(const Space& space, std::uint64_t seed) : space_(space), rng_(seed) {}

  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    while (configs.size() < count && drawn_ < space_.valid_count()) {
      configs.push_back(space_.Unrank(DrawRank()));
    }
    return configs;
  }

  void Observe(std::span<const Measurement> /*measurements*/) override {}

 private:
  std::uint64_t DrawRank() {
    const std::uint64_t slot = drawn_ + rng_.Below(space_.valid_count() - drawn_);
    const std::uint64_t rank = Take(slot);
    // The drawn slot takes over the content of the first slot still in play, which leaves the game.
    if (slot != drawn_) moved_[slot] = Take(drawn_);
    ++drawn_;
    return rank;
  }

  /// The content of `slot`, forgotten afterwards.
  std::uint64_t Take(std::uint64_t slot) {
    const auto found = moved_.find(slot);
    if (found == moved_.end()) return slot;
    const std::uint64_t rank = found->second;
    moved_.erase(found);
    return rank;
  }

  Space space_;
  Rng rng_;
  std::uint64_t drawn_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> moved_;  ///< slot -> rank, where they differ
};

}  // namespace

std::unique_ptr<Searcher> MakeRandomSearcher(const Space& space, std::uint64_t seed) {
  return std::make_unique<RandomSearcher>(space, seed);
}

}  // namespace foothold::search

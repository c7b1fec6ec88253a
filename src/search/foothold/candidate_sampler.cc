#include "search/foothold/candidate_sampler.h"

#include <unordered_set>

namespace foothold::search {
namespace {

/// Collects configs, each once.
class Draws {
 public:
  Draws(const Space& space, const Visited& taken) : space_(space), taken_(taken) {}

  void Add(const Config& config) {
    if (!space_.IsValid(config) || taken_.Contains(config)) return;
    if (indices_.insert(space_.IndexOf(config)).second) configs_.push_back(config);
  }
  std::size_t size() const { return configs_.size(); }
  std::vector<Config> Take() { return std::move(configs_); }

 private:
  const Space& space_;
  const Visited& taken_;
  std::unordered_set<std::uint64_t> indices_;
  std::vector<Config> configs_;
};

}  // namespace

std::vector<Config> CandidateSampler::Rest(const Visited& taken) const {
  std::vector<Config> rest;
  for (std::uint64_t rank = 0; rank < space_.valid_count(); ++rank) {
    Config config = space_.Unrank(rank);
    if (!taken.Contains(config)) rest.push_back(std::move(config));
  }
  return rest;
}

std::vector<Config> CandidateSampler::Draw(std::span<const Config> good, std::size_t count,
                                           const Visited& taken, Rng& rng) const {
  if (taken.All()) return {};
  // Towards the end of a space draws meet little that is new.
  const std::uint64_t left = space_.valid_count() - taken.indices().size();
  if (space_.valid_count() <= 2 * count || (left <= count && space_.valid_count() <= 64 * count)) {
    return Rest(taken);
  }
  Draws draws(space_, taken);
  if (!good.empty()) {
    for (const Config& config : good) {
      for (const Config& neighbour : space_.Neighbours(config)) draws.Add(neighbour);
    }
    for (std::size_t i = 0; i < count / 2; ++i) {
      Config config = good[rng.Below(good.size())];
      RedrawOneParameter(space_, config, rng);
      if (i % 2 == 1) RedrawOneParameter(space_, config, rng);
      draws.Add(config);
    }
  }
  const std::size_t attempts = good.empty() ? count : count / 2;
  for (std::size_t i = 0; i < attempts; ++i) draws.Add(space_.Sample(rng));
  if (draws.size() == 0) draws.Add(taken.SampleOther(rng));
  return draws.Take();
}

}  // namespace foothold::search

#include "search/genetic/genetic_searcher.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "search/genetic/genetic_breeding.h"
#include "search/searcher/merit.h"
#include "search/searcher/visited.h"

namespace foothold::search {
namespace {

class GeneticSearcher : public Searcher {
 public:
  GeneticSearcher(const Space& space, std::uint64_t seed, const GeneticOptions& options)
      : space_(space), rng_(seed), options_(options), visited_(space) {
    FOOTHOLD_CHECK(options.population >= 2);
    FOOTHOLD_CHECK(options.elites <= options.population);
    Begin(RandomGeneration());
  }

  std::vector<Config> Propose(std::size_t count) override {
    if (proposed_ == generation_.size()) Begin(NextGeneration());
    const auto first = generation_.begin() + static_cast<std::ptrdiff_t>(proposed_);
    const std::size_t taken = std::min(count, generation_.size() - proposed_);
    proposed_ += taken;
    std::vector<Config> configs;
    for (auto scored = first; configs.size() < taken; ++scored) configs.push_back(scored->config);
    return configs;
  }

  void Observe(std::span<const Measurement> measurements) override {
    for (const Measurement& measurement : measurements) {
      const auto found = places_.find(space_.IndexOf(measurement.config));
      if (found != places_.end()) generation_[found->second].merit = Merit(measurement);
    }
  }

 private:
  void Begin(std::vector<Config> configs) {
    generation_.clear();
    places_.clear();
    proposed_ = 0;
    for (Config& config : configs) {
      places_[space_.IndexOf(config)] = generation_.size();
      generation_.push_back({std::move(config), 0.0});
    }
  }

  std::vector<Config> RandomGeneration() {
    std::vector<Config> configs;
    while (configs.size() < options_.population && !visited_.All()) {
      configs.push_back(visited_.SampleOther(rng_));
      visited_.Insert(configs.back());
    }
    return configs;
  }

  std::vector<Config> NextGeneration() {
    std::vector<Config> configs;
    if (visited_.All()) return configs;
    std::vector<ScoredConfig> parents = std::exchange(generation_, {});
    parents.insert(parents.end(), elites_.begin(), elites_.end());
    elites_ = Best(parents, options_.elites);

    const std::vector<double> shares = ParentShares(parents);
    while (configs.size() < options_.population && !visited_.All()) {
      const auto [first, second] = DrawTwo(shares, rng_);
      Config child = Cross(parents[first].config, parents[second].config,
                           rng_.Below(space_.parameters().size()));
      Mutate(space_, child, options_.mutation_probability, rng_);
      MoveToUnvisited(child);
      visited_.Insert(child);
      configs.push_back(std::move(child));
    }
    return configs;
  }

  void MoveToUnvisited(Config& config) {
    const bool constrained = !space_.constraints().empty();
    for (int redraws = 0; (constrained && !space_.IsValid(config)) || visited_.Contains(config);
         ++redraws) {
      if (constrained && redraws == kRedrawsBeforeSampling) {
        config = visited_.SampleOther(rng_);
        return;
      }
      RedrawOneParameter(space_, config, rng_);
    }
  }

  Space space_;
  Rng rng_;
  GeneticOptions options_;
  Visited visited_;  ///< all that are or were in a generation, proposed or not
  std::vector<ScoredConfig> generation_;
  std::vector<ScoredConfig> elites_;                       ///< of the generation before
  std::unordered_map<std::uint64_t, std::size_t> places_;  ///< index -> place in generation_
  std::size_t proposed_ = 0;                               ///< of generation_
};

}  // namespace

std::unique_ptr<Searcher> MakeGeneticSearcher(const Space& space, std::uint64_t seed,
                                              const GeneticOptions& options) {
  return std::make_unique<GeneticSearcher>(space, seed, options);
}

}  // namespace foothold::search

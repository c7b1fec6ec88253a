#include "search/validity/neighbour_presampling.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::search {

NeighbourPresampling::NeighbourPresampling(const Space& space, std::size_t limit,
                                           std::size_t first_batch, Rng& rng)
    : space_(space),
      limit_(std::min<std::uint64_t>(limit, space.valid_count())),
      first_batch_(first_batch),
      rng_(rng),
      taken_(space) {
  FOOTHOLD_CHECK(first_batch > 0);
}

std::vector<Config> NeighbourPresampling::Take(std::size_t count) {
  if (batch_.empty() && open_.empty()) {
    std::swap(batch_, next_);
    if (batch_.empty()) {
      for (std::size_t i = 0; i < first_batch_; ++i) AddRandom(batch_);
    }
  }
  return GiveOut(count);
}

std::vector<Config> NeighbourPresampling::TakeWithoutWaiting(std::size_t count) {
  std::vector<Config> configs = Take(count);
  if (!configs.empty()) return configs;
  for (std::size_t i = 0; i < count; ++i) AddRandom(batch_);
  return GiveOut(count);
}

std::vector<Config> NeighbourPresampling::GiveOut(std::size_t count) {
  std::vector<Config> configs;
  for (; configs.size() < count && !batch_.empty(); batch_.pop_front()) {
    configs.push_back(batch_.front());
    open_.insert(space_.IndexOf(configs.back()));
  }
  return configs;
}

void NeighbourPresampling::Observe(const Config& config, bool valid) {
  if (open_.erase(space_.IndexOf(config)) == 0) return;
  if (!valid) return AddRandom(next_);
  for (const Config& neighbour : space_.Neighbours(config)) Add(neighbour, next_);
}

void NeighbourPresampling::Add(const Config& config, std::deque<Config>& batch) {
  if (!full() && taken_.Insert(config)) batch.push_back(config);
}

void NeighbourPresampling::AddRandom(std::deque<Config>& batch) {
  if (!full()) Add(taken_.SampleOther(rng_), batch);
}

}  // namespace foothold::search

#include "network/compile/layout.h"

#include <algorithm>
#include <limits>
#include <map>

#include "network/compile/memory_plan.h"

namespace foothold::network {
namespace {

constexpr std::uint64_t kPage = 4096;
/// Of values within `inp` and `out`: a cache line of the host, and a multiple of each element.
constexpr std::uint64_t kAlignment = 256;

std::uint64_t Aligned(std::uint64_t address, std::uint64_t to) {
  return (address + to - 1) / to * to;
}

/// The storages of one network, and from which piece to which they are needed.
class Lifetimes {
 public:
  Lifetimes(const Plan& plan, const Storages& storages) : storages_(storages) {
    // What the host reads last comes first.
    for (std::size_t i = LastRun(plan); i < plan.steps.size(); ++i) {
      if (plan.steps[i].kind != Step::Kind::kUnpack) continue;
      const StorageId id = *storages.of_value[plan.steps[i].index];
      if (index_.count(id) > 0) continue;
      Touch(id, 0);
      Touch(id, std::numeric_limits<std::int64_t>::max());
    }
    pinned_ = order_.size();
  }

  void Touch(StorageId id, std::int64_t time) {
    const auto [found, is_new] = index_.try_emplace(id, order_.size());
    if (is_new) {
      order_.push_back(id);
      lifetimes_.push_back({0, time, time});
    }
    Lifetime& lifetime = lifetimes_[found->second];
    lifetime.first = std::min(lifetime.first, time);
    lifetime.last = std::max(lifetime.last, time);
  }

  MemoryPlan Plan(const vta::Geometry& geometry) {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      lifetimes_[i].bytes = storages_.all[order_[i]].Bytes(geometry);
    }
    return PlanMemory(lifetimes_, pinned_, kAlignment);
  }
  const std::vector<StorageId>& order() const { return order_; }

 private:
  static std::size_t LastRun(const network::Plan& plan) {
    std::size_t last = plan.steps.size();
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (plan.steps[i].kind == Step::Kind::kDevice) last = i;
    }
    return last;
  }

  const Storages& storages_;
  std::map<StorageId, std::size_t> index_;
  std::vector<StorageId> order_;
  std::vector<Lifetime> lifetimes_;
  std::size_t pinned_ = 0;
};

/// What the device stores, over the pieces of all runs.
Lifetimes DeviceLifetimes(const std::vector<Placement>& placements, const Plan& plan,
                          const Storages& storages) {
  Lifetimes lifetimes(plan, storages);
  std::int64_t time = 0;
  const auto touch = [&](StorageId id) {
    if (!storages.all[id].is_from_host) lifetimes.Touch(id, time);
  };
  for (const Step& step : plan.steps) {
    if (step.kind == Step::Kind::kUnpack) touch(*storages.of_value[step.index]);
    if (step.kind != Step::Kind::kDevice) continue;
    for (const std::size_t node : plan.runs[step.index]) {
      // The pieces of a node are one moment: one must not overwrite what the next reads.
      for (const ScheduledPiece& one : placements[node].pieces) {
        touch(one.piece.input.storage);
        touch(one.piece.output.storage);
        if (one.piece.residual) touch(one.piece.residual->storage);
      }
      ++time;
    }
  }
  return lifetimes;
}

}  // namespace

NetworkLayout LayOutNetwork(const std::vector<Placement>& placements, const Plan& plan,
                            const Constants& constants, const vta::Geometry& geometry,
                            Storages& storages) {
  NetworkLayout layout;
  layout.weights = kPage;
  layout.biases = Aligned(layout.weights + constants.weights().size(), kPage);
  layout.inp = Aligned(layout.biases + constants.biases().size(), kPage);
  for (const Step& step : plan.steps) {
    if (step.kind != Step::Kind::kPack) continue;
    Storage& storage = storages.all[*storages.of_value[step.index]];
    storage.address = layout.inp + layout.inp_bytes;
    layout.inp_bytes =
        Aligned(layout.inp_bytes + static_cast<std::uint64_t>(storage.Bytes(geometry)), kAlignment);
  }
  layout.out = Aligned(layout.inp + layout.inp_bytes, kPage);
  Lifetimes lifetimes = DeviceLifetimes(placements, plan, storages);
  const MemoryPlan memory = lifetimes.Plan(geometry);
  for (std::size_t i = 0; i < lifetimes.order().size(); ++i) {
    storages.all[lifetimes.order()[i]].address = layout.out + memory.offsets[i];
  }
  layout.out_bytes = memory.bytes;
  layout.uop = Aligned(layout.out + layout.out_bytes, kPage);
  return layout;
}

}  // namespace foothold::network

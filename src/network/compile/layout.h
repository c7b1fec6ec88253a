#pragma once

#include <cstdint>
#include <vector>

#include "network/compile/constants.h"
#include "network/compile/place.h"
#include "network/compile/steps.h"

namespace foothold::network {

/// Where the tensors of a whole network lie: byte addresses, each at a page.
struct NetworkLayout {
  std::uint64_t weights = 0;
  std::uint64_t biases = 0;
  std::uint64_t inp = 0;  ///< what the host packs
  std::uint64_t inp_bytes = 0;
  std::uint64_t out = 0;  ///< what the VTA stores, in memory that values share one after the other
  std::uint64_t out_bytes = 0;
  std::uint64_t uop = 0;
};

/// Gives each storage that is used its address. What is unpacked after the last run stands at the
/// beginning of `out`, in the order of the steps, and nothing overwrites it.
NetworkLayout LayOutNetwork(const std::vector<Placement>& placements, const Plan& plan,
                            const Constants& constants, const vta::Geometry& geometry,
                            Storages& storages);

}  // namespace foothold::network

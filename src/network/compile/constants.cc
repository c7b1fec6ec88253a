#include "network/compile/constants.h"

#include "base/check.h"
#include "network/compile/storage.h"

namespace foothold::network {

std::uint64_t Constants::AddWeights(const WeightShape& shape, const WeightAt& at) {
  const std::uint64_t offset = weights_.size();
  const std::int64_t block = geometry_.block();
  for (std::int64_t co = 0; co < shape.out_channels; ++co) {
    for (std::int64_t ci = 0; ci < shape.in_channels; ++ci) {
      for (std::int64_t y = 0; y < shape.kernel_h; ++y) {
        for (std::int64_t x = 0; x < shape.kernel_w; ++x) {
          for (std::int64_t o = 0; o < block; ++o) {
            for (std::int64_t i = 0; i < block; ++i) {
              weights_.push_back(static_cast<std::byte>(at(co * block + o, ci * block + i, y, x)));
            }
          }
        }
      }
    }
  }
  return offset;
}

std::uint64_t Constants::Identity(int exponent) {
  FOOTHOLD_CHECK(exponent >= 0 && exponent <= kMostIdentity, "a power of two that int8 has");
  const auto [found, is_new] = identities_.try_emplace(exponent, 0);
  if (is_new) {
    found->second = AddWeights({}, [exponent](std::int64_t o, std::int64_t i, auto, auto) {
      return static_cast<std::int8_t>(o == i ? 1 << exponent : 0);
    });
  }
  return found->second;
}

std::uint64_t Constants::AddBiases(std::span<const std::int32_t> biases) {
  const std::uint64_t offset = biases_.size();
  const std::int64_t block = geometry_.block();
  const auto count = static_cast<std::int64_t>(biases.size());
  for (std::int64_t c = 0; c < CeilDivide(count, block) * block; c += block) {
    for (std::int64_t b = 0; b < geometry_.batch(); ++b) {
      for (std::int64_t lane = 0; lane < block; ++lane) {
        // One for all is repeated; what there is no channel for is 0.
        const std::int64_t from = count == 1 ? 0 : c + lane;
        const std::int32_t bias = from < count ? biases[static_cast<std::size_t>(from)] : 0;
        for (int byte = 0; byte < 4; ++byte) {
          biases_.push_back(static_cast<std::byte>(static_cast<std::uint32_t>(bias) >> 8 * byte));
        }
      }
    }
  }
  return offset;
}

}  // namespace foothold::network

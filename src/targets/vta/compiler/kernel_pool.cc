#include "targets/vta/compiler/kernel_pool.h"

#include <fmt/core.h>

#include "base/text.h"

namespace foothold::vta {
namespace {

// How many micro-ops apart the uses of one accumulator must at least be.
constexpr std::int64_t kHazardWindow = 3;

/// The accumulators of an instruction's micro-ops, in the order of execution.
class AccumulatorSequence {
 public:
  AccumulatorSequence(const Instruction& gemm, std::span<const MicroOp> uops)
      : gemm_(gemm), uops_(uops), length_(static_cast<std::int64_t>(uops.size())) {}

  std::int64_t size() const { return length_ * gemm_.iter_out * gemm_.iter_in; }

  std::int64_t operator[](std::int64_t i) const {
    const std::int64_t entry = i / length_;
    return std::int64_t{uops_[static_cast<std::size_t>(i % length_)].dst} +
           entry / gemm_.iter_in * gemm_.dst_factor_out +
           entry % gemm_.iter_in * gemm_.dst_factor_in;
  }

 private:
  const Instruction& gemm_;
  std::span<const MicroOp> uops_;
  std::int64_t length_;
};

/// The first of two uses of one accumulator that are too close, among those that begin in [from,
/// to); -1 if there are none.
std::int64_t FindConflict(const AccumulatorSequence& sequence, std::int64_t from, std::int64_t to) {
  for (std::int64_t i = std::max<std::int64_t>(from, 0); i < to; ++i) {
    for (std::int64_t d = 1; d < kHazardWindow && i + d < sequence.size(); ++d)
      if (sequence[i] == sequence[i + d]) return i;
  }
  return -1;
}

}  // namespace

std::optional<Rejection> KernelPool::Reserve(std::int64_t count) {
  const auto used = static_cast<std::int64_t>(uops_.size());
  if (used + count > depth_) {
    return Rejection{
        Phase::kLower, "lower.micro-op",
        fmt::format("micro-op scratchpad: kernel {} needs {} micro-ops beside the {} before it, "
                    "the scratchpad holds {}",
                    lists_ + 1, base::WithThousands(count), base::WithThousands(used),
                    base::WithThousands(depth_))};
  }
  begin_ = static_cast<std::uint32_t>(used);
  return std::nullopt;
}

KernelPool::Range KernelPool::Finish() {
  ++lists_;
  return {begin_, static_cast<std::uint32_t>(uops_.size())};
}

std::optional<Rejection> CheckAccumulatorHazard(const Instruction& gemm,
                                                std::span<const MicroOp> uops) {
  const AccumulatorSequence sequence(gemm, uops);
  const auto length = static_cast<std::int64_t>(uops.size());
  // Indices are affine in the loops, so that every border between iterations looks like one of
  // these: inner iterations, and the wrap to the next outer one.
  std::int64_t conflict = FindConflict(sequence, 0, length);
  for (const std::int64_t entry : {std::int64_t{1}, std::int64_t{2}, std::int64_t{gemm.iter_in},
                                   std::int64_t{gemm.iter_in} + 1}) {
    if (conflict < 0)
      conflict = FindConflict(sequence, entry * length - kHazardWindow + 1,
                              std::min(entry * length, sequence.size()));
  }
  if (conflict < 0) return std::nullopt;
  return Rejection{
      Phase::kLower, "lower.hazard",
      fmt::format("micro-op {} of {} writes accumulator {}, which is written again within {}: the "
                  "pipeline would add to a stale value",
                  conflict, base::WithThousands(sequence.size()), sequence[conflict],
                  kHazardWindow - 1)};
}

}  // namespace foothold::vta

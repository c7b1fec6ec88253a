#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// The micro-ops of a program, all of which stay in the micro-op memory from start to end.
class KernelPool {
 public:
  explicit KernelPool(const Geometry& geometry) : depth_(geometry.uop_capacity()) {}

  /// Where a list of micro-ops lies: [first, second).
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  /// Begins a list of `count` micro-ops; rejected when they do not fit beside those before.
  std::optional<Rejection> Reserve(std::int64_t count);
  void Add(std::int64_t dst, std::int64_t src, std::int64_t wgt) {
    uops_.push_back({static_cast<std::uint32_t>(dst), static_cast<std::uint32_t>(src),
                     static_cast<std::uint32_t>(wgt)});
  }
  /// Ends the list.
  Range Finish();

  std::span<const MicroOp> Uops(const Range& range) const {
    return std::span(uops_).subspan(range.first, range.second - range.first);
  }
  std::vector<MicroOp> Take() { return std::move(uops_); }

 private:
  std::int64_t depth_;
  std::vector<MicroOp> uops_;
  std::uint32_t begin_ = 0;
  std::int64_t lists_ = 0;
};

/// The accumulator pipeline reads what it adds to a few cycles before it writes: of any three
/// micro-ops in a row, loops unrolled, no two may have the same accumulator. VTA's runtime checks
/// this within a list of micro-ops (docs/reference/vta-and-autotvm.md#micro-op-kernels); here it is
/// checked across loop iterations too, because nothing documented lets the pipeline drain between
/// them (docs/reference/vta-and-autotvm.md#accumulator-hazards).
std::optional<Rejection> CheckAccumulatorHazard(const Instruction& gemm,
                                                std::span<const MicroOp> uops);

}  // namespace foothold::vta

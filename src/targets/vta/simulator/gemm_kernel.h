#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// Ways to compute the GEMM instruction. All give the same bits.
enum class GemmKernelKind : std::uint8_t { kScalar, kAvx2, kAvx512Vnni };
std::string_view ToString(GemmKernelKind kind);  ///< "scalar", "avx2", "avx512vnni"

/// Whether this machine and this geometry can use the kernel. kScalar always can.
bool Supports(GemmKernelKind kind, const Geometry& geometry);
/// The fastest that is supported.
GemmKernelKind BestGemmKernel(const Geometry& geometry);

/// A GEMM instruction's loops (docs/reference/vta-and-autotvm.md#what-instructions-do): for y <
/// iter_out, x < iter_in, each micro-op u: acc[u.dst + y*dst_out + x*dst_in] += inp[u.src + ...] *
/// wgt[u.wgt + ...]^T.
struct GemmLoops {
  std::uint32_t iter_out = 0;
  std::uint32_t iter_in = 0;
  std::uint32_t dst_out = 0;
  std::uint32_t dst_in = 0;
  std::uint32_t src_out = 0;
  std::uint32_t src_in = 0;
  std::uint32_t wgt_out = 0;
  std::uint32_t wgt_in = 0;
  std::span<const MicroOp> uops;
};

/// The input and weight scratchpads, kept in whatever form multiplies fastest, and the
/// multiplication. Indices count elements; the caller has checked every range. Not thread-safe.
class GemmKernel {
 public:
  virtual ~GemmKernel() = default;
  /// Sets every input and weight scalar to `value`.
  virtual void Fill(std::int8_t value) = 0;
  /// Elements [index, index + count) from `bytes`, packed one after the other in the order of
  /// docs/reference/vta-and-autotvm.md#what-instructions-do.
  virtual void LoadInputs(std::size_t index, const std::byte* bytes, std::size_t count) = 0;
  virtual void LoadWeights(std::size_t index, const std::byte* bytes, std::size_t count) = 0;
  virtual void ZeroInputs(std::size_t index, std::size_t count) = 0;
  virtual void ZeroWeights(std::size_t index, std::size_t count) = 0;
  /// Runs all iterations, in any order (additions that wrap commute). `acc`: the whole accumulator
  /// scratchpad.
  virtual void Multiply(const GemmLoops& loops, std::int32_t* acc) const = 0;
};

/// REQUIRES: Supports(kind, geometry).
std::unique_ptr<GemmKernel> MakeGemmKernel(GemmKernelKind kind, const Geometry& geometry);

}  // namespace foothold::vta

#include "targets/vta/simulator/gemm_kernel.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "targets/vta/simulator/gemm_kernel_x86.h"

namespace foothold::vta {
namespace {

/// The definition, in plain loops: any geometry, and the judge of the others.
class ScalarGemmKernel : public GemmKernel {
 public:
  explicit ScalarGemmKernel(const Geometry& geometry)
      : batch_(static_cast<std::size_t>(geometry.batch())),
        block_(static_cast<std::size_t>(geometry.block())),
        inp_(static_cast<std::size_t>(geometry.inp_depth()) * batch_ * block_),
        wgt_(static_cast<std::size_t>(geometry.wgt_depth()) * block_ * block_) {}

  void Fill(std::int8_t value) override {
    std::fill(inp_.begin(), inp_.end(), value);
    std::fill(wgt_.begin(), wgt_.end(), value);
  }
  void LoadInputs(std::size_t index, const std::byte* bytes, std::size_t count) override {
    std::memcpy(Input(index), bytes, count * batch_ * block_);
  }
  void LoadWeights(std::size_t index, const std::byte* bytes, std::size_t count) override {
    std::memcpy(wgt_.data() + index * block_ * block_, bytes, count * block_ * block_);
  }
  void ZeroInputs(std::size_t index, std::size_t count) override {
    std::memset(Input(index), 0, count * batch_ * block_);
  }
  void ZeroWeights(std::size_t index, std::size_t count) override {
    std::memset(wgt_.data() + index * block_ * block_, 0, count * block_ * block_);
  }

  void Multiply(const GemmLoops& loops, std::int32_t* acc) const override {
    for (std::size_t y = 0; y < loops.iter_out; ++y)
      for (std::size_t x = 0; x < loops.iter_in; ++x)
        for (const MicroOp& uop : loops.uops)
          MultiplyElement(
              inp_.data() + (uop.src + y * loops.src_out + x * loops.src_in) * batch_ * block_,
              wgt_.data() + (uop.wgt + y * loops.wgt_out + x * loops.wgt_in) * block_ * block_,
              acc + (uop.dst + y * loops.dst_out + x * loops.dst_in) * batch_ * block_);
  }

 private:
  std::int8_t* Input(std::size_t index) { return inp_.data() + index * batch_ * block_; }

  void MultiplyElement(const std::int8_t* inp, const std::int8_t* wgt, std::int32_t* acc) const {
    for (std::size_t i = 0; i < batch_; ++i)
      for (std::size_t j = 0; j < block_; ++j) {
        std::uint32_t sum = static_cast<std::uint32_t>(acc[i * block_ + j]);
        for (std::size_t k = 0; k < block_; ++k)
          sum += static_cast<std::uint32_t>(inp[i * block_ + k] * wgt[j * block_ + k]);
        acc[i * block_ + j] = static_cast<std::int32_t>(sum);
      }
  }

  std::size_t batch_;
  std::size_t block_;
  std::vector<std::int8_t> inp_;
  std::vector<std::int8_t> wgt_;
};

}  // namespace

std::string_view ToString(GemmKernelKind kind) {
  constexpr std::string_view kNames[] = {"scalar", "avx2", "avx512vnni"};
  return kNames[static_cast<int>(kind)];
}

bool Supports(GemmKernelKind kind, const Geometry& geometry) {
  switch (kind) {
    case GemmKernelKind::kScalar:
      return true;
    case GemmKernelKind::kAvx2:
      return SupportsAvx2(geometry);
    case GemmKernelKind::kAvx512Vnni:
      return SupportsAvx512Vnni(geometry);
  }
  return false;
}

GemmKernelKind BestGemmKernel(const Geometry& geometry) {
  if (Supports(GemmKernelKind::kAvx512Vnni, geometry)) return GemmKernelKind::kAvx512Vnni;
  if (Supports(GemmKernelKind::kAvx2, geometry)) return GemmKernelKind::kAvx2;
  return GemmKernelKind::kScalar;
}

std::unique_ptr<GemmKernel> MakeGemmKernel(GemmKernelKind kind, const Geometry& geometry) {
  FOOTHOLD_CHECK(Supports(kind, geometry), ToString(kind));
  switch (kind) {
    case GemmKernelKind::kScalar:
      break;
    case GemmKernelKind::kAvx2:
      return MakeAvx2GemmKernel(geometry);
    case GemmKernelKind::kAvx512Vnni:
      return MakeAvx512VnniGemmKernel(geometry);
  }
  return std::make_unique<ScalarGemmKernel>(geometry);
}

}  // namespace foothold::vta

#include <cstring>
#include <vector>

#include "base/check.h"
#include "targets/vta/simulator/gemm_kernel_x86.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace foothold::vta {

#if defined(__x86_64__)
namespace {

#define FOOTHOLD_TARGET_AVX2 __attribute__((target("avx2")))

std::int16_t Widen(std::byte byte) {
  return static_cast<std::int16_t>((static_cast<int>(byte) ^ 0x80) - 0x80);
}

/// Products of 16-bit pairs, summed into 32 bits by VPMADDWD, are exact. Both scratchpads hold
/// their scalars widened to 16 bits. A weight element is stored as, for each pair p of input
/// channels (2p, 2p + 1), the pairs of all output channels side by side, so that one input pair
/// multiplies all output channels at once.
template <std::size_t kBlock>
class Avx2GemmKernel : public GemmKernel {
 public:
  explicit Avx2GemmKernel(const Geometry& geometry)
      : batch_(static_cast<std::size_t>(geometry.batch())),
        inp_(static_cast<std::size_t>(geometry.inp_depth()) * batch_ * kBlock),
        wgt_(static_cast<std::size_t>(geometry.wgt_depth()) * kWgtScalars) {}

  void Fill(std::int8_t value) override {
    inp_.assign(inp_.size(), value);
    wgt_.assign(wgt_.size(), value);
  }

  void LoadInputs(std::size_t index, const std::byte* bytes, std::size_t count) override {
    std::int16_t* const to = inp_.data() + index * batch_ * kBlock;
    for (std::size_t i = 0; i < count * batch_ * kBlock; ++i) to[i] = Widen(bytes[i]);
  }
  void ZeroInputs(std::size_t index, std::size_t count) override {
    std::memset(inp_.data() + index * batch_ * kBlock, 0,
                count * batch_ * kBlock * sizeof(inp_[0]));
  }

  FOOTHOLD_TARGET_AVX2 void LoadWeights(std::size_t index, const std::byte* bytes,
                                        std::size_t count) override {
    for (std::size_t e = 0; e < count; ++e)
      Pack(bytes + e * kWgtScalars, wgt_.data() + (index + e) * kWgtScalars);
  }
  void ZeroWeights(std::size_t index, std::size_t count) override {
    std::memset(wgt_.data() + index * kWgtScalars, 0, count * kWgtScalars * sizeof(wgt_[0]));
  }

  void Multiply(const GemmLoops& loops, std::int32_t* acc) const override {
    for (std::size_t y = 0; y < loops.iter_out; ++y)
      for (std::size_t x = 0; x < loops.iter_in; ++x)
        MultiplyUops(loops.uops, y * loops.src_out + x * loops.src_in,
                     y * loops.wgt_out + x * loops.wgt_in,
                     acc + (y * loops.dst_out + x * loops.dst_in) * batch_ * kBlock);
  }

 private:
  static constexpr std::size_t kWgtScalars = kBlock * kBlock;
  static constexpr std::size_t kVectors = kBlock / 8;  // of 8 accumulator lanes

  /// Element (out, in) to (pair of in, out, in within the pair), widened.
  FOOTHOLD_TARGET_AVX2 static void Pack(const std::byte* from, std::int16_t* to) {
    if constexpr (kBlock >= 16) {
      for (std::size_t rows = 0; rows < kBlock; rows += 8)
        for (std::size_t columns = 0; columns < kBlock; columns += 16)
          PackPart(from + rows * kBlock + columns, to + columns * kBlock + rows * 2);
    } else {
      for (std::size_t p = 0; p < kBlock / 2; ++p)
        for (std::size_t j = 0; j < kBlock; ++j)
          for (std::size_t k = 0; k < 2; ++k)
            to[(p * kBlock + j) * 2 + k] = Widen(from[j * kBlock + 2 * p + k]);
    }
  }

  /// Eight rows of 16 channels: widened, a transposition of 8 x 8 pairs.
  FOOTHOLD_TARGET_AVX2 static void PackPart(const std::byte* from, std::int16_t* to) {
    __m256i rows[8];
    for (std::size_t r = 0; r < 8; ++r)
      rows[r] = _mm256_cvtepi8_epi16(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + r * kBlock)));
    __m256i twos[8];
    for (std::size_t r = 0; r < 8; r += 2) {
      twos[r] = _mm256_unpacklo_epi32(rows[r], rows[r + 1]);
      twos[r + 1] = _mm256_unpackhi_epi32(rows[r], rows[r + 1]);
    }
    __m256i fours[8];  // pair p of rows 0 to 3 (then 4 to 7), beside pair p + 4
    for (std::size_t half = 0; half < 8; half += 4) {
      fours[half] = _mm256_unpacklo_epi64(twos[half], twos[half + 2]);
      fours[half + 1] = _mm256_unpackhi_epi64(twos[half], twos[half + 2]);
      fours[half + 2] = _mm256_unpacklo_epi64(twos[half + 1], twos[half + 3]);
      fours[half + 3] = _mm256_unpackhi_epi64(twos[half + 1], twos[half + 3]);
    }
    for (std::size_t p = 0; p < 4; ++p) {
      auto* const low = reinterpret_cast<__m256i*>(to + p * 2 * kBlock);
      auto* const high = reinterpret_cast<__m256i*>(to + (p + 4) * 2 * kBlock);
      _mm256_storeu_si256(low, _mm256_permute2x128_si256(fours[p], fours[p + 4], 0x20));
      _mm256_storeu_si256(high, _mm256_permute2x128_si256(fours[p], fours[p + 4], 0x31));
    }
  }

  FOOTHOLD_TARGET_AVX2 void MultiplyUops(std::span<const MicroOp> uops, std::size_t src,
                                         std::size_t wgt, std::int32_t* acc) const {
    const std::int16_t* const inp_base = inp_.data() + src * batch_ * kBlock;
    const std::int16_t* const wgt_base = wgt_.data() + wgt * kWgtScalars;
    for (const MicroOp& uop : uops) {
      const auto* const weights =
          reinterpret_cast<const __m256i*>(wgt_base + uop.wgt * kWgtScalars);
      for (std::size_t i = 0; i < batch_; ++i)
        MultiplyRow(inp_base + (uop.src * batch_ + i) * kBlock, weights,
                    reinterpret_cast<__m256i*>(acc + (uop.dst * batch_ + i) * kBlock));
    }
  }

  FOOTHOLD_TARGET_AVX2 static void MultiplyRow(const std::int16_t* inp, const __m256i* weights,
                                               __m256i* acc) {
    __m256i sums[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) sums[v] = _mm256_loadu_si256(acc + v);
    for (std::size_t p = 0; p < kBlock / 2; ++p) {
      std::int32_t pair;
      std::memcpy(&pair, inp + 2 * p, sizeof(pair));
      const __m256i inputs = _mm256_set1_epi32(pair);
      for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] = _mm256_add_epi32(
            sums[v], _mm256_madd_epi16(inputs, _mm256_loadu_si256(weights + p * kVectors + v)));
    }
    for (std::size_t v = 0; v < kVectors; ++v) _mm256_storeu_si256(acc + v, sums[v]);
  }

  std::size_t batch_;
  std::vector<std::int16_t> inp_;
  std::vector<std::int16_t> wgt_;
};

}  // namespace

bool SupportsAvx2(const Geometry& geometry) {
  return geometry.log_block >= 3 && geometry.log_block <= 5 && __builtin_cpu_supports("avx2");
}

std::unique_ptr<GemmKernel> MakeAvx2GemmKernel(const Geometry& geometry) {
  if (geometry.log_block == 3) return std::make_unique<Avx2GemmKernel<8>>(geometry);
  if (geometry.log_block == 5) return std::make_unique<Avx2GemmKernel<32>>(geometry);
  return std::make_unique<Avx2GemmKernel<16>>(geometry);
}

#else

bool SupportsAvx2(const Geometry&) { return false; }
std::unique_ptr<GemmKernel> MakeAvx2GemmKernel(const Geometry&) {
  FOOTHOLD_CHECK(false, "no AVX2 on this machine");
  return nullptr;
}

#endif

}  // namespace foothold::vta

#include <cstring>
#include <vector>

#include "base/check.h"
#include "vta/simulator/gemm_kernel_x86.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace foothold::vta {

#if defined(__x86_64__)
namespace {

#define FOOTHOLD_TARGET_VNNI \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

/// A register of kLanes int32 lanes and what VPDPBUSD does with it: to each lane, the sum of four
/// products of unsigned by signed bytes is added, without saturation.
template <int kLanes>
struct Vector;

template <>
struct Vector<16> {
  using Type = __m512i;
  FOOTHOLD_TARGET_VNNI static inline Type Load(const void* p) { return _mm512_loadu_si512(p); }
  FOOTHOLD_TARGET_VNNI static inline void Store(void* p, Type v) { _mm512_storeu_si512(p, v); }
  FOOTHOLD_TARGET_VNNI static inline Type Broadcast(std::int32_t v) { return _mm512_set1_epi32(v); }
  FOOTHOLD_TARGET_VNNI static inline Type Add(Type a, Type b) { return _mm512_add_epi32(a, b); }
  FOOTHOLD_TARGET_VNNI static inline Type Dot(Type sum, Type u8, Type s8) {
    return _mm512_dpbusd_epi32(sum, u8, s8);
  }
};

template <>
struct Vector<8> {
  using Type = __m256i;
  FOOTHOLD_TARGET_VNNI static inline Type Load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  FOOTHOLD_TARGET_VNNI static inline void Store(void* p, Type v) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), v);
  }
  FOOTHOLD_TARGET_VNNI static inline Type Broadcast(std::int32_t v) { return _mm256_set1_epi32(v); }
  FOOTHOLD_TARGET_VNNI static inline Type Add(Type a, Type b) { return _mm256_add_epi32(a, b); }
  FOOTHOLD_TARGET_VNNI static inline Type Dot(Type sum, Type u8, Type s8) {
    return _mm256_dpbusd_epi32(sum, u8, s8);
  }
};

inline std::int32_t Load32(const void* p) {
  std::int32_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

/// VPDPBUSD wants one operand unsigned, so weights are kept with 128 added:
///
///     sum_k inp[k] * wgt[k] = sum_k inp[k] * (wgt[k] + 128) - 128 * sum_k inp[k]
///
/// and the last term, one number per input row, is kept beside the input scratchpad. All of it
/// wraps, so the result is exact. A weight element is stored as, for each group g of four input
/// channels, the four weights of every output channel side by side: one register per group holds
/// them for all output channels.
template <int kBlock>
class VnniGemmKernel : public GemmKernel {
 public:
  explicit VnniGemmKernel(const Geometry& geometry)
      : batch_(static_cast<std::size_t>(geometry.batch())),
        inp_(static_cast<std::size_t>(geometry.inp_depth()) * batch_ * kBlock),
        correction_(static_cast<std::size_t>(geometry.inp_depth()) * batch_),
        wgt_(static_cast<std::size_t>(geometry.wgt_depth()) * kWgtBytes + 64) {
    // Registers are loaded from it whole: start on a cache line.
    wgt_offset_ = (64 - reinterpret_cast<std::uintptr_t>(wgt_.data()) % 64) % 64;
  }

  void Fill(std::int8_t value) override {
    inp_.assign(inp_.size(), value);
    correction_.assign(correction_.size(), -128 * kBlock * value);
    std::memset(Weights(0), static_cast<std::uint8_t>(value) ^ kOffset, wgt_.size() - wgt_offset_);
  }

  void LoadInputs(std::size_t index, const std::byte* bytes, std::size_t count) override {
    std::memcpy(inp_.data() + index * batch_ * kBlock, bytes, count * batch_ * kBlock);
    CorrectInputs(index * batch_, count * batch_);
  }
  void ZeroInputs(std::size_t index, std::size_t count) override {
    std::memset(inp_.data() + index * batch_ * kBlock, 0, count * batch_ * kBlock);
    std::memset(correction_.data() + index * batch_, 0, count * batch_ * sizeof(correction_[0]));
  }
  void LoadWeights(std::size_t index, const std::byte* bytes, std::size_t count) override {
    for (std::size_t e = 0; e < count; ++e) Pack(bytes + e * kWgtBytes, Weights(index + e));
  }
  void ZeroWeights(std::size_t index, std::size_t count) override {
    std::memset(Weights(index), kOffset, count * kWgtBytes);
  }

  FOOTHOLD_TARGET_VNNI void Multiply(const GemmLoops& loops, std::int32_t* acc) const override {
    // The order is free. A loop that does not move the weights goes inside, so that they stay in
    // registers.
    if (loops.wgt_in == 0 && loops.iter_in > 1) {
      for (const MicroOp& uop : loops.uops)
        for (std::size_t y = 0; y < loops.iter_out; ++y)
          MultiplyRun(uop.dst + y * loops.dst_out, uop.src + y * loops.src_out,
                      uop.wgt + y * loops.wgt_out, loops.iter_in, loops.dst_in, loops.src_in, acc);
    } else if (loops.wgt_out == 0 && loops.iter_out > 1) {
      for (const MicroOp& uop : loops.uops)
        for (std::size_t x = 0; x < loops.iter_in; ++x)
          MultiplyRun(uop.dst + x * loops.dst_in, uop.src + x * loops.src_in,
                      uop.wgt + x * loops.wgt_in, loops.iter_out, loops.dst_out, loops.src_out,
                      acc);
    } else {
      for (std::size_t y = 0; y < loops.iter_out; ++y)
        for (std::size_t x = 0; x < loops.iter_in; ++x)
          MultiplyUops(loops.uops, y * loops.dst_out + x * loops.dst_in,
                       y * loops.src_out + x * loops.src_in, y * loops.wgt_out + x * loops.wgt_in,
                       acc);
    }
  }

 private:
  static constexpr std::size_t kWgtBytes = kBlock * kBlock;
  static constexpr std::uint8_t kOffset = 0x80;  // adding 128 to a byte flips its top bit
  static constexpr int kGroups = kBlock / 4;
  static constexpr int kLanes = kBlock < 16 ? kBlock : 16;
  static constexpr int kVectors = kBlock / kLanes;
  using V = Vector<kLanes>;

  std::uint8_t* Weights(std::size_t index) { return wgt_.data() + wgt_offset_ + index * kWgtBytes; }
  const std::uint8_t* Weights(std::size_t index) const {
    return wgt_.data() + wgt_offset_ + index * kWgtBytes;
  }

  FOOTHOLD_TARGET_VNNI void CorrectInputs(std::size_t row, std::size_t count) {
    for (std::size_t r = row; r < row + count; ++r) {
      std::int32_t sum = 0;
      for (int k = 0; k < kBlock; ++k) sum += inp_[r * kBlock + static_cast<std::size_t>(k)];
      correction_[r] = -128 * sum;
    }
  }

  FOOTHOLD_TARGET_VNNI static void Pack(const std::byte* from, std::uint8_t* to) {
    for (int g = 0; g < kGroups; ++g)
      for (int j = 0; j < kBlock; ++j) {
        const std::uint32_t four =
            static_cast<std::uint32_t>(Load32(from + j * kBlock + g * 4)) ^ 0x80808080U;
        std::memcpy(to + (g * kBlock + j) * 4, &four, sizeof(four));
      }
  }

  FOOTHOLD_TARGET_VNNI static inline void LoadWeights(
      const std::uint8_t* from, typename V::Type (&weights)[kGroups * kVectors]) {
    for (int w = 0; w < kGroups * kVectors; ++w) weights[w] = V::Load(from + w * kLanes * 4);
  }

  /// acc[dst] += inp[src] * weights, for every batch row.
  FOOTHOLD_TARGET_VNNI inline void MultiplyElement(
      std::size_t dst, std::size_t src, const typename V::Type (&weights)[kGroups * kVectors],
      std::int32_t* acc) const {
    for (std::size_t i = 0; i < batch_; ++i) {
      const std::int8_t* const inp = inp_.data() + (src * batch_ + i) * kBlock;
      std::int32_t* const to = acc + (dst * batch_ + i) * kBlock;
      const auto correction = V::Broadcast(correction_[src * batch_ + i]);
      for (int v = 0; v < kVectors; ++v) {
        // Two chains, and the accumulator only at the end: it may come fresh from the previous
        // micro-op.
        auto even = correction;
        auto odd = V::Broadcast(0);
        for (int g = 0; g < kGroups; g += 2) {
          even = V::Dot(even, weights[g * kVectors + v], V::Broadcast(Load32(inp + g * 4)));
          odd = V::Dot(odd, weights[(g + 1) * kVectors + v], V::Broadcast(Load32(inp + g * 4 + 4)));
        }
        V::Store(to + v * kLanes, V::Add(V::Load(to + v * kLanes), V::Add(even, odd)));
      }
    }
  }

  FOOTHOLD_TARGET_VNNI void MultiplyRun(std::size_t dst, std::size_t src, std::size_t wgt,
                                        std::size_t count, std::size_t dst_step,
                                        std::size_t src_step, std::int32_t* acc) const {
    typename V::Type weights[kGroups * kVectors];
    LoadWeights(Weights(wgt), weights);
    for (; count > 0; --count, dst += dst_step, src += src_step)
      MultiplyElement(dst, src, weights, acc);
  }

  FOOTHOLD_TARGET_VNNI void MultiplyUops(std::span<const MicroOp> uops, std::size_t dst,
                                         std::size_t src, std::size_t wgt,
                                         std::int32_t* acc) const {
    typename V::Type weights[kGroups * kVectors];
    for (std::size_t k = 0; k < uops.size();) {
      const std::uint32_t same = uops[k].wgt;
      LoadWeights(Weights(wgt + same), weights);
      do {
        MultiplyElement(dst + uops[k].dst, src + uops[k].src, weights, acc);
      } while (++k < uops.size() && uops[k].wgt == same);
    }
  }

  std::size_t batch_;
  std::vector<std::int8_t> inp_;
  std::vector<std::int32_t> correction_;  // by input row: -128 * sum
  std::vector<std::uint8_t> wgt_;
  std::size_t wgt_offset_ = 0;
};

}  // namespace

bool SupportsAvx512Vnni(const Geometry& geometry) {
  return geometry.log_block >= 3 && geometry.log_block <= 5 && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

std::unique_ptr<GemmKernel> MakeAvx512VnniGemmKernel(const Geometry& geometry) {
  if (geometry.log_block == 3) return std::make_unique<VnniGemmKernel<8>>(geometry);
  if (geometry.log_block == 5) return std::make_unique<VnniGemmKernel<32>>(geometry);
  return std::make_unique<VnniGemmKernel<16>>(geometry);
}

#else

bool SupportsAvx512Vnni(const Geometry&) { return false; }
std::unique_ptr<GemmKernel> MakeAvx512VnniGemmKernel(const Geometry&) {
  FOOTHOLD_CHECK(false, "no AVX-512 on this machine");
  return nullptr;
}

#endif

}  // namespace foothold::vta

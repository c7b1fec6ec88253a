#include <algorithm>
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

#define FOOTHOLD_TARGET_VNNI \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

/// A register of kLanes int32 lanes and what VPDPBUSD does with it: to each lane, the sum of four
/// products of unsigned by signed bytes is added, without saturation.
template <std::size_t kLanes>
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
template <std::size_t kBlock>
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
    correction_.assign(correction_.size(), -128 * static_cast<std::int32_t>(kBlock) * value);
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
  FOOTHOLD_TARGET_VNNI void LoadWeights(std::size_t index, const std::byte* bytes,
                                        std::size_t count) override {
    for (std::size_t e = 0; e < count; ++e) Pack(bytes + e * kWgtBytes, Weights(index + e));
  }
  void ZeroWeights(std::size_t index, std::size_t count) override {
    std::memset(Weights(index), kOffset, count * kWgtBytes);
  }

  void Multiply(const GemmLoops& loops, std::int32_t* acc) const override {
    if (batch_ == 1) {
      MultiplyLoops<true>(loops, acc);
    } else {
      MultiplyLoops<false>(loops, acc);
    }
  }

 private:
  static constexpr std::size_t kWgtBytes = kBlock * kBlock;
  static constexpr std::uint8_t kOffset = 0x80;  // adding 128 to a byte flips its top bit
  static constexpr std::size_t kGroups = kBlock / 4;
  static constexpr std::size_t kLanes = std::min<std::size_t>(kBlock, 16);
  static constexpr std::size_t kVectors = kBlock / kLanes;
  using V = Vector<kLanes>;

  std::uint8_t* Weights(std::size_t index) { return wgt_.data() + wgt_offset_ + index * kWgtBytes; }
  const std::uint8_t* Weights(std::size_t index) const {
    return wgt_.data() + wgt_offset_ + index * kWgtBytes;
  }

  FOOTHOLD_TARGET_VNNI void CorrectInputs(std::size_t row, std::size_t count) {
    const std::int8_t* const inp = inp_.data();
    std::int32_t* const correction = correction_.data();
    const std::size_t end = row + count;
    if constexpr (kBlock == 16)
      for (; row + 4 <= end; row += 4) CorrectFourRows(inp + row * kBlock, correction + row);
    for (; row < end; ++row) {
      std::int32_t sum = 0;
      for (std::size_t k = 0; k < kBlock; ++k) sum += inp[row * kBlock + k];
      correction[row] = -128 * sum;
    }
  }

  /// Four rows of 16 scalars: sums of four by VPDPBUSD, then across each row.
  FOOTHOLD_TARGET_VNNI static void CorrectFourRows(const std::int8_t* inp,
                                                   std::int32_t* correction) {
    const __m256i ones = _mm256_set1_epi8(1);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i rows01 = _mm256_dpbusd_epi32(zero, ones, Vector<8>::Load(inp));
    const __m256i rows23 = _mm256_dpbusd_epi32(zero, ones, Vector<8>::Load(inp + 32));
    const __m256i pairs = _mm256_hadd_epi32(rows01, rows23);
    const __m256i sums = _mm256_hadd_epi32(pairs, pairs);  // rows 0, 2, ... then 1, 3, ...
    const __m128i in_order =
        _mm_unpacklo_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    const __m128i scaled = _mm_sub_epi32(_mm_setzero_si128(), _mm_slli_epi32(in_order, 7));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(correction), scaled);
  }

  /// Element (out, in) to (group of four in, out, in within the group), 128 added.
  FOOTHOLD_TARGET_VNNI static void Pack(const std::byte* from, std::uint8_t* to) {
    if constexpr (kBlock == 16) {
      PackBlock16(from, to);
    } else {
      for (std::size_t g = 0; g < kGroups; ++g)
        for (std::size_t j = 0; j < kBlock; ++j) {
          const std::uint32_t four =
              static_cast<std::uint32_t>(Load32(from + j * kBlock + g * 4)) ^ 0x80808080U;
          std::memcpy(to + (g * kBlock + j) * 4, &four, sizeof(four));
        }
    }
  }

  /// A transposition of 16 rows of four 32-bit groups.
  FOOTHOLD_TARGET_VNNI static void PackBlock16(const std::byte* from, std::uint8_t* to) {
    // From eight rows: groups g and g + 1 of all of them.
    const __m512i groups01 =
        _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    const __m512i groups23 = _mm512_add_epi32(groups01, _mm512_set1_epi32(2));
    const __m512i offset = _mm512_set1_epi32(static_cast<int>(0x80808080U));
    const __m512i rows0 = _mm512_loadu_si512(from);
    const __m512i rows4 = _mm512_loadu_si512(from + 64);
    const __m512i rows8 = _mm512_loadu_si512(from + 128);
    const __m512i rows12 = _mm512_loadu_si512(from + 192);
    const __m512i low01 = _mm512_permutex2var_epi32(rows0, groups01, rows4);
    const __m512i low23 = _mm512_permutex2var_epi32(rows0, groups23, rows4);
    const __m512i high01 = _mm512_permutex2var_epi32(rows8, groups01, rows12);
    const __m512i high23 = _mm512_permutex2var_epi32(rows8, groups23, rows12);
    const __m512i low_halves = _mm512_setr_epi64(0, 1, 2, 3, 8, 9, 10, 11);
    const __m512i high_halves = _mm512_setr_epi64(4, 5, 6, 7, 12, 13, 14, 15);
    _mm512_store_si512(
        to, _mm512_xor_si512(_mm512_permutex2var_epi64(low01, low_halves, high01), offset));
    _mm512_store_si512(
        to + 64, _mm512_xor_si512(_mm512_permutex2var_epi64(low01, high_halves, high01), offset));
    _mm512_store_si512(
        to + 128, _mm512_xor_si512(_mm512_permutex2var_epi64(low23, low_halves, high23), offset));
    _mm512_store_si512(
        to + 192, _mm512_xor_si512(_mm512_permutex2var_epi64(low23, high_halves, high23), offset));
  }

  FOOTHOLD_TARGET_VNNI static inline void LoadWeights(
      const std::uint8_t* from, typename V::Type (&weights)[kGroups * kVectors]) {
    for (std::size_t w = 0; w < kGroups * kVectors; ++w)
      weights[w] = V::Load(from + w * kLanes * 4);
  }

  /// One row of an element: acc += inp * weights, and the correction.
  FOOTHOLD_TARGET_VNNI static inline void MultiplyRow(
      const std::int8_t* inp, std::int32_t correction,
      const typename V::Type (&weights)[kGroups * kVectors], std::int32_t* acc) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      // Two chains, and the accumulator only at the end: it may come fresh from the micro-op
      // before.
      auto even = V::Broadcast(correction);
      auto odd = V::Broadcast(0);
      for (std::size_t g = 0; g < kGroups; g += 2) {
        even = V::Dot(even, weights[g * kVectors + v], V::Broadcast(Load32(inp + g * 4)));
        odd = V::Dot(odd, weights[(g + 1) * kVectors + v], V::Broadcast(Load32(inp + g * 4 + 4)));
      }
      V::Store(acc + v * kLanes, V::Add(V::Load(acc + v * kLanes), V::Add(even, odd)));
    }
  }

  /// The element at `src` times `weights`, added to the element at `dst`.
  template <bool kOneRow>
  FOOTHOLD_TARGET_VNNI inline void MultiplyElement(
      std::size_t dst, std::size_t src, const typename V::Type (&weights)[kGroups * kVectors],
      std::int32_t* acc) const {
    const std::size_t rows = kOneRow ? 1 : batch_;
    for (std::size_t i = 0; i < rows; ++i)
      MultiplyRow(inp_.data() + (src * rows + i) * kBlock, correction_[src * rows + i], weights,
                  acc + (dst * rows + i) * kBlock);
  }

  /// Iterations that leave the weights where they are.
  struct Run {
    std::size_t count;
    std::size_t dst_step;
    std::size_t src_step;
  };

  /// All micro-ops, each with all iterations of `run`. Neighbours that share their weights share
  /// the registers too.
  template <bool kOneRow>
  FOOTHOLD_TARGET_VNNI void MultiplyUops(std::span<const MicroOp> uops, std::size_t dst_offset,
                                         std::size_t src_offset, std::size_t wgt_offset,
                                         const Run& run, std::int32_t* acc) const {
    typename V::Type weights[kGroups * kVectors];
    for (std::size_t k = 0; k < uops.size();) {
      const std::uint32_t same = uops[k].wgt;
      LoadWeights(Weights(wgt_offset + same), weights);
      do {
        std::size_t dst = dst_offset + uops[k].dst;
        std::size_t src = src_offset + uops[k].src;
        for (std::size_t n = 0; n < run.count; ++n, dst += run.dst_step, src += run.src_step)
          MultiplyElement<kOneRow>(dst, src, weights, acc);
      } while (++k < uops.size() && uops[k].wgt == same);
    }
  }

  template <bool kOneRow>
  FOOTHOLD_TARGET_VNNI void MultiplyLoops(const GemmLoops& l, std::int32_t* acc) const {
    // The order is free: a loop that does not move the weights goes inside.
    if (l.wgt_in == 0) {
      for (std::size_t y = 0; y < l.iter_out; ++y)
        MultiplyUops<kOneRow>(l.uops, y * l.dst_out, y * l.src_out, y * l.wgt_out,
                              {l.iter_in, l.dst_in, l.src_in}, acc);
      return;
    }
    const bool out_inside = l.wgt_out == 0;
    const Run run = {out_inside ? l.iter_out : 1, l.dst_out, l.src_out};
    for (std::size_t y = 0; y < (out_inside ? 1 : l.iter_out); ++y)
      for (std::size_t x = 0; x < l.iter_in; ++x)
        MultiplyUops<kOneRow>(l.uops, y * l.dst_out + x * l.dst_in, y * l.src_out + x * l.src_in,
                              y * l.wgt_out + x * l.wgt_in, run, acc);
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

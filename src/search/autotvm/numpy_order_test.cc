#include "search/autotvm/numpy_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "foothold/rng.h"

namespace foothold::search {
namespace {

/// Numbers that are easy to make again in NumPy, with many ties for a small `modulus`.
std::vector<float> TestValues(std::size_t count, std::uint64_t modulus) {
  std::vector<float> values;
  for (std::uint64_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>((i * i * 31 + 7 * i) % 101 % modulus));
  }
  return values;
}

std::uint64_t Checksum(const std::vector<std::uint32_t>& order) {
  constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;
  unsigned __int128 sum = 0;
  for (const std::uint32_t index : order) sum = (sum * 1'000'003 + index) % kPrime;
  return static_cast<std::uint64_t>(sum);
}

// The expected orders and checksums below are those of numpy.argsort, NumPy 1.24.4, float32.

TEST(NumpyArgsort, OrdersTiesAsNumpyDoes) {
  EXPECT_EQ(NumpyArgsort(TestValues(17, 3)),
            (std::vector<std::uint32_t>{0, 13, 12, 10, 16, 15, 9, 11, 2, 14, 4, 5, 6, 7, 3, 1, 8}));
  EXPECT_EQ(NumpyArgsort(TestValues(40, 2)),
            (std::vector<std::uint32_t>{0,  37, 36, 35, 33, 32, 30, 29, 28, 24, 22, 21, 20, 18,
                                        15, 19, 1,  13, 3,  5,  8,  16, 2,  34, 4,  31, 6,  7,
                                        27, 26, 25, 9,  23, 10, 11, 12, 38, 17, 14, 39}));
}

TEST(NumpyArgsort, HasNumpysChecksums) {
  const struct {
    std::size_t count;
    std::uint64_t modulus;
    std::uint64_t checksum;
  } cases[] = {
      {16, 2, 1230993476632456436},    {17, 2, 950557108835554067},
      {64, 1, 1321519029383980125},    {64, 3, 2222836510906624233},
      {500, 2, 1273940482662001330},   {750, 5, 1025051927112753218},
      {750, 101, 2263638830356934620}, {2000, 7, 1265014178993664497},
  };
  for (const auto& [count, modulus, checksum] : cases) {
    EXPECT_EQ(Checksum(NumpyArgsort(TestValues(count, modulus))), checksum)
        << count << " values modulo " << modulus;
  }
}

/// Musser's sequence (1997), which makes the median of three split badly, in steps of `step` to
/// have ties: the sort must give up splitting and build a heap.
std::vector<float> BadForMedianOfThree(std::size_t count, int step) {
  std::vector<float> values(count, 0);
  const auto put = [&](std::size_t place, std::size_t value) {
    values[place] = static_cast<float>(static_cast<int>(value) / step);
  };
  for (std::size_t i = 1; i <= count / 2; ++i) {
    if (i % 2 == 1) {
      put(i - 1, i);
      put(i, count / 2 + i);
    }
    put(count / 2 + i - 1, 2 * i);
  }
  return values;
}

TEST(NumpyArgsort, FallsBackToAHeapLikeNumpy) {
  EXPECT_EQ(Checksum(NumpyArgsort(BadForMedianOfThree(2000, 1))), 951715897511583759u);
  EXPECT_EQ(Checksum(NumpyArgsort(BadForMedianOfThree(2000, 3))), 2185716303460319957u);
  EXPECT_EQ(Checksum(NumpyArgsort(BadForMedianOfThree(2000, 50))), 494215695428237490u);
}

TEST(NumpyArgsort, SortsWhateverItIsGiven) {
  EXPECT_TRUE(NumpyArgsort({}).empty());
  EXPECT_EQ(NumpyArgsort(std::vector<float>{3}), std::vector<std::uint32_t>{0});
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    std::vector<float> values(rng.Below(300));
    const std::uint64_t distinct = 1 + rng.Below(400);
    for (float& value : values) value = static_cast<float>(rng.Below(distinct)) - 7;
    const std::vector<std::uint32_t> order = NumpyArgsort(values);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end(),
                               [&](auto a, auto b) { return values[a] < values[b]; }))
        << "seed " << seed;
    std::vector<std::uint32_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::uint32_t> all(values.size());
    std::iota(all.begin(), all.end(), 0u);
    EXPECT_EQ(sorted, all) << "seed " << seed;
  }
}

}  // namespace
}  // namespace foothold::search

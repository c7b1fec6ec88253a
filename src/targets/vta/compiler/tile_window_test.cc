#include "targets/vta/compiler/tile_window.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

constexpr std::int64_t kPaddedWithZero = -1;  // what stands for a line of zeros

/// The image line that scratchpad line `line` holds, as the transfer would put it there.
std::int64_t ImageLine(const TileWindow& window, std::int64_t line) {
  const std::int64_t loaded = line - window.pad_before;
  if (loaded < 0 || loaded >= window.size) return kPaddedWithZero;
  return window.first + loaded * window.image_step;
}

/// What output position p reads at kernel offset d.
std::int64_t Read(const WindowAxis& axis, std::int64_t p, std::int64_t d) {
  const std::int64_t at = p * axis.stride + d - axis.pad;
  if (at < 0 || at % axis.upsample != 0) return kPaddedWithZero;
  return at / axis.upsample >= axis.extent ? kPaddedWithZero : at / axis.upsample;
}

struct RandomAxis {
  WindowAxis axis;
  std::int64_t outputs;
};

RandomAxis Draw(Rng& rng) {
  const auto between = [&rng](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(high - low + 1)));
  };
  for (;;) {
    WindowAxis axis;
    axis.extent = between(1, 12);
    axis.kernel = between(1, 5);
    axis.pad = between(0, 4);
    axis.stride = between(1, 3);
    axis.sparse = between(0, 1) == 1;
    axis.upsample = between(0, 1) == 1 ? between(2, 4) : 1;
    const std::int64_t extent = (axis.extent - 1) * axis.upsample + 1;
    const std::int64_t span = extent + 2 * axis.pad - axis.kernel;
    if (span >= 0) return {axis, span / axis.stride + 1};
  }
}

// Over random axes and tiles: each position finds in the scratchpad the image line that the
// definition of the convolution names, or a zero, or nothing where the window left padding out.
TEST(TileWindowTest, EveryPositionFindsItsLine) {
  Rng rng(1);
  for (int n = 0; n < 3000; ++n) {
    const auto [axis, outputs] = Draw(rng);
    const auto positions =
        1 + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(outputs)));
    const auto first =
        static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(outputs - positions + 1)));
    for (const bool skip : {false, true}) {
      if (!skip && axis.upsample > 1) continue;  // zeros between lines are left out always
      const TileWindow window = MakeTileWindow(axis, first, positions, skip);
      for (std::int64_t p = 0; p < positions; ++p) {
        for (std::int64_t d = 0; d < axis.kernel; ++d) {
          const std::int64_t wanted = Read(axis, first + p, d);
          const std::string what = "seed 1, case " + std::to_string(n);
          if (window.Holds(p, d)) {
            ASSERT_EQ(ImageLine(window, window.LineOf(p, d)), wanted) << what;
          } else {
            ASSERT_TRUE(skip) << what;
            ASSERT_EQ(wanted, kPaddedWithZero) << what;
          }
          if (skip && wanted == kPaddedWithZero) {
            ASSERT_FALSE(window.Holds(p, d)) << what;
          }
        }
      }
    }
  }
}

TEST(TileWindowTest, PiecesCoverWhatTheWindowHoldsOnce) {
  Rng rng(2);
  for (int n = 0; n < 1000; ++n) {
    const auto [axis, outputs] = Draw(rng);
    const TileWindow window = MakeTileWindow(axis, 0, outputs, true);
    std::multiset<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const WindowPiece& piece : WindowPieces(window)) {
      for (std::int64_t d = piece.d_begin; d < piece.d_end; ++d)
        for (std::int64_t i = 0; i < piece.positions(); ++i)
          pairs.insert({piece.begin + i * piece.every, d});
    }
    for (std::int64_t p = 0; p < outputs; ++p)
      for (std::int64_t d = 0; d < axis.kernel; ++d)
        ASSERT_EQ(pairs.count({p, d}), window.Holds(p, d) ? 1U : 0U) << "seed 2, case " << n;
  }
}

TEST(TileWindowTest, ATileInsideTheImageIsOnePiece) {
  const WindowAxis axis{.extent = 14, .kernel = 3, .pad = 1, .stride = 1};
  EXPECT_EQ(WindowPieces(MakeTileWindow(axis, 3, 4, true)).size(), 1U);
  EXPECT_EQ(WindowPieces(MakeTileWindow(axis, 0, 4, true)).size(), 2U);   // offset 0 apart
  EXPECT_EQ(WindowPieces(MakeTileWindow(axis, 0, 14, true)).size(), 3U);  // the last one too
  EXPECT_EQ(WindowPieces(MakeTileWindow(axis, 0, 14, false)).size(), 1U);
}

TEST(TileWindowTest, ASparseAxisLoadsOnlyTheLinesThatAreRead) {
  const WindowAxis rows{.extent = 56, .kernel = 1, .pad = 0, .stride = 2, .sparse = true};
  const TileWindow window = MakeTileWindow(rows, 7, 7, false);
  EXPECT_EQ(window.first, 14);
  EXPECT_EQ(window.size, 7);
  EXPECT_EQ(window.image_step, 2);
  EXPECT_EQ(window.step, 1);
}

}  // namespace
}  // namespace foothold::vta

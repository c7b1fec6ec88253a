#include "targets/vta/isa/board.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace foothold::vta {
namespace {

TEST(BoardTest, FactsOfPynqAndUltra96) {
  const BoardFacts* pynq = FindBoard("pynq");
  ASSERT_NE(pynq, nullptr);
  EXPECT_EQ(pynq->device, "xc7z020clg484-1");
  EXPECT_EQ(pynq->clock_mhz, 100);
  EXPECT_EQ(pynq->axi_bus_bytes, 8);
  // The peak of docs/reference/vta-and-autotvm.md#boards: 51.2 GOPS.
  EXPECT_EQ(2 * pynq->geometry.macs_per_gemm() * pynq->clock_mhz, 51'200);
  const BoardFacts* ultra96 = FindBoard("ultra96");
  ASSERT_NE(ultra96, nullptr);
  EXPECT_EQ(ultra96->clock_mhz, 333);
  EXPECT_EQ(ultra96->axi_bus_bytes, 16);
}

TEST(BoardTest, AllAreSortedAndValid) {
  EXPECT_EQ(Boards().size(), 5U);
  EXPECT_TRUE(
      std::is_sorted(Boards().begin(), Boards().end(),
                     [](const BoardFacts& a, const BoardFacts& b) { return a.name < b.name; }));
  for (const BoardFacts& board : Boards()) {
    EXPECT_EQ(FindBoard(board.name), &board);
    EXPECT_TRUE(Validate(board.geometry).ok()) << board.name;
    EXPECT_GT(board.clock_mhz, 0);
  }
}

TEST(BoardTest, UnknownNames) {
  EXPECT_EQ(FindBoard("PYNQ"), nullptr);
  EXPECT_EQ(FindBoard(""), nullptr);
}

}  // namespace
}  // namespace foothold::vta

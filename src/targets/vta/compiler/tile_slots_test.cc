#include "targets/vta/compiler/tile_slots.h"

#include <gtest/gtest.h>

namespace foothold::vta {
namespace {

/// Asks for tiles one after the other; counts those that must be loaded.
int Loads(std::int64_t slots, const std::vector<std::int64_t>& tiles) {
  TileSlots memory(slots);
  int loads = 0;
  for (const std::int64_t tile : tiles) {
    TileSlots::Slot& slot = memory.Find(tile);
    EXPECT_GE(slot.index, 0);
    EXPECT_LT(slot.index, slots);
    if (slot.tile != tile) ++loads;
    slot.tile = tile;
  }
  return loads;
}

TEST(TileSlotsTest, ATileThatIsThereIsNotLoadedAgain) {
  EXPECT_EQ(Loads(1, {5, 5, 5}), 1);
  EXPECT_EQ(Loads(1, {5, 6, 5}), 3);
  EXPECT_EQ(Loads(2, {5, 6, 5, 6}), 2);
}

TEST(TileSlotsTest, TheLeastRecentlyUsedTileGives) {
  EXPECT_EQ(Loads(2, {1, 2, 1, 3, 1, 2}), 4);
  EXPECT_EQ(Loads(4, {1, 2, 3, 4, 1, 2, 3, 4}), 4);
  EXPECT_EQ(Loads(3, {1, 2, 3, 4, 1, 2, 3, 4}), 8);  // one too few for a cycle
}

TEST(TileSlotsTest, TwoSlotsTakeTurns) {
  TileSlots memory(2);
  std::vector<std::int64_t> indices;
  for (std::int64_t tile = 0; tile < 4; ++tile) {
    TileSlots::Slot& slot = memory.Find(tile);
    slot.tile = tile;
    indices.push_back(slot.index);
  }
  EXPECT_EQ(indices, (std::vector<std::int64_t>{0, 1, 0, 1}));
}

}  // namespace
}  // namespace foothold::vta

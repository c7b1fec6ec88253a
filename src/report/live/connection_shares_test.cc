#include "report/live/connection_shares.h"

#include <gtest/gtest.h>

namespace foothold::live {
namespace {

TEST(ConnectionShares, TheOldestOfTheGreediestMakesRoom) {
  ConnectionShares shares(4);
  EXPECT_EQ(shares.Add(1, "quiet"), std::nullopt);
  EXPECT_EQ(shares.Add(2, "greedy"), std::nullopt);
  EXPECT_EQ(shares.Add(3, "greedy"), std::nullopt);
  EXPECT_EQ(shares.Add(4, "greedy"), std::nullopt);
  EXPECT_EQ(shares.Add(5, "greedy"), 2U);
  EXPECT_EQ(shares.Add(6, "new"), 3U);
  EXPECT_EQ(shares.size(), 4U);
}

TEST(ConnectionShares, WhatEndedMakesRoomToo) {
  ConnectionShares shares(2);
  shares.Add(1, "a");
  shares.Add(2, "a");
  shares.Remove(1);
  shares.Remove(1);
  shares.Remove(7);
  EXPECT_EQ(shares.Add(3, "b"), std::nullopt);
  EXPECT_EQ(shares.Add(4, "b"), 2U) << "all have one";
}

TEST(ConnectionShares, OneAddressMayHaveAllUntilAnotherComes) {
  ConnectionShares shares(3);
  for (ConnectionShares::Id id = 1; id <= 100; ++id) shares.Add(id, "flood");
  EXPECT_EQ(shares.Add(101, "browser"), 98U);
  for (ConnectionShares::Id id = 102; id <= 200; ++id) {
    EXPECT_NE(shares.Add(id, "flood"), 101U) << "the browser keeps its own";
  }
}

}  // namespace
}  // namespace foothold::live

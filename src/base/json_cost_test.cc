#include "base/json_cost.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"

namespace foothold::base {
namespace {

std::string Repeated(const std::string& piece, std::size_t bytes) {
  std::string text = "[";
  while (text.size() < bytes) text += piece;
  text.back() = ']';
  return text;
}

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

TEST(JsonCost, WhatSaysSomethingMayBeAsLargeAsItLikes) {
  for (const char* piece :
       {R"({"tile_size_x":16,"tile_size_y":4,"times":[0.0123,0.0124,0.0125],"note":"[,:{"},)",
        R"("just a text that is long",)"}) {
    EXPECT_FALSE(IsTooCostlyToParse(Repeated(piece, 64 * kMegabyte))) << piece;
  }
}

TEST(JsonCost, WhatSaysNothingMayNot) {
  for (const char* piece : {"0,", "[],", "{},", "{\"\":0},"}) {
    EXPECT_FALSE(IsTooCostlyToParse(Repeated(piece, kMegabyte))) << piece;
    EXPECT_TRUE(IsTooCostlyToParse(Repeated(piece, 16 * kMegabyte))) << piece;
  }
}

TEST(JsonCost, TextsThatEndAnywhereAreNoDanger) {
  for (const char* text : {"", "\"", "\"\\", "\"\\\"", "[{", ":,"}) {
    EXPECT_GE(EstimateJsonBytes(text), 1U) << text;
  }
}

TEST(JsonCost, IsAskedForBeforeParsing) {
  const std::string bomb = Repeated("0,", 16 * kMegabyte);
  const auto parsed = JsonNode::Parse(bomb, "bomb.json");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().message(),
            "bomb.json:1: holds so many values for its " + std::to_string(bomb.size()) +
                " bytes that it is not read; no file of any format that Foothold reads does");
}

}  // namespace
}  // namespace foothold::base

#include "base/utf8.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "foothold/rng.h"

namespace foothold {
namespace {

TEST(Utf8Test, WhatIsValidStays) {
  for (const std::string text :
       {"", "dense.cl", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    EXPECT_EQ(ValidUtf8(text), text);
  }
}

TEST(Utf8Test, WhatIsNotIsWrittenOut) {
  EXPECT_EQ(ValidUtf8("a\xff.cl"), "a\\xff.cl");
  EXPECT_EQ(ValidUtf8("\xc3"), "\\xc3");
  EXPECT_EQ(ValidUtf8("\xc0\xaf"), "\\xc0\\xaf");                    // longer than need be
  EXPECT_EQ(ValidUtf8("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(ValidUtf8("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond the last code point
}

TEST(Utf8Test, JsonTakesWhateverComesOut) {
  Rng rng(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::uint64_t left = rng.Below(8); left > 0; --left) {
      text += static_cast<char>(128 + rng.Below(128));
    }
    const std::string valid = ValidUtf8(text);
    EXPECT_EQ(nlohmann::json::parse(nlohmann::json(valid).dump()).get<std::string>(), valid);
    EXPECT_EQ(ValidUtf8(valid), valid);
  }
}

}  // namespace
}  // namespace foothold

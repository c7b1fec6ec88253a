#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace foothold::base {
namespace {

TEST(Utf8, ReadsWhatItWrites) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(code_point, text);
    const Utf8Character read = FirstCharacter(text + "x");
    ASSERT_TRUE(read.is_valid) << static_cast<std::uint32_t>(code_point);
    ASSERT_EQ(read.code_point, code_point);
    ASSERT_EQ(read.bytes, text.size());
  }
}

TEST(Utf8, TakesAsMuchOfWhatIsNoCharacterAsCouldHaveBegunOne) {
  const auto wrong = [](std::string_view text) {
    const Utf8Character read = FirstCharacter(text);
    EXPECT_FALSE(read.is_valid) << text;
    EXPECT_EQ(read.code_point, 0xFFFDU);
    return read.bytes;
  };
  EXPECT_EQ(wrong("\x80"), 1U);
  EXPECT_EQ(wrong("\xff"), 1U);
  EXPECT_EQ(wrong("\xc0\x80"), 1U) << "overlong";
  EXPECT_EQ(wrong("\xe0\x80\x80"), 1U) << "overlong";
  EXPECT_EQ(wrong("\xed\xa0\x80"), 1U) << "surrogate";
  EXPECT_EQ(wrong("\xf4\x90\x80\x80"), 1U) << "above U+10FFFF";
  EXPECT_EQ(wrong("\xe2\x82"), 2U) << "cut";
  EXPECT_EQ(wrong("\xf0\x9f\x98 "), 3U);
  EXPECT_EQ(wrong("\xc3"), 1U);
}

TEST(Shortened, CutsBetweenCharacters) {
  EXPECT_EQ(Shortened("caf\xc3\xa9", 5), "caf\xc3\xa9");
  EXPECT_EQ(Shortened("caf\xc3\xa9", 4), "caf...");
  EXPECT_EQ(Shortened("cafe", 0), "...");
}

TEST(ValidUtf8, KeepsWhatIsValid) {
  for (const std::string text :
       {"", "dense.cl", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    EXPECT_EQ(ValidUtf8(text), text);
  }
}

TEST(ValidUtf8, WritesOutWhatIsNot) {
  EXPECT_EQ(ValidUtf8("a\xff.cl"), "a\\xff.cl");
  EXPECT_EQ(ValidUtf8("\xc3"), "\\xc3");
  EXPECT_EQ(ValidUtf8("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(ValidUtf8("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(ValidUtf8("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above U+10FFFF";
}

}  // namespace
}  // namespace foothold::base

#include "process/bounded_text.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold::process {
namespace {

TEST(BoundedText, KeepsAShortTextWhole) {
  BoundedText text(10, 0);
  text.Append("01234");
  text.Append("");
  text.Append("56789");
  EXPECT_EQ(text.Text(), "0123456789");
  EXPECT_EQ(text.bytes(), 10U);
  EXPECT_EQ(text.dropped_bytes(), 0U);
}

TEST(BoundedText, SaysHowMuchOfALongTextWasDropped) {
  BoundedText text(4, 0);
  text.Append("abcdefg");
  EXPECT_EQ(text.Text(), "ab\n[... 3 bytes dropped ...]\nfg");
  EXPECT_EQ(text.dropped_bytes(), 3U);
}

TEST(BoundedText, IsTheSameHoweverTheTextIsCutIntoPieces) {
  Rng rng(7);
  for (int round = 0; round < 300; ++round) {
    const std::size_t half = 1 + rng.Below(20);
    std::string whole;
    BoundedText text(2 * half, 0);
    while (rng.Below(12) != 0) {
      std::string piece;
      for (std::uint64_t i = rng.Below(60); i > 0; --i) {
        piece += static_cast<char>('a' + rng.Below(26));
      }
      whole += piece;
      text.Append(piece);
    }
    SCOPED_TRACE(fmt::format("round {}", round));
    EXPECT_EQ(text.bytes(), whole.size());
    if (whole.size() <= 2 * half) {
      EXPECT_EQ(text.Text(), whole);
    } else {
      EXPECT_EQ(text.Text(),
                fmt::format("{}\n[... {} bytes dropped ...]\n{}", whole.substr(0, half),
                            whole.size() - 2 * half, whole.substr(whole.size() - half)));
    }
  }
}

TEST(BoundedText, KeepsTheLastLineWholeUpToItsLimit) {
  BoundedText text(4, 10);
  text.Append("abc\n[1, 2, 3]\n \r\n");
  EXPECT_EQ(text.Text(), "ab\n[... 5 bytes dropped ...]\n 2, 3]\n \r\n");
  EXPECT_TRUE(text.LastLineIsCut());
  text.Append("0123456");
  EXPECT_EQ(text.Text(), "ab\n[... 15 bytes dropped ...]\n0123456");
  EXPECT_FALSE(text.LastLineIsCut());
  text.Append("789abcdef");
  EXPECT_TRUE(text.LastLineIsCut());
  EXPECT_EQ(text.Text(), "ab\n[... 21 bytes dropped ...]\n6789abcdef");
}

/// The last line that is not blank, with what follows it.
std::string EndOf(const std::string& text) {
  const std::size_t last = std::min(text.find_last_not_of(" \n"), text.size());
  return last == text.size() ? text : text.substr(text.rfind('\n', last) + 1);
}

TEST(BoundedText, FindsTheLastLineHoweverTheTextIsCutIntoPieces) {
  Rng rng(8);
  constexpr std::size_t kLineLimit = 30;
  for (int round = 0; round < 500; ++round) {
    std::string whole;
    BoundedText text(8, kLineLimit);
    while (rng.Below(10) != 0) {
      std::string piece;
      for (std::uint64_t i = rng.Below(20); i > 0; --i) piece += "x  \nyz"[rng.Below(6)];
      whole += piece;
      text.Append(piece);
      const std::string end = EndOf(whole);
      SCOPED_TRACE(fmt::format("round {}, {} bytes", round, whole.size()));
      const std::string kept = text.Text();
      if (end.size() <= kLineLimit) {
        EXPECT_TRUE(kept.ends_with(end)) << kept << "|" << end;
        EXPECT_FALSE(text.LastLineIsCut());
      } else {
        EXPECT_TRUE(kept.ends_with(end.substr(end.size() - kLineLimit)));
        EXPECT_EQ(text.LastLineIsCut(), text.dropped_bytes() > 0);
      }
    }
  }
}

}  // namespace
}  // namespace foothold::process

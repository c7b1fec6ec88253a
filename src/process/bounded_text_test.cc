#include "process/bounded_text.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"

namespace foothold {
namespace {

TEST(BoundedText, KeepsAShortTextWhole) {
  BoundedText text(10);
  text.Append("01234");
  text.Append("");
  text.Append("56789");
  EXPECT_EQ(text.Text(), "0123456789");
  EXPECT_EQ(text.bytes(), 10U);
  EXPECT_EQ(text.dropped_bytes(), 0U);
}

TEST(BoundedText, SaysHowMuchOfALongTextWasDropped) {
  BoundedText text(4);
  text.Append("abcdefg");
  EXPECT_EQ(text.Text(), "ab\n[... 3 bytes dropped ...]\nfg");
  EXPECT_EQ(text.dropped_bytes(), 3U);
}

TEST(BoundedText, IsTheSameHoweverTheTextIsCutIntoPieces) {
  Rng rng(7);
  for (int round = 0; round < 300; ++round) {
    const std::size_t half = 1 + rng.Below(20);
    std::string whole;
    BoundedText text(2 * half);
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

}  // namespace
}  // namespace foothold

#include "studies/charts/markup.h"

#include <gtest/gtest.h>

#include <set>

namespace foothold::studies {
namespace {

TEST(Markup, EscapesWhatWouldBeRead) {
  EXPECT_EQ(EscapeMarkup("a < b && \"c\" > d"), "a &lt; b &amp;&amp; &quot;c&quot; &gt; d");
  EXPECT_EQ(EscapeMarkup(""), "");
}

TEST(Markup, ColoursDifferAndBeginAgain) {
  std::set<std::string_view> colours;
  for (std::size_t i = 0; i < 7; ++i) colours.insert(PaletteColour(i));
  EXPECT_EQ(colours.size(), 7u);
  EXPECT_EQ(PaletteColour(7), PaletteColour(0));
}

TEST(Markup, APageNeedsNothingFromElsewhere) {
  const std::string page = HtmlPage("a < b", "<p>text</p>\n");
  EXPECT_NE(page.find("<title>a &lt; b</title>"), std::string::npos);
  EXPECT_NE(page.find("<p>text</p>"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

}  // namespace
}  // namespace foothold::studies

// The prose rules hold for the project; and each can fail, which the second half shows.
#include "tests/rules/prose_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ProseRules, NoUnusualWords) {
  EXPECT_THAT(UnusualWords(ReadProject(FOOTHOLD_SOURCE_DIR)), IsEmpty());
}

TEST(ProseRules, NoLongMarkdownLines) {
  EXPECT_THAT(LongMarkdownLines(ReadProject(FOOTHOLD_SOURCE_DIR)), IsEmpty());
}

TEST(ProseRulesThemselves, FindUnusualWords) {
  EXPECT_THAT(UnusualWords({{"docs/a.md", "It begins\nAnew, after so many trials.\n"}}),
              ElementsAre("docs/a.md:2: 'anew': write again",
                          "docs/a.md:2: 'so many': write this many, or name the number"));
  EXPECT_THAT(UnusualWords({{"README.md", "Ten-fold.\n"}}), SizeIs(1));
  EXPECT_THAT(UnusualWords({{"include/foothold/a.h", "/// The run goes on.\n"}}), SizeIs(1));
}

TEST(ProseRulesThemselves, KnowWordsFromPartsOfWordsAndFromCode) {
  const std::string text =
      "A fold, twinkle, `so many`, to unfold.\n```text\nthe run goes on\n```\n";
  EXPECT_THAT(UnusualWords({{"docs/a.md", text}}), IsEmpty());
  EXPECT_THAT(UnusualWords({{"docs/results/generated/a/a.md", "anew\n"}}), IsEmpty());
  EXPECT_THAT(UnusualWords({{"src/a.h", "// anew\n"}}), IsEmpty());
}

TEST(ProseRulesThemselves, ReadTheHelpWhichIsInBlocksOfCode) {
  EXPECT_THAT(UnusualWords({{"docs/cli.md", "```text\n  --trials  Stop after so many.\n```\n"}}),
              SizeIs(1));
}

TEST(ProseRulesThemselves, FindLongLines) {
  const std::string word(60, 'x');
  const std::string fits = word + " " + std::string(59, 'y') + "\n";
  EXPECT_THAT(LongMarkdownLines({{"docs/a.md", fits}}), IsEmpty());
  EXPECT_THAT(LongMarkdownLines({{"docs/a.md", fits + word + " " + word + "\n"}}),
              ElementsAre("docs/a.md:2: is longer than 120 columns"));
  EXPECT_THAT(LongMarkdownLines({{"docs/a.md", "- " + word + " " + word + " z\n"}}), SizeIs(1));
}

TEST(ProseRulesThemselves, CountCharactersAndNotBytes) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "\u00e4\u00e4 \u00e4";
  EXPECT_THAT(LongMarkdownLines({{"docs/a.md", text + "\n"}}), IsEmpty());
}

TEST(ProseRulesThemselves, LetTablesCodeAndLinksBeLong) {
  const std::string word(121, 'x');
  const std::string text = "| a " + word + " |\n    code " + word + "\n```\nout " + word +
                           "\n```\n- " + word + "\nhttps://example.org/" + word +
                           " b\n![a picture](" + word + ")\n";
  EXPECT_THAT(LongMarkdownLines({{"docs/a.md", text}}), IsEmpty());
}

}  // namespace
}  // namespace foothold::rules

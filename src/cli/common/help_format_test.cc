#include "cli/common/help_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace foothold::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t LongestLine(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

const std::string kLong =
    "Stop at once when there is nothing left that is worth the seconds which it would take to try";

struct Help {
  CLI::App app;
  int value = 0;

  Help() {
    app.name("program");
    app.formatter(std::make_shared<HelpFormat>());
    app.set_help_all_flag("--help-all", "Show all");
    app.footer(
        "Example: short\n  program --a-command-line-of-more-than-eighty-columns-is-"
        "never-broken-as-it-may-be-copied\n" +
        kLong + " and some more words\nuntil it ends. " + kLong);
    app.add_option("--often", value, kLong)->default_str("3");
    app.add_option("--with-a-very-long-name-of-its-own", value, "Short");
    app.add_option("--rarely", value, "Seldom of use")->group("Special cases");
  }
};

TEST(HelpFormat, FitsIntoEightyColumnsButForExamples) {
  const Help help;
  std::string text = help.app.help();
  const std::size_t example = text.find("  program --a-command-line");
  ASSERT_NE(example, std::string::npos);
  text.erase(example, text.find('\n', example) - example);
  EXPECT_LE(LongestLine(text), 80U) << text;
  EXPECT_THAT(text, HasSubstr("\n  --often INT=3             Stop at once when"));
  EXPECT_THAT(text, HasSubstr("\n  --with-a-very-long-name-of-its-own INT\n"
                              "                            Short\n"));
  EXPECT_THAT(text, HasSubstr("some more words until it ends."));
}

TEST(HelpFormat, ShowsTheFirstGroupAndSaysWhatElseThereIs) {
  const Help help;
  EXPECT_THAT(help.app.help(), Not(HasSubstr("--rarely")));
  EXPECT_THAT(help.app.help(), HasSubstr("--help-all shows 1 more option: Special cases\n"));
  const std::string all = help.app.help("", CLI::AppFormatMode::All);
  EXPECT_THAT(all, HasSubstr("\nSpecial cases:\n  --rarely INT"));
  EXPECT_THAT(all, Not(HasSubstr("more options")));
}

TEST(Wrapped, LeavesWhatFitsAlone) {
  EXPECT_EQ(Wrapped(""), "");
  EXPECT_EQ(Wrapped("a\nb\n\n  c  d\n"), "a\nb\n\n  c  d\n");
  EXPECT_EQ(Wrapped("no newline"), "no newline\n");
}

}  // namespace
}  // namespace foothold::cli

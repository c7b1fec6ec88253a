#include "targets/command/argument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::command {
namespace {

using ::testing::ElementsAre;

std::string Expanded(std::string_view text) {
  return Argument::Parse(text).value().Expand(
      [](const std::string& name) { return "<" + name + ">"; });
}

TEST(Argument, PlaceholdersBecomeValues) {
  EXPECT_EQ(Expanded(""), "");
  EXPECT_EQ(Expanded("plain $x \"y\""), "plain $x \"y\"");
  EXPECT_EQ(Expanded("{a}"), "<a>");
  EXPECT_EQ(Expanded("-D{a}={b_2}{workload.height}/"), "-D<a>=<b_2><workload.height>/");
  EXPECT_THAT(Argument::Parse("{b}x{a}{b}")->Names(), ElementsAre("b", "a", "b"));
}

TEST(Argument, DoubledBracesAreBraces) {
  EXPECT_EQ(Expanded("{{}}"), "{}");
  EXPECT_EQ(Expanded("{{a}}"), "{a}");
  EXPECT_EQ(Expanded("{{{a}}}"), "{<a>}");
}

TEST(Argument, OtherBracesAreErrors) {
  for (const char* text : {"{", "}", "a}b", "{a", "x{a}{"}) {
    EXPECT_THAT(Argument::Parse(text).status().message(), ::testing::HasSubstr("has a single"))
        << text;
  }
  for (const char* text : {"{}", "{a b}", "{a-b}", "{a{b}"}) {
    EXPECT_THAT(Argument::Parse(text).status().message(),
                ::testing::HasSubstr("has the placeholder"))
        << text;
  }
}

TEST(Argument, InATemplateOnlyKnownNamesBetweenAtSignsArePlaceholders) {
  const auto expand = [](std::string_view text) {
    return Argument::ParseTemplate(text, {"tile", "index"}).Expand([](const std::string& name) {
      return "<" + name + ">";
    });
  };
  EXPECT_EQ(expand(""), "");
  EXPECT_EQ(expand("int a[@tile@];"), "int a[<tile>];");
  EXPECT_EQ(expand("@tile@@index@"), "<tile><index>");
  EXPECT_EQ(expand("me@host @other@ {tile} @"), "me@host @other@ {tile} @");
  EXPECT_EQ(expand("a@b@tile@"), "a@b<tile>") << "an at sign before it takes nothing away";
  EXPECT_EQ(expand("@tile"), "@tile");
}

}  // namespace
}  // namespace foothold::command

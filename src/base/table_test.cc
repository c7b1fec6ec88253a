#include "base/table.h"

#include <gtest/gtest.h>

namespace foothold::base {
namespace {

TEST(Table, AsTextAlignsColumnsAndLeavesNoTrailingBlanks) {
  Table table({{"layer"}, {"ms", Table::Align::kRight}, {"note"}});
  table.AddRow({"C2", "12.30", "best"});
  table.AddRow({"resnet18.C8", "4.9", ""});
  EXPECT_EQ(table.ToText(),
            "layer           ms  note\n"
            "-----------  -----  ----\n"
            "C2           12.30  best\n"
            "resnet18.C8    4.9\n");
}

TEST(Table, KeepsItsTitlesWithoutRows) {
  EXPECT_EQ(Table({{"a"}, {"b"}}).ToText(), "a  b\n-  -\n");
  EXPECT_TRUE(Table({{"a"}}).empty());
}

TEST(Table, AsMarkdownIsAlignedInTheSourceToo) {
  Table table = Table::OfNumbers({"searcher", "P"});
  table.AddRow({"random", "0.012"});
  table.AddRow({"a", "-1"});
  EXPECT_EQ(table.ToMarkdown(),
            "| searcher |     P |\n"
            "|:---------|------:|\n"
            "| random   | 0.012 |\n"
            "| a        |    -1 |\n");
}

TEST(Table, BarsInMarkdownEndNoCell) {
  Table table({{"x"}});
  table.AddRow({"a|b|"});
  EXPECT_EQ(table.ToMarkdown(),
            "| x      |\n"
            "|:-------|\n"
            "| a\\|b\\| |\n");
}

TEST(Table, AsJsonNamesCellsByTheTitles) {
  Table table({{"name"}, {"description"}});
  EXPECT_EQ(table.ToJson().Dump(), "[]");
  table.AddRow({"grid", "in order"});
  EXPECT_EQ(table.ToJson().Dump(), R"([{"name":"grid","description":"in order"}])");
}

}  // namespace
}  // namespace foothold::base

#include "base/markdown_table.h"

#include <gtest/gtest.h>

namespace foothold {
namespace {

TEST(MarkdownTable, AlignsTheFirstColumnLeftAndTheOthersRight) {
  MarkdownTable table({"searcher", "P"});
  table.Add({"random", "0.012"});
  table.Add({"a", "-1"});
  EXPECT_EQ(table.ToMarkdown(),
            "| searcher |     P |\n"
            "|:---------|------:|\n"
            "| random   | 0.012 |\n"
            "| a        |    -1 |\n");
}

}  // namespace
}  // namespace foothold

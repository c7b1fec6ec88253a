#include "targets/child/output_line.h"

#include <gtest/gtest.h>

namespace foothold::child {
namespace {

TEST(OutputLines, AreFitForALog) {
  EXPECT_EQ(LastLine("a\nb\n\n"), "b");
  EXPECT_EQ(LastLine("  tab\there\r\n"), "tab here");
  EXPECT_EQ(LastLine("\xe2\x80\x98quoted\x1b[0m"), "???quoted [0m");
  EXPECT_EQ(LastLine(""), "");
  EXPECT_EQ(LastLine(std::string(500, 'x')), std::string(200, 'x') + "...");
  EXPECT_EQ(FirstErrorLine("note\nx.c:3: error: no\nx.c:4: error: more\nstopped"),
            "x.c:3: error: no");
  EXPECT_EQ(FirstErrorLine("first\nlast\n"), "last");
}

}  // namespace
}  // namespace foothold::child

#include "base/printable.h"

#include <gtest/gtest.h>

namespace foothold {
namespace {

TEST(Printable, LeavesTextAlone) {
  for (const char* text : {"", "plain", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\\u001b"}) {
    EXPECT_EQ(Printable(text), text);
    EXPECT_EQ(PrintableLines(text), text);
  }
}

TEST(Printable, EscapesWhatATerminalObeys) {
  EXPECT_EQ(Printable("\x1b]0;title\x07"), "\\u001b]0;title\\u0007");
  EXPECT_EQ(Printable(std::string("\0\x7f", 2)), "\\u0000\\u007f");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\u009b") << "CSI in eight bits";
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\u202e") << "writes from right to left";
  EXPECT_EQ(Printable("one\ntwo\r\tthree"), "one\\u000atwo\\u000d\\u0009three");
  EXPECT_EQ(PrintableLines("one\ntwo\r\tthree"), "one\ntwo\\u000d\tthree");
}

TEST(Printable, EscapesWhatIsNoUtf8ByteByByte) {
  EXPECT_EQ(Printable("\x9b"), "\\x9b");
  EXPECT_EQ(Printable("\xc3"), "\\xc3");
  EXPECT_EQ(Printable("\xc3(\xc0\x80"), "\\xc3(\\xc0\\x80");
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(Printable("\xe0\x80\x9b"), "\\xe0\\x80\\x9b") << "longer than it need be";
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
}

}  // namespace
}  // namespace foothold

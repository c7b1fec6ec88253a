#include "base/terminal_text.h"

#include <gtest/gtest.h>

namespace foothold::base {
namespace {

TEST(TerminalText, LeavesTextAlone) {
  for (const char* text : {"", "plain", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\\u001b"}) {
    EXPECT_EQ(TerminalText(text), text);
    EXPECT_EQ(TerminalLines(text), text);
  }
}

TEST(TerminalText, EscapesWhatATerminalObeys) {
  EXPECT_EQ(TerminalText("\x1b]0;title\x07"), "\\u001b]0;title\\u0007");
  EXPECT_EQ(TerminalText(std::string("\0\x7f", 2)), "\\u0000\\u007f");
  EXPECT_EQ(TerminalText("\xc2\x9b"), "\\u009b") << "CSI in eight bits";
  EXPECT_EQ(TerminalText("\xe2\x80\xae"), "\\u202e") << "writes from right to left";
  EXPECT_EQ(TerminalText("one\ntwo\r\tthree"), "one\\u000atwo\\u000d\\u0009three");
  EXPECT_EQ(TerminalLines("one\ntwo\r\tthree"), "one\ntwo\\u000d\tthree");
}

TEST(TerminalText, EscapesWhatIsNoUtf8ByteByByte) {
  EXPECT_EQ(TerminalText("\x9b"), "\\x9b");
  EXPECT_EQ(TerminalText("\xc3"), "\\xc3");
  EXPECT_EQ(TerminalText("\xc3(\xc0\x80"), "\\xc3(\\xc0\\x80");
  EXPECT_EQ(TerminalText("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(TerminalText("\xe0\x80\x9b"), "\\xe0\\x80\\x9b") << "longer than it need be";
  EXPECT_EQ(TerminalText("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
}

}  // namespace
}  // namespace foothold::base

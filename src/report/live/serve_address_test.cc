#include "report/live/serve_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::live {
namespace {

TEST(ParseServeAddress, TakesAPortOrAnAddressInNumbersWithAPort) {
  for (const std::string text : {"127.0.0.1:8470", "0.0.0.0:0", "[::1]:65535", "[::]:80"}) {
    const auto address = ParseServeAddress(text);
    ASSERT_TRUE(address.ok()) << address.status().message();
    EXPECT_EQ(address->ToString(), text);
  }
  EXPECT_EQ(ParseServeAddress("8470")->ToString(), "127.0.0.1:8470");
}

TEST(ParseServeAddress, SaysWhatWouldBeRight) {
  for (const std::string text :
       {"", "x", ":", "65536", "-1", "80 ", "lab3:80", "1.2.3:80", "1.2.3.4",
        "1.2.3.4:", "::1:80:", "[::1]", "[::1", "[::1]80", "[x]:80", "resnet18.C8"}) {
    const auto address = ParseServeAddress(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(address.status().message(),
                ::testing::StartsWith("--serve: is " + text + ", must be a port"));
  }
}

// The arguments' fuzzer found that an address ended at its first NUL.
TEST(ParseServeAddress, RefusesControlCharacters) {
  using std::string_literals::operator""s;
  for (const std::string& text : {"::\0x:30"s, "127.0.0.1\n:80"s, "127.0.0.1:80\n"s}) {
    const auto address = ParseServeAddress(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().message().find_first_of("\n\0"s), std::string::npos);
  }
  EXPECT_FALSE(IsOwnHostHeader("127.0.0.1\0.evil.example:80"s, ""));
}

TEST(ServeAddress, KnowsLoopback) {
  EXPECT_TRUE(ServeAddress{}.is_loopback());
  EXPECT_TRUE(ParseServeAddress("127.3.2.1:80")->is_loopback());
  EXPECT_TRUE(ParseServeAddress("[::1]:80")->is_loopback());
  EXPECT_FALSE(ParseServeAddress("0.0.0.0:80")->is_loopback());
  EXPECT_FALSE(ParseServeAddress("[::]:80")->is_loopback());
}

TEST(IsOwnHostHeader, TakesNumbersAndLocalhost) {
  for (const char* host : {"localhost", "localhost:8470", "127.0.0.1", "127.0.0.1:1", "[::1]:1",
                           "[::1]", "10.0.0.1:8470"}) {
    EXPECT_TRUE(IsOwnHostHeader(host, "")) << host;
  }
  for (const char* host : {"", ":80", "evil.example", "evil.example:8470", "localhost.evil.example",
                           "127.0.0.1.evil.example:80", "[evil]:80"}) {
    EXPECT_FALSE(IsOwnHostHeader(host, "")) << host;
    EXPECT_FALSE(IsOwnHostHeader(host, "lab3.example.org")) << host;
  }
}

TEST(IsOwnHostHeader, TakesTheMachinesOwnName) {
  for (const char* host : {"lab3", "lab3:8470", "LAB3.example.org:8470"}) {
    EXPECT_TRUE(IsOwnHostHeader(host, "lab3.example.org")) << host;
    EXPECT_FALSE(IsOwnHostHeader(host, "")) << host;
  }
  EXPECT_FALSE(IsOwnHostHeader("lab3.evil.example", "lab3.example.org"));
  EXPECT_FALSE(IsOwnHostHeader("lab", "lab3"));
}

}  // namespace
}  // namespace foothold::live

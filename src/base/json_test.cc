#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace foothold {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

JsonNode Parsed(std::string_view text, int first_line = 1) {
  Result<JsonNode> node = JsonNode::Parse(text, "w.json", first_line);
  EXPECT_TRUE(node.ok()) << node.status().message();
  return *node;
}

std::string ParseError(std::string_view text, int first_line = 1) {
  const Result<JsonNode> node = JsonNode::Parse(text, "w.json", first_line);
  EXPECT_FALSE(node.ok()) << text;
  EXPECT_EQ(node.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(node.status().message().find('\n'), std::string::npos);
  return node.status().message();
}

TEST(Json, ReadsValuesOfEveryType) {
  JsonObject object =
      *Parsed(R"({"a": -3, "b": 2.5, "c": true, "d": "x\u00e9", "e": [1, 2]})").Object();
  EXPECT_EQ(*object.Require("a")->Int64(-5, 5), -3);
  EXPECT_EQ(*object.Require("b")->Number(), 2.5);
  EXPECT_EQ(*object.Require("a")->Number(), -3.0);
  EXPECT_EQ(*object.Require("c")->Bool(), true);
  EXPECT_EQ(*object.Require("d")->String(), "x\xc3\xa9");
  EXPECT_EQ(object.Require("e")->Array()->size(), 2U);
  EXPECT_TRUE(object.RejectUnknown().ok());
}

TEST(Json, AgreesWithTheLibrarysOwnParser) {
  const std::string text = R"({"a": [1, -2, 3.5, [], {}, [[null]]], "b": {"c": "d", "": false}})";
  EXPECT_EQ(Parsed(text).raw(), nlohmann::json::parse(text));
  EXPECT_EQ(Parsed("17").raw(), nlohmann::json(17));
}

TEST(Json, NamesLineAndDottedFieldOfAWrongValue) {
  const JsonNode root = Parsed("{\n  \"workloads\": [\n    {\"h\": 1},\n    {\n\"h\": 7.5}\n]}");
  const auto workloads = *root.Object()->Require("workloads")->Array();
  const JsonNode wrong = *workloads[1].Object()->Require("h");
  EXPECT_EQ(wrong.Where(), "w.json:5: workloads[1].h");
  EXPECT_EQ(wrong.Int64(1, 64).status().message(),
            "w.json:5: workloads[1].h: is 7.5, must be a whole number from 1 to 64");
  EXPECT_EQ(workloads[1].Where(), "w.json:4: workloads[1]");
  EXPECT_EQ(workloads[0].Where(), "w.json:3: workloads[0]");
  EXPECT_EQ(root.Where(), "w.json:1");
}

TEST(Json, CountsLinesAroundNumbersAndNestedContainers) {
  // The parser reads one character past a number, here a line break.
  const JsonNode root = Parsed("[1\n,\n2\n,[3\n,4\n],\n{\"k\"\n:\n5\n}\n,6]", 100);
  const auto elements = *root.Array();
  const std::vector<std::string> expected = {"w.json:100: [0]", "w.json:102: [1]",
                                             "w.json:103: [2]", "w.json:106: [3]",
                                             "w.json:110: [4]"};
  for (std::size_t i = 0; i < elements.size(); ++i) EXPECT_EQ(elements[i].Where(), expected[i]);
  EXPECT_EQ((*elements[2].Array())[1].Where(), "w.json:104: [2][1]");
  EXPECT_EQ(elements[3].Object()->Require("k")->Where(), "w.json:106: [3].k");
  EXPECT_EQ(Parsed("\n\n7").Where(), "w.json:3");
  EXPECT_EQ(Parsed("\n7\n").Where(), "w.json:2");
}

TEST(Json, WritesOddKeysInBrackets) {
  const JsonNode root = Parsed(R"({"a/b~c": {"x y": [0], "": 1}})");
  JsonObject inner = *root.Object()->Require("a/b~c")->Object();
  EXPECT_EQ((*inner.Require("x y")->Array())[0].Where(), R"(w.json:1: ["a/b~c"]["x y"][0])");
  EXPECT_EQ(inner.Require("")->Where(), R"(w.json:1: ["a/b~c"][""])");
}

TEST(Json, Int64ChecksTypeAndRangeUpToTheLimits) {
  EXPECT_EQ(*Parsed("9223372036854775807").Int64(kMin, kMax), kMax);
  EXPECT_EQ(*Parsed("-9223372036854775808").Int64(kMin, kMax), kMin);
  EXPECT_EQ(Parsed("9223372036854775808").Int64(kMin, kMax).status().message(),
            "w.json:1: is 9223372036854775808, must be a whole number of 64 bits");
  EXPECT_FALSE(Parsed("18446744073709551615").Int64(kMin, kMax).ok());
  EXPECT_EQ(Parsed("0").Int64(1, kMax).status().message(),
            "w.json:1: is 0, must be a whole number of at least 1");
  EXPECT_FALSE(Parsed("3.0").Int64(0, 9).ok());
  EXPECT_FALSE(Parsed("\"3\"").Int64(0, 9).ok());
  EXPECT_FALSE(Parsed("true").Int64(0, 9).ok());
  EXPECT_EQ(*Parsed("1").Int64(1, 1), 1);
}

TEST(Json, EveryTypeNamesWhatItWants) {
  const JsonNode text = Parsed("\"abc\"");
  EXPECT_EQ(text.Number().status().message(), "w.json:1: is \"abc\", must be a number");
  EXPECT_EQ(text.Bool().status().message(), "w.json:1: is \"abc\", must be true or false");
  EXPECT_EQ(text.Array().status().message(), "w.json:1: is \"abc\", must be an array");
  EXPECT_EQ(text.Object().status().message(), "w.json:1: is \"abc\", must be an object");
  EXPECT_EQ(Parsed("[1, 2]").String().status().message(),
            "w.json:1: is an array of 2 elements, must be a string");
  EXPECT_EQ(Parsed("{}").String().status().message(), "w.json:1: is an object, must be a string");
  EXPECT_EQ(Parsed("null").String().status().message(), "w.json:1: is null, must be a string");
}

TEST(Json, ShortensLongValuesBetweenCharacters) {
  std::string text = "\"";
  for (int i = 0; i < 100; ++i) text += "\xc3\xa9";
  const std::string message = Parsed(text + "\"").Bool().status().message();
  EXPECT_LT(message.size(), 120U);
  EXPECT_FALSE(nlohmann::json(message).dump().empty());  // throws if a character were cut
}

TEST(JsonObject, TellsMissingAndUnknownFields) {
  const JsonNode root = Parsed("{\n\"a\": {\"b\": 1,\n\"z\": 2}}");
  JsonObject object = *root.Object();
  EXPECT_EQ(object.Require("c").status().message(), "w.json:1: c: is missing");
  JsonObject inner = *object.Require("a")->Object();
  EXPECT_EQ(inner.Require("c").status().message(), "w.json:2: a.c: is missing");
  EXPECT_FALSE(inner.Find("d").has_value());
  EXPECT_TRUE(inner.Find("b").has_value());
  EXPECT_TRUE(inner.Find("b").has_value());
  EXPECT_EQ(inner.RejectUnknown().message(), "w.json:3: a.z: is unknown; the fields are c, d, b");
  EXPECT_EQ(Parsed(R"({"x": 1})").Object()->RejectUnknown().message(),
            "w.json:1: x: is unknown; no field may stand here");
}

TEST(JsonParse, ReportsLineAndColumn) {
  EXPECT_EQ(ParseError("{\n  \"a\": 1,\n  \"b\" 2\n}").substr(0, 13), "w.json:3:7: s");
  EXPECT_EQ(ParseError("{\n  \"a\": nul\n}", 41).substr(0, 11), "w.json:42:1");
  EXPECT_NE(ParseError("[1, 2").find("unexpected end of input"), std::string::npos);
}

TEST(JsonParse, RejectsDuplicateKeys) {
  EXPECT_EQ(ParseError("{\"a\": 1,\n \"b\": {\"x\": 1,\n \"x\": 2}}"),
            "w.json:3:4: duplicate key \"x\"");
  EXPECT_TRUE(JsonNode::Parse(R"([{"a": 1}, {"a": 2}])", "").ok());
}

TEST(JsonParse, RejectsWhatIsNotOneJsonText) {
  for (const std::string_view text :
       {"",   " ",      "{} x",    "1 2",         "[1,]",    "{\"a\":}", "{\"a\"}",
        "[",  "]",      "'a'",     "NaN",         "01",      "+1",       ".5",
        "1.", "\"\t\"", "// c\n1", "\"\\ud800\"", "\"\\x\"", "nul"}) {
    EXPECT_FALSE(JsonNode::Parse(text, "w.json").ok()) << text;
  }
  EXPECT_FALSE(JsonNode::Parse(std::string_view(), "w.json").ok());
  EXPECT_FALSE(JsonNode::Parse(std::string_view("1\0", 2), "w.json").ok());
}

TEST(JsonParse, RejectsInvalidUtf8WithAPrintableMessage) {
  for (const std::string_view text : {"\"\xff\"", "\"\xc3\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
                                      "\"\xf5\x80\x80\x80\"", "[\"a\xe2\x82\"]", "\xff"}) {
    const std::string message = ParseError(text);
    for (const char c : message) EXPECT_TRUE(c >= ' ' && c <= '~') << message;
  }
}

TEST(JsonParse, RejectsNumbersBeyondADouble) {
  EXPECT_NE(ParseError("[1,\n1e999]").find("w.json:2"), std::string::npos);
  EXPECT_TRUE(JsonNode::Parse("1e-999", "").ok());
  EXPECT_TRUE(JsonNode::Parse("123456789012345678901234567890", "").ok());
}

TEST(JsonParse, BoundsTheDepth) {
  const auto nested = [](int depth, const char* open, const char* close) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += open;
    text += "1";
    for (int i = 0; i < depth; ++i) text += close;
    return text;
  };
  EXPECT_TRUE(JsonNode::Parse(nested(JsonNode::kMaxDepth, "[", "]"), "").ok());
  EXPECT_TRUE(JsonNode::Parse(nested(JsonNode::kMaxDepth, "{\"a\":", "}"), "").ok());
  EXPECT_EQ(ParseError(nested(JsonNode::kMaxDepth + 1, "[", "]")),
            "w.json:1:65: nesting is deeper than 64 levels");
  ParseError(nested(1'000'000, "[", "]"));
  ParseError(nested(1'000'000, "{\"a\":", "}"));
}

TEST(JsonParse, KeepsMessagesShort) {
  const std::string text = "[\"" + std::string(100'000, 'a') + "\x01\"]";
  EXPECT_LT(ParseError(text).size(), 300U);
  EXPECT_LT(ParseError("[1e" + std::string(100'000, '9') + "]").size(), 300U);
}

TEST(Json, NodesKeepTheirDocumentAlive) {
  std::optional<JsonNode> element;
  element = (*Parsed("[1,\n[2,\n3]]").Array())[1];
  EXPECT_EQ((*element->Array())[1].Where(), "w.json:3: [1][1]");
}

}  // namespace
}  // namespace foothold

#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace foothold::base {
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
  EXPECT_EQ(Json(message).Dump().find("\xef\xbf\xbd"), std::string::npos) << "a character was cut";
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
  EXPECT_EQ(ParseError("{\n  \"a\": 1,\n  \"b\" 2\n}"),
            "w.json:3:7: syntax error: unexpected '2', must be ':'");
  EXPECT_EQ(ParseError("{\n  \"a\": nul\n}", 41),
            "w.json:42:8: syntax error: unexpected 'nul', must be a value");
  EXPECT_EQ(ParseError("[1, 2"),
            "w.json:1:6: syntax error: unexpected end of input, must be ',' or ']'");
  EXPECT_EQ(ParseError("[1,\n]"), "w.json:2:1: syntax error: unexpected ']', must be a value");
  EXPECT_EQ(ParseError("{\"a\": 1,}"),
            "w.json:1:9: syntax error: unexpected '}', must be a key in quotes");
  EXPECT_EQ(ParseError("[1]\n\x01"),
            "w.json:2:1: syntax error: unexpected byte 0x01, must be the end");
  EXPECT_EQ(ParseError("[01]"), "w.json:1:2: syntax error: unexpected '01', must be a number");
  EXPECT_EQ(ParseError("\"a\n\""),
            "w.json:1:3: syntax error: the control character \\u000a must be escaped");
  EXPECT_EQ(
      ParseError("\"abc"),
      "w.json:1:5: syntax error: unexpected end of input, must be '\"' at the end of the string");
  EXPECT_EQ(ParseError("\"\\udc00\""),
            "w.json:1:2: syntax error: half of a surrogate pair stands alone");
}

TEST(JsonParse, RejectsDuplicateKeys) {
  EXPECT_EQ(ParseError("{\"a\": 1,\n \"b\": {\"x\": 1,\n \"x\": 2}}"),
            "w.json:3:2: duplicate key \"x\"");
  EXPECT_TRUE(JsonNode::Parse(R"([{"a": 1}, {"a": 2}])", "").ok());
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\n\"" + std::to_string(i) + "\": {},";
  EXPECT_EQ(ParseError(many + "\"7\": 0, \"5\": 0}"), "w.json:101:10: duplicate key \"7\"");
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
  EXPECT_EQ(ParseError("-1e400"), "w.json:1:1: the number -1e400 is beyond a double");
  EXPECT_FALSE(JsonNode::Parse(std::string(400, '9') + ".0", "").ok());
  EXPECT_FALSE(JsonNode::Parse("1e99999999999999999999", "").ok());
  EXPECT_EQ(*Parsed("1e-999").Number(), 0);
  EXPECT_EQ(*Parsed("1e-99999999999999999999").Number(), 0);
  EXPECT_TRUE(std::signbit(*Parsed("-0." + std::string(400, '0') + "1").Number()));
  EXPECT_EQ(*Parsed("5e-324").Number(), 5e-324);
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
  EXPECT_TRUE(JsonNode::Parse(nested(Json::kMaxDepth, "[", "]"), "").ok());
  EXPECT_TRUE(JsonNode::Parse(nested(Json::kMaxDepth, "{\"a\":", "}"), "").ok());
  EXPECT_EQ(ParseError(nested(Json::kMaxDepth + 1, "[", "]")),
            "w.json:1:65: nesting is deeper than 64 levels");
  ParseError(nested(1'000'000, "[", "]"));
  ParseError(nested(1'000'000, "{\"a\":", "}"));
}

TEST(JsonParse, KeepsMessagesShort) {
  const std::string text = "[\"" + std::string(100'000, 'a') + "\x01\"]";
  EXPECT_LT(ParseError(text).size(), 300U);
  EXPECT_LT(ParseError("[1e" + std::string(100'000, '9') + "]").size(), 300U);
}

TEST(JsonParse, SkipsAByteOrderMark) {
  EXPECT_EQ(Json::Parse("\xef\xbb\xbf[1]").value(), Json::Array({1}));
  EXPECT_FALSE(Json::Parse("[\xef\xbb\xbf]").ok());
}

TEST(JsonParse, KeepsOrderAndNumbers) {
  const std::string text = R"({"z":1,"a":{"y":-2,"b":[]},"m":[18446744073709551615,0.5,"\\n"]})";
  EXPECT_EQ(Json::Parse(text).value().Dump(), text);
}

TEST(JsonValue, IsWrittenInTheOrderInWhichItWasBuilt) {
  Json json = {{"z", 1}, {"a", {{"y", 0.5}, {"b", true}}}, {"none", nullptr}};
  json["runs"].push_back({{"seed", 7U}});
  json["runs"].push_back(Json::Array({"a", std::string("b"), std::string_view("c")}));
  json["z"] = 2;
  EXPECT_EQ(json.Dump(),
            R"({"z":2,"a":{"y":0.5,"b":true},"none":null,"runs":[{"seed":7},["a","b","c"]]})");
  EXPECT_EQ(Json({{"a", Json::Array()}, {"b", Json::Object()}, {"c", Json::Array({1})}}).Dump(2),
            "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1\n  ]\n}");
}

TEST(JsonValue, TakesContainersAndOptionals) {
  EXPECT_EQ(Json(std::vector<double>{1, 0.25}).Dump(), "[1.0,0.25]");
  EXPECT_EQ(Json(std::map<std::string, int>{{"b", 1}, {"a", 2}}).Dump(), R"({"a":2,"b":1})");
  EXPECT_EQ(Json(std::optional<int>(3)).Dump(), "3");
  EXPECT_EQ(Json(std::optional<int>()).Dump(), "null");
  EXPECT_EQ(Json(std::vector<std::string>()).Dump(), "[]");
}

TEST(JsonValue, WritesNumbersSoThatTheyReadBack) {
  EXPECT_EQ(Json(kMin).Dump(), "-9223372036854775808");
  EXPECT_EQ(Json(std::numeric_limits<std::uint64_t>::max()).Dump(), "18446744073709551615");
  EXPECT_EQ(Json(2.0).Dump(), "2.0");
  EXPECT_EQ(Json(-0.0).Dump(), "-0.0");
  EXPECT_EQ(Json(0.1 + 0.2).Dump(), "0.30000000000000004");
  EXPECT_EQ(Json(123456789012345.0).Dump(), "123456789012345.0");
  EXPECT_EQ(Json(1e15).Dump(), "1e+15");
  EXPECT_EQ(Json(0.0001).Dump(), "0.0001");
  EXPECT_EQ(Json(0.00001).Dump(), "1e-05");
  EXPECT_EQ(Json(-1.5e300).Dump(), "-1.5e+300");
  const JsonStyle python = {.numbers = JsonStyle::Numbers::kPython};
  EXPECT_EQ(Json(1e15).Dump(python), "1000000000000000.0");
  EXPECT_EQ(Json(1e16).Dump(python), "1e+16");
  const JsonStyle shortest = {.numbers = JsonStyle::Numbers::kShort};
  EXPECT_EQ(Json(2.0).Dump(shortest), "2");
  EXPECT_EQ(Json(1e15).Dump(shortest), "1000000000000000");
  EXPECT_EQ(Json(0.25).Dump(shortest), "0.25");
  EXPECT_EQ(Json(-0.0).Dump(shortest), "-0.0");
  EXPECT_EQ(Json(0.0).Dump(shortest), "0");
}

TEST(JsonValue, WritesNullForWhatIsNoNumber) {
  for (const double value : {std::numeric_limits<double>::infinity(), -HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(Json({{"x", value}}).Dump(), R"({"x":null})");
  }
}

TEST(JsonValue, EscapesStringsAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("\"\\/\b\f\n\r\t\x01\x7f").Dump(), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\"");
  EXPECT_EQ(Json("caf\xff\xc3").Dump(), "\"caf\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(Json({{"\xfe", 1}}).Dump(), "{\"\xef\xbf\xbd\":1}");
  EXPECT_EQ(Json("\xc3\xa9\xf0\x9f\x98\x80\x7f").Dump({.ascii_only = true}),
            R"("\u00e9\ud83d\ude00\u007f")");
  EXPECT_EQ(Json(std::string_view("a\0b", 3)).Dump(), R"("a\u0000b")");
}

TEST(JsonValue, SpacedAsPythonDoes) {
  EXPECT_EQ(Json({{"a", Json::Array({1, 2})}, {"b", 3}}).Dump({.spaced = true}),
            R"({"a": [1, 2], "b": 3})");
}

TEST(JsonValue, FindsMembersOfSmallAndLargeObjects) {
  Json json = Json::Object();
  for (int i = 0; i < 300; ++i) {
    json[std::to_string(i * 7 % 300)] = i;
    ASSERT_EQ(json.size(), static_cast<std::size_t>(i) + 1);
    ASSERT_EQ(json.at(std::to_string(i * 7 % 300)), i);
    ASSERT_EQ(json.Find("x"), nullptr);
  }
  const Json copy = json;
  EXPECT_EQ(copy, json);
  EXPECT_EQ(copy.members()[299].name, std::to_string(299 * 7 % 300));
  EXPECT_EQ(Json(1).Find("a"), nullptr);
  EXPECT_TRUE(json.contains("299"));
}

TEST(JsonValue, IsEqualByValue) {
  EXPECT_EQ(Json({{"a", 1}, {"b", 2}}), Json({{"b", 2.0}, {"a", 1U}}));
  EXPECT_NE(Json({{"a", 1}}), Json({{"b", 1}}));
  EXPECT_NE(Json({{"a", 1}}), Json({{"a", 1}, {"b", 1}}));
  EXPECT_NE(Json(1), Json("1"));
  EXPECT_NE(Json(-1), Json(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_NE(Json(kMax), Json(kMax - 1));
  EXPECT_NE(Json(), Json(false));
  EXPECT_EQ(Json("a"), "a");
}

TEST(JsonValue, GetChecksTypeAndRange) {
  EXPECT_EQ(Json(255).Get<std::uint8_t>(), 255);
  EXPECT_EQ(Json::Array({1, 2}).Get<std::vector<int>>(), (std::vector<int>{1, 2}));
  EXPECT_EQ(Json(2).Get<double>(), 2.0);
  EXPECT_EQ(Json("a").Get<std::string>(), "a");
  EXPECT_TRUE(Json(true).Get<bool>());
  EXPECT_DEATH(Json(256).Get<std::uint8_t>(), "not an integer of this type");
  EXPECT_DEATH(Json(-1).Get<std::size_t>(), "not an integer of this type");
  EXPECT_DEATH(Json(1.5).Get<int>(), "not an integer of this type");
  EXPECT_DEATH(Json(1).string(), "not a string");
  EXPECT_DEATH(Json(Json::Object()).at("missing"), "missing");
  EXPECT_DEATH(Json(Json::Array()).at(std::size_t{0}), "no such element");
  EXPECT_DEATH((Json{{"a", 1}, {"a", 2}}), "a");
}

TEST(JsonNode, AnErrorIsOneLineWhateverTheFileHolds) {
  const JsonNode root = Parsed("{\"two\\nlines\": \"a\\u001b[2Jb\"}");
  const auto members = root.Members().value();
  const Status status = members.at(0).second.Error("is 'a\nb', must be 'c'");
  EXPECT_EQ(status.message().find_first_of("\n\x1b"), std::string::npos) << status.message();
  EXPECT_TRUE(status.message().ends_with(R"(is 'a\u000ab', must be 'c')")) << status.message();
}

TEST(JsonNode, GivesMembersInTheOrderOfTheText) {
  const auto members = Parsed("{\"b\": 1,\n\"a\": []}").Members();
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members->size(), 2U);
  EXPECT_EQ((*members)[0].first, "b");
  EXPECT_EQ((*members)[1].first, "a");
  EXPECT_EQ((*members)[1].second.Where(), "w.json:2: a");
  EXPECT_EQ(Parsed("[]").Members().status().message(),
            "w.json:1: is an array of 0 elements, must be an object");
}

TEST(Json, NodesKeepTheirDocumentAlive) {
  std::optional<JsonNode> element;
  element = (*Parsed("[1,\n[2,\n3]]").Array())[1];
  EXPECT_EQ((*element->Array())[1].Where(), "w.json:3: [1][1]");
}

}  // namespace
}  // namespace foothold::base

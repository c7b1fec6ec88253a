#include "formats/t1/space_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/test_data.h"
#include "foothold/env.h"

namespace foothold::t1 {
namespace {

using ::testing::HasSubstr;

Result<TuningSpace> Parse(std::string_view text) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text, "t1.json"));
  return ParseTuningSpace(root);
}

/// A file with these parameters and conditions, one field a line.
std::string File(std::string_view parameters, std::string_view conditions = "") {
  return "{\"ConfigurationSpace\": {\n\"TuningParameters\": [" + std::string(parameters) +
         "],\n\"Conditions\": [" + std::string(conditions) + "]}}";
}

std::string MessageOf(const std::string& text) { return Parse(text).status().message(); }

constexpr const char* kMixed = R"({"Name": "width", "Type": "uint", "Values": "[16, 8]"},
{"Name": "scale", "Type": "float", "Values": "[0.5, 1, 2.5]"},
{"Name": "layout", "Type": "string", "Values": "['row', 'column']", "Default": "row"},
{"Name": "pad", "Type": "bool", "Values": "[False, True]"})";

TEST(T1Space, ValuesOfEveryType) {
  const auto space = Parse(File(kMixed, R"(
{"Expression": "width * scale >= 8 or layout == 'row'", "Parameters": ["width"]},
{"Expression": "not pad or scale < 2", "Parameters": []})"));
  ASSERT_TRUE(space.ok()) << space.status().message();
  ASSERT_EQ(space->parameters.size(), 4u);
  EXPECT_EQ(space->space.parameters()[0].values, (std::vector<std::int64_t>{16, 8}));
  EXPECT_EQ(space->space.parameters()[1].values, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(space->space.parameters()[3].values, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(space->ToString({{1, 2, 1, 0}}), "width=8 scale=2.5 layout=column pad=False");
  EXPECT_EQ(space->ToString({{0, 1, 0, 1}}), "width=16 scale=1.0 layout=row pad=True");
  // By hand: without pad 2 * 3 * 2 less (8, 0.5, column); with pad two scales, the same one less.
  EXPECT_EQ(space->space.valid_count(), 11u + 7u);
  EXPECT_FALSE(space->space.IsValid({{1, 0, 1, 0}}));
  EXPECT_FALSE(space->space.IsValid({{0, 2, 0, 1}}));
  EXPECT_EQ(space->space.FirstBroken({{0, 2, 0, 1}})->description(), "not pad or scale < 2");
}

TEST(T1Space, AConditionThatCannotBeComputedIsNotMet) {
  const auto space = Parse(File(R"({"Name": "a", "Type": "int", "Values": "[0, 1, 2]"})",
                                R"({"Expression": "2 % a == 0", "Parameters": ["a"]})"));
  ASSERT_TRUE(space.ok()) << space.status().message();
  EXPECT_EQ(space->space.valid_count(), 2u);
}

TEST(T1Space, WhatIsWrongIsSaidWithLineFieldAndColumn) {
  const auto of_values = [](const std::string& values, const std::string& type = "int") {
    return MessageOf(
        File(R"({"Name": "a", "Type": ")" + type + R"(", "Values": ")" + values + R"("})"));
  };
  const std::string values = "t1.json:2: ConfigurationSpace.TuningParameters[0].Values: ";
  EXPECT_EQ(of_values("[1, 2"), values + "column 6: found the end, expected \",\" or \"]\"");
  EXPECT_EQ(of_values("[1, b]"), values + "column 5: \"b\" has no value here");
  EXPECT_EQ(of_values("3"), values + "is a whole number, must be a list");
  EXPECT_EQ(of_values("[]"), values + "has 0 values, must have 1 to 100000");
  EXPECT_EQ(of_values("[1, 2.5]"), values + "2.5 is no int");
  EXPECT_EQ(of_values("[1, -1]", "uint"), values + "-1 is no uint");
  EXPECT_EQ(of_values("[1, 1.0]", "float"), values + "has the value 1.0 twice");
  EXPECT_THAT(of_values("[1]", "half"), HasSubstr("Type: is \"half\", must be one of int, uint,"));

  const auto of_condition = [](const std::string& condition) {
    return MessageOf(File(R"({"Name": "a", "Type": "int", "Values": "[1, 2]"})", "\n" + condition));
  };
  const std::string conditions = "t1.json:4: ConfigurationSpace.Conditions[0].";
  EXPECT_EQ(of_condition(R"({"Expression": "a < b", "Parameters": ["a"]})"),
            conditions + "Expression: column 5: \"b\" is no parameter");
  EXPECT_EQ(of_condition(R"({"Expression": "a <", "Parameters": ["a"]})"),
            conditions + "Expression: column 4: found the end, expected a value");
  EXPECT_EQ(of_condition(R"({"Expression": "a < 'x'", "Parameters": ["a"]})"),
            conditions + "Expression: column 3: < takes no whole number and text");
  EXPECT_EQ(of_condition(R"({"Expression": "1 < 2", "Parameters": []})"),
            conditions + "Expression: names no parameter, must name at least one");
  EXPECT_EQ(of_condition(R"({"Expression": "a < 2", "Parameters": ["c"]})"),
            conditions + "Parameters[0]: \"c\" is no parameter");
  EXPECT_THAT(of_condition(R"({"Parameters": ["c"]})"), HasSubstr("Expression: is missing"));

  EXPECT_THAT(MessageOf("{}"), HasSubstr("ConfigurationSpace: is missing"));
  EXPECT_THAT(MessageOf(File("")), HasSubstr("is empty, must hold at least one parameter"));
  const std::string twice = R"({"Name": "a", "Type": "int", "Values": "[1]"})";
  EXPECT_THAT(MessageOf(File(twice + "," + twice)), HasSubstr("Name: \"a\" is there twice"));
  EXPECT_THAT(MessageOf(File(R"({"Name": "1a", "Type": "int", "Values": "[1]"})")),
              HasSubstr("must be a name"));
}

/// A file of the shared data; nullopt, and the test is to be skipped, when there is none.
std::optional<TuningSpace> ReadData(const std::string& name) {
  const std::string path = testing::DataDirectory() + "/t1/" + name;
  if (!Env::Default()->FileExists(path)) return std::nullopt;
  const auto root = base::JsonNode::Parse(Env::Default()->ReadFile(path).value(), path);
  auto space = ParseTuningSpace(root.value());
  EXPECT_TRUE(space.ok()) << space.status().message();
  return *std::move(space);
}

/// Every config of the raw space against the file's conditions, written out in C++.
template <typename IsValid>
void ExpectEveryConfig(const Space& space, IsValid is_valid) {
  for (std::uint64_t index = 0; index < space.raw_size(); ++index) {
    const Config config = space.AtIndex(index);
    ASSERT_EQ(space.IsValid(config), is_valid(space.Values(config))) << space.ToString(config);
  }
}

TEST(T1Space, TheHubsConvolution) {
  const auto file = ReadData("convolution_milo.json");
  if (!file) GTEST_SKIP() << "no recorded data: set FOOTHOLD_DATA";
  EXPECT_EQ(file->space.raw_size(), 10'240u);
  EXPECT_EQ(file->space.valid_count(), 4'362u);  // configs in the hub's recorded spaces
  ExpectEveryConfig(file->space, [](const std::vector<std::int64_t>& v) {
    const std::int64_t x = v[0], y = v[1], tile_x = v[2], tile_y = v[3], padding = v[5];
    const std::int64_t shared = v[6], height = v[8], width = v[9];
    return (padding == 0 || x % 32 != 0) && x * y <= 1024 && (padding == 0 || shared != 0) &&
           (shared == 0 || (x * tile_x + width - 1) * (y * tile_y + height - 1) < 12 * 1024);
  });
}

TEST(T1Space, TheHubsDedispersion) {
  const auto file = ReadData("dedispersion_milo.json");
  if (!file) GTEST_SKIP() << "no recorded data: set FOOTHOLD_DATA";
  EXPECT_EQ(file->space.raw_size(), 22'272u);
  EXPECT_EQ(file->space.valid_count(), 11'130u);  // configs in the hub's recorded spaces
  ExpectEveryConfig(file->space, [](const std::vector<std::int64_t>& v) {
    const std::int64_t threads = v[0] * v[1];
    return threads >= 32 && threads <= 1024 && (v[3] > 1 || v[5] == 0) && (v[4] > 1 || v[6] == 0);
  });
}

}  // namespace
}  // namespace foothold::t1

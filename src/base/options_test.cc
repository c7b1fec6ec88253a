#include "base/options.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/json.h"

namespace foothold::base {
namespace {

struct Sample {
  std::uint64_t trials = 200;
  std::optional<double> max_seconds;
  double timeout_s = 60.0;
  int jobs = 0;
  std::int64_t offset = -4;
  bool verify = true;
  std::string name = "a|b";

  friend bool operator==(const Sample&, const Sample&) = default;
};

OptionsTable<Sample> SampleTable() {
  return OptionsTable<Sample>()
      .Add("trials", &Sample::trials, "", OptionRange::AtLeast(1), "Stop after so many trials")
      .Add("max_seconds", &Sample::max_seconds, "s", OptionRange::Above(0), "Stop after so long")
      .Add("timeout_s", &Sample::timeout_s, "s", OptionRange::Above(0), "Of one run")
      .Add("jobs", &Sample::jobs, "", OptionRange::Between(0, 64), "Threads")
      .Add("offset", &Sample::offset, "B", OptionRange::Any(), "Anything")
      .Add("verify", &Sample::verify, "", OptionRange::Any(), "Compare outputs")
      .Add("name", &Sample::name, "", OptionRange::Any(), "A|B");
}

std::string SetError(const std::string& name, const std::string& text) {
  Sample sample;
  const Status status = SampleTable().SetText(&sample, name, text);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(sample, Sample());  // untouched
  return status.message();
}

/// What is said of a value in JSON that must be wrong.
std::string ErrorOf(std::string_view name, const char* json) {
  Sample sample;
  const Status status = SampleTable().Set(&sample, name, *Json::Parse(json));
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(sample, Sample());  // untouched
  return status.message();
}

enum class Metal { kIron, kGold, kNameless };
std::string_view ToString(Metal metal) { return metal == Metal::kIron ? "iron" : "gold"; }

struct Alloy {
  Metal base = Metal::kIron;
};

TEST(Options, NamedValuesAreReadAndWrittenByName) {
  const auto table = OptionsTable<Alloy>().AddNamed("base", &Alloy::base,
                                                    {Metal::kIron, Metal::kGold}, "Most of it");
  Alloy alloy;
  ASSERT_TRUE(table.SetText(&alloy, "base", "gold").ok());
  EXPECT_EQ(alloy.base, Metal::kGold);
  EXPECT_EQ(table.options().front().ToJson(&alloy), Json("gold"));
  EXPECT_EQ(table.SetText(&alloy, "base", "tin").message(), "--base: is tin, must be iron or gold");
  EXPECT_EQ(table.SetText(&alloy, "base", "").message(), "--base: is empty, must be iron or gold");
  EXPECT_EQ(alloy.base, Metal::kGold);
  for (const Json& wrong : {Json("tin"), Json(1)}) {
    EXPECT_NE(table.Set(&alloy, "base", wrong).message().find("must be iron or gold"),
              std::string::npos);
  }
  const Option& option = table.options().front();
  EXPECT_TRUE(option.Check(&alloy).ok());
  alloy.base = Metal::kNameless;
  EXPECT_FALSE(option.Check(&alloy).ok());
}

TEST(Options, SetFromText) {
  const OptionsTable<Sample> table = SampleTable();
  Sample sample;
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"trials", "18446744073709551615"},
                                                        {"max_seconds", "0.5"},
                                                        {"timeout_s", "1e-3"},
                                                        {"jobs", "64"},
                                                        {"offset", "-9223372036854775808"},
                                                        {"verify", "false"},
                                                        {"name", ""}}) {
    ASSERT_TRUE(table.SetText(&sample, name, text).ok()) << name;
  }
  EXPECT_EQ(sample.trials, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(sample.max_seconds, 0.5);
  EXPECT_EQ(sample.timeout_s, 1e-3);
  EXPECT_EQ(sample.jobs, 64);
  EXPECT_EQ(sample.offset, std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(sample.verify);
  EXPECT_EQ(sample.name, "");
  ASSERT_TRUE(table.SetText(&sample, "max_seconds", "none").ok());
  EXPECT_FALSE(sample.max_seconds.has_value());
}

TEST(Options, SayWhatATextMustBe) {
  EXPECT_EQ(SetError("trials", "0"), "--trials: is 0, must be a whole number of at least 1");
  EXPECT_EQ(SetError("trials", "-1"), "--trials: is -1, must be a whole number of at least 1");
  EXPECT_EQ(SetError("trials", "1.5"), "--trials: is 1.5, must be a whole number of at least 1");
  EXPECT_EQ(SetError("max_seconds", "0"), "--max-seconds: is 0, must be a number above 0, or none");
  EXPECT_EQ(SetError("timeout_s", "fast"), "--timeout-s: is fast, must be a number above 0");
  EXPECT_EQ(SetError("jobs", "65"), "--jobs: is 65, must be a whole number from 0 to 64");
  EXPECT_EQ(SetError("offset", "9223372036854775808"),
            "--offset: is 9223372036854775808, must be a whole number");
  EXPECT_EQ(SetError("verify", "yes"), "--verify: is yes, must be true or false");
  // The options' fuzzer found that a message could be of several lines.
  EXPECT_EQ(SetError("verify", "yes\n"), "--verify: is yes?, must be true or false");
  EXPECT_EQ(SetError("jobs", ""), "--jobs: is empty, must be a whole number from 0 to 64");
  EXPECT_EQ(SetError("speed", "1"), "no option is named 'speed'");
  EXPECT_EQ(SetError("trails", "1"), "no option is named 'trails' (did you mean trials?)");
}

TEST(Options, TextsThatAreNotQuiteNumbersAreRejected) {
  for (const std::string text : {"1 ", " 1", "+1", "1x", "0x10", "nan", "inf", "1e999", "--1"}) {
    SetError("timeout_s", text);
    SetError("jobs", text);
  }
}

TEST(Options, DescribeThemselves) {
  const OptionsTable<Sample> table = SampleTable();
  const Option& seconds = table.options()[1];
  EXPECT_EQ(seconds.name(), "max_seconds");
  EXPECT_EQ(seconds.flag(), "--max-seconds");
  EXPECT_EQ(seconds.unit(), "s");
  EXPECT_EQ(seconds.help(), "Stop after so long");
  EXPECT_FALSE(seconds.is_bool());
  EXPECT_TRUE(table.options()[5].is_bool());
  const Sample sample;
  EXPECT_EQ(seconds.Text(&sample), "none");
  EXPECT_EQ(table.options()[2].Text(&sample), "60");
}

TEST(Options, AWrongValueInJsonIsNamed) {
  EXPECT_EQ(ErrorOf("jobs", "65"), "jobs: is 65, must be a whole number from 0 to 64");
  EXPECT_EQ(ErrorOf("jobs", "4294967296"),
            "jobs: is 4294967296, must be a whole number from 0 to 64");
  EXPECT_EQ(ErrorOf("jobs", "\"3\""), "jobs: is \"3\", must be a whole number from 0 to 64");
  EXPECT_EQ(ErrorOf("trials", "2.0"), "trials: is 2.0, must be a whole number of at least 1");
  EXPECT_EQ(ErrorOf("trials", "-2"), "trials: is -2, must be a whole number of at least 1");
  EXPECT_EQ(ErrorOf("verify", "1"), "verify: is 1, must be true or false");
  EXPECT_EQ(ErrorOf("name", "null"), "name: is null, must be a text");
  EXPECT_EQ(ErrorOf("offset", "9223372036854775808"),
            "offset: is 9223372036854775808, must be a whole number");
}

TEST(Options, WhatIsWrittenAsJsonIsReadBackTheSame) {
  Sample sample;
  sample.trials = std::numeric_limits<std::uint64_t>::max();
  sample.max_seconds = 0.1;
  sample.timeout_s = 1.0 / 3;
  sample.offset = std::numeric_limits<std::int64_t>::min();
  sample.verify = false;
  sample.name = "x \"y\"\n\xc3\xa9";
  const auto table = SampleTable();
  for (const Sample& written : {sample, Sample()}) {
    Sample read;
    for (const Option& option : table.options()) {
      EXPECT_TRUE(option.SetValue(&read, *Json::Parse(option.ToJson(&written).Dump())).ok());
    }
    EXPECT_EQ(read, written);
  }
}

TEST(OptionsDeathTest, ABadTableIsABug) {
  OptionsTable<Sample> table;
  table.Add("jobs", &Sample::jobs, "", OptionRange::Any(), "");
  EXPECT_DEATH(table.Add("jobs", &Sample::jobs, "", OptionRange::Any(), ""), "jobs");
  EXPECT_DEATH(table.Add("Trials", &Sample::trials, "", OptionRange::Any(), ""), "Trials");
  EXPECT_DEATH(table.Add("trials", &Sample::trials, "", OptionRange::AtLeast(300), ""), "trials");
}

}  // namespace
}  // namespace foothold::base

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/options.h"
#include "foothold/tuner.h"

namespace foothold::tune {
namespace {

using ::testing::HasSubstr;

OptionInfo Find(const std::vector<OptionInfo>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const OptionInfo& option) { return option.name == name; });
  EXPECT_NE(found, all.end()) << name;
  return found == all.end() ? OptionInfo{} : *found;
}

TEST(DescribeOptions, SaysTypeValueAndRange) {
  TunerOptions options;
  options.knowledge = Knowledge::kHardware;
  const std::vector<OptionInfo> all = DescribeOptions(options);
  const OptionInfo trials = Find(all, "trials");
  EXPECT_EQ(trials.type, OptionType::kInteger);
  EXPECT_EQ(trials.value, OptionValue(std::int64_t{200}));
  EXPECT_EQ(trials.values, "a whole number of at least 1");
  EXPECT_FALSE(trials.identifies_run);

  const OptionInfo limit = Find(all, "max_seconds");
  EXPECT_EQ(limit.type, OptionType::kNumber);
  EXPECT_TRUE(limit.is_optional);
  EXPECT_EQ(limit.value, OptionValue());
  EXPECT_EQ(limit.unit, "s");

  const OptionInfo knowledge = Find(all, "knowledge");
  EXPECT_EQ(knowledge.type, OptionType::kName);
  EXPECT_EQ(knowledge.names, (std::vector<std::string>{"blind", "compiler", "hardware"}));
  EXPECT_EQ(knowledge.value, OptionValue("hardware"));
  EXPECT_TRUE(knowledge.identifies_run);

  EXPECT_EQ(Find(all, "device").type, OptionType::kPart);
  EXPECT_TRUE(Find(all, "earlier_runs").identifies_run);
  EXPECT_EQ(Find(DescribeOptions(DeviceOptions{}), "probe").value, OptionValue(true));
  EXPECT_EQ(Find(DescribeOptions(RepeatOptions{}), "interval_width").value, OptionValue(0.02));
}

// What is described can be set, all of it.
TEST(SetOption, TakesEveryValueThatIsDescribed) {
  for (const OptionInfo& option : DescribeOptions(TunerOptions{})) {
    TunerOptions options;
    const Status status = SetOption(options, option.name, option.value);
    EXPECT_EQ(status.ok(), option.type != OptionType::kPart) << option.name;
    for (const std::string& name : option.names) {
      ASSERT_TRUE(SetOption(options, option.name, name).ok()) << name;
      EXPECT_EQ(Find(DescribeOptions(options), option.name).value, OptionValue(name));
    }
  }
}

TEST(SetOption, SetsOneField) {
  TunerOptions options;
  ASSERT_TRUE(SetOption(options, "seed", ~std::uint64_t{0}).ok());
  EXPECT_EQ(options.seed, ~std::uint64_t{0});
  ASSERT_TRUE(SetOption(options, "max_seconds", std::int64_t{30}).ok());
  EXPECT_EQ(options.max_seconds, 30.0);
  ASSERT_TRUE(SetOption(options, "max_seconds", {}).ok());
  EXPECT_EQ(options.max_seconds, std::nullopt);
  RepeatOptions repeats;
  ASSERT_TRUE(SetOption(repeats, "warm_ups", std::int64_t{0}).ok());
  EXPECT_EQ(repeats.warm_ups, 0);
}

TEST(SetOption, SaysWhatWouldBeRight) {
  TunerOptions options;
  const Status wrong = SetOption(options, "trials", std::int64_t{0});
  EXPECT_EQ(wrong.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(wrong.message(), "trials: is 0, must be a whole number of at least 1");
  EXPECT_THAT(SetOption(options, "trials", 2.5).message(), HasSubstr("is 2.5, must be a whole"));
  EXPECT_EQ(options.trials, TunerOptions{}.trials);

  const Status unknown = SetOption(options, "trails", std::int64_t{3});
  EXPECT_EQ(unknown.code(), StatusCode::kNotFound);
  EXPECT_EQ(unknown.message(), "no option is named 'trails' (did you mean trials?)");
  EXPECT_THAT(SetOption(options, "depend", {}).message(), HasSubstr("(did you mean depends?)"));
}

}  // namespace
}  // namespace foothold::tune

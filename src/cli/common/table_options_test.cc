#include "cli/common/table_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace foothold::cli {
namespace {

struct Knobs {
  int depth = 3;
  std::optional<double> limit_s;
  bool verify = true;
  bool again = false;
};

const base::OptionsTable<Knobs>& Table() {
  static const base::OptionsTable<Knobs> table =
      base::OptionsTable<Knobs>()
          .Add("depth", &Knobs::depth, "", base::OptionRange::AtLeast(1), "How deep.")
          .Add("limit_s", &Knobs::limit_s, "s", base::OptionRange::Above(0), "How long.")
          .Add("verify", &Knobs::verify, "", base::OptionRange::Any(), "Compare.")
          .Add("again", &Knobs::again, "", base::OptionRange::Any(), "Once more.");
  return table;
}

Knobs Parse(const std::string& arguments) {
  Knobs knobs;
  CLI::App app;
  AddTableOptions(app, Table(), &knobs);
  app.parse(arguments);
  return knobs;
}

TEST(TableOptions, KeepsDefaults) {
  const Knobs knobs = Parse("");
  EXPECT_EQ(knobs.depth, 3);
  EXPECT_EQ(knobs.limit_s, std::nullopt);
  EXPECT_TRUE(knobs.verify);
  EXPECT_FALSE(knobs.again);
}

TEST(TableOptions, SetsValuesAndSwitches) {
  const Knobs knobs = Parse("--depth 5 --limit-s=2.5 --no-verify --again");
  EXPECT_EQ(knobs.depth, 5);
  EXPECT_EQ(knobs.limit_s, 2.5);
  EXPECT_FALSE(knobs.verify);
  EXPECT_TRUE(knobs.again);
}

TEST(TableOptions, RejectsWhatTheTableRejects) {
  try {
    Parse("--depth 0");
    FAIL() << "was accepted";
  } catch (const CLI::ParseError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("--depth: is 0, must be"));
  }
}

TEST(TableOptions, HelpHasDefaultsAndRanges) {
  Knobs knobs;
  CLI::App app;
  AddTableOptions(app, Table(), &knobs);
  EXPECT_THAT(app.help(), ::testing::HasSubstr("--depth N=3"));
  EXPECT_THAT(app.help(), ::testing::HasSubstr("--no-verify"));
}

}  // namespace
}  // namespace foothold::cli

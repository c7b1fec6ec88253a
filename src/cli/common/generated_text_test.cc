#include "cli/common/generated_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace foothold::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Program SmallProgram() {
  return {"small", "Does little", "Exit codes: 0", [](CLI::App& app, Command&) {
            CLI::App* tune = app.add_subcommand("tune", "Find what's fast");
            tune->add_option("--trials", "Number of trials")->expected(1);
            tune->add_flag("--json")->description("Print JSON");
            tune->footer(".an example\n'another");
            app.add_subcommand("log", "Logs")->add_subcommand("dump", "Show");
            app.add_subcommand("old", "Gone")->group("");
          }};
}

/// What bash offers for a line whose last word is being typed.
std::string Completed(const std::string& line) {
  const std::string script = CompletionScript(SmallProgram(), "bash").value();
  const std::string command = "bash -c '" +
                              [&] {
                                std::string quoted;
                                for (const char c : script)
                                  quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
                                return quoted;
                              }() +
                              "COMP_WORDS=(" + line +
                              "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _small; "
                              "echo \"${COMPREPLY[*]}\"'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF && c != '\n'; c = std::fgetc(pipe))
    out += static_cast<char>(c);
  pclose(pipe);
  return out;
}

TEST(CompletionTest, BashOffersCommandsAndOptions) {
  EXPECT_EQ(Completed("small t"), "tune");
  EXPECT_EQ(Completed("small tune --t"), "--trials");
  EXPECT_EQ(Completed("small log d"), "dump");
  EXPECT_EQ(Completed("small tune --trials 3 --j"), "--json");
  EXPECT_EQ(Completed("small o"), "");
}

TEST(CompletionTest, FishKnowsWhatTakesAValue) {
  const std::string script = CompletionScript(SmallProgram(), "fish").value();
  EXPECT_THAT(script, HasSubstr("-n '__fish_use_subcommand' -a tune -d 'Find what\\'s fast'\n"));
  EXPECT_THAT(script, HasSubstr("__fish_seen_subcommand_from tune' -l trials -r -d"));
  EXPECT_THAT(script, HasSubstr("__fish_seen_subcommand_from tune' -l json -d"));
  EXPECT_THAT(script, Not(HasSubstr("old")));
}

TEST(CompletionTest, ThereAreThreeShells) {
  EXPECT_THAT(CompletionScript(SmallProgram(), "zsh").value(), HasSubstr("bashcompinit\n_small()"));
  EXPECT_THAT(CompletionScript(SmallProgram(), "csh").status().message(),
              HasSubstr("there are bash, zsh and fish"));
}

TEST(ManualPageTest, HasAllCommandsAndNoRequestsByAccident) {
  const std::string page = ManualPage(SmallProgram());
  EXPECT_THAT(page, HasSubstr(".SS small tune\nFind what's fast\n"));
  EXPECT_THAT(page, HasSubstr(".SS small log dump\nShow\n"));
  EXPECT_THAT(page, HasSubstr(".B \\-\\-trials"));
  EXPECT_THAT(page, HasSubstr("\\&.an example\n\\&'another\n"));
  EXPECT_THAT(page, Not(HasSubstr("Gone")));
}

}  // namespace
}  // namespace foothold::cli

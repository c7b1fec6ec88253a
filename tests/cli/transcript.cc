#include "tests/cli/transcript.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

struct Placeholder {
  std::regex pattern;
  std::string replacement;
};

const std::vector<Placeholder>& Placeholders() {
  static const std::vector<Placeholder> placeholders = {
      // JSON fields
      {std::regex(
           R"re(("(elapsed_seconds|build_seconds|search_build_seconds|run_seconds|build_s|run_s)": ?)[-+.e0-9]+)re"),
       "$1<time>"},
      {std::regex(R"re(("(wall_clock|time)": ?)[-+.e0-9]+)re"), "$1<date>"},
      {std::regex(R"re(("machine": ?)\{[^}]*\})re"), "$1<machine>"},
      // progress: what comes in between, and the time at the end of a line
      {std::regex(R"([^\n]* trials  [^\n]* left\n)"), ""},
      {std::regex(R"(\)  ([0-9.]+ s|[0-9]+ min [0-9]+ s)(?=[, \n]|$))"), ")  <time>"},
      {std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)"), "<date>"},
  };
  return placeholders;
}

}  // namespace

std::string Normalise(const std::string& text) {
  std::string normal = text;
  for (const Placeholder& placeholder : Placeholders()) {
    normal = std::regex_replace(normal, placeholder.pattern, placeholder.replacement);
  }
  return normal;
}

std::string Transcript(const std::vector<std::string>& arguments, const std::string& directory) {
  std::string text = "$ foothold";
  for (const std::string& argument : arguments) text.append(" ").append(argument);
  const Finished finished = RunFoothold(arguments, directory);
  text.append("\n").append(Normalise(finished.out));
  if (!finished.err.empty()) text.append("--- stderr\n").append(Normalise(finished.err));
  return text.append("--- exit code ").append(std::to_string(finished.exit_code)).append("\n");
}

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = std::string(FOOTHOLD_SOURCE_DIR) + "/tests/golden/" + name + ".txt";
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) WriteTextFile(path, text);
  EXPECT_EQ(text, ReadTextFile(path))
      << "if the new output is right, run ./dev approve and look at the diff";
}

}  // namespace foothold::testing_cli

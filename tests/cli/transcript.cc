#include "tests/cli/transcript.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <string_view>
#include <vector>

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
      {std::regex("sha256 [0-9a-f]{8,64}"), "sha256 <hash>"},
      {std::regex(R"re(("machine": ?)\{[^}]*\})re"), "$1<machine>"},
      // the time at the end of a progress line
      {std::regex(R"((\)|layers)  ([0-9.]+ s|[0-9]+ min [0-9]+ s)(?=[, \n]|$))"), "$1  <time>"},
      {std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)"), "<date>"},
  };
  return placeholders;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

bool IsProgress(std::string_view line) {
  return line.find(" trials  ") != std::string_view::npos ||
         line.find(" configs  best ") != std::string_view::npos;
}

/// True if the line tells of a run that goes on: it says what is left, or the next line is of the
/// same task.
bool IsInBetween(std::string_view line, std::string_view next) {
  if (!IsProgress(line)) return false;
  const std::string_view task = line.substr(0, line.find(' '));
  return line.ends_with(" left\n") || (IsProgress(next) && next.starts_with(task));
}

/// How many of those lines there are depends on the machine's speed. Not a pattern: std::regex
/// recurses once a character, which is too deep on the long lines of JSON and of reports.
std::string WithoutProgressInBetween(const std::string& text) {
  const std::vector<std::string_view> lines = Lines(text);
  std::string kept;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view next = i + 1 < lines.size() ? lines[i + 1] : std::string_view();
    if (!IsInBetween(lines[i], next)) kept += lines[i];
  }
  return kept;
}

}  // namespace

std::string Normalise(const std::string& text) {
  std::string normal = WithoutProgressInBetween(text);
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

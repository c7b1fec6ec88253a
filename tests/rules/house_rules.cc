#include "tests/rules/house_rules.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace foothold::rules {
namespace {

enum class Match { kWord, kEndOfWord, kAnywhere };

struct Rule {
  const char* text;
  Match match;
  std::vector<std::string> allowed_in;  // path prefixes
  const char* reason;
};

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"rand", Match::kWord, {}, "use foothold::Rng, so that a seed repeats the run"},
      {"srand", Match::kWord, {}, "use foothold::Rng, so that a seed repeats the run"},
      {"random_device", Match::kWord, {}, "use foothold::Rng with a given seed"},
      {"mt19937", Match::kWord, {}, "use foothold::Rng: the same on every platform"},
      {"mt19937_64", Match::kWord, {}, "use foothold::Rng: the same on every platform"},
      {"default_random_engine", Match::kWord, {}, "use foothold::Rng"},
      {"time(nullptr)", Match::kAnywhere, {"src/process/"}, "clocks go through Env"},
      {"system_clock", Match::kWord, {"src/process/", "studies/micro/"}, "clocks go through Env"},
      {"steady_clock",
       Match::kWord,
       {"src/process/", "studies/micro/", "examples/"},
       "clocks go through Env"},
      {"Manager", Match::kEndOfWord, {}, "says nothing: name what the thing is"},
      {"Helper", Match::kEndOfWord, {}, "says nothing: name what the thing is"},
      {"Helpers", Match::kEndOfWord, {}, "says nothing: name what the thing is"},
      {"Util", Match::kEndOfWord, {}, "says nothing: name what the thing is"},
      {"Utils", Match::kEndOfWord, {}, "says nothing: name what the thing is"},
      {"TODO", Match::kWord, {}, "finish it, or open an issue"},
      {"FIXME", Match::kWord, {}, "finish it, or open an issue"},
      {"#if 0", Match::kAnywhere, {}, "delete it: git remembers"},
      {"TEST(DISABLED", Match::kAnywhere, {}, "a test that does not run does not exist"},
      {", DISABLED_", Match::kAnywhere, {}, "a test that does not run does not exist"},
      {"std::views", Match::kAnywhere, {}, "clang 14 cannot compile it with libstdc++ 12"},
      {"std::source_location", Match::kAnywhere, {}, "clang 14 does not have it"},
      {"nlohmann",
       Match::kWord,
       {"src/base/json_oracle_test.cc"},
       "read and write JSON with base/json.h, which compiles in a tenth of the time"},
      {"<fmt/ranges.h>", Match::kAnywhere, {}, "expensive to compile: Joined of base/text.h"},
      {"fmt::format_to",
       Match::kAnywhere,
       {},
       "clang cannot link it with hidden symbols and fmt 9"},
      {"fmt::print(",
       Match::kAnywhere,
       {"src/targets/opencl/runner/", "src/process/testing/", "studies/micro/",
        "studies/peers/cpu_peers.cc", "src/targets/vta/rtl_test.cc", "examples/", "tests/"},
       "throws where a stream cannot be written: PrintOut and PrintErr of cli/common/output.h"},
      {"<format>", Match::kAnywhere, {}, "libstdc++ 12 does not have it: use fmt"},
  };
  return rules;
}

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool Matches(const std::string& line, const Rule& rule) {
  const std::string word = rule.text;
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const bool starts = at == 0 || !IsWordCharacter(line[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = end == line.size() || !IsWordCharacter(line[end]);
    if (rule.match == Match::kAnywhere) return true;
    if (ends && (starts || rule.match == Match::kEndOfWord)) return true;
  }
  return false;
}

bool StartsWithAny(const std::string& path, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return path.starts_with(prefix); });
}

// This folder names the forbidden words itself.
bool IsCode(const SourceFile& file) {
  const bool is_cpp = file.path.ends_with(".cc") || file.path.ends_with(".h");
  return is_cpp && !file.path.starts_with("tests/rules/");
}

}  // namespace

std::vector<std::string> ForbiddenWords(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!IsCode(file)) continue;
    const auto lines = Lines(file.text);
    for (const Rule& rule : Rules()) {
      if (StartsWithAny(file.path, rule.allowed_in)) continue;
      if (file.text.find(rule.text) == std::string::npos) continue;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!Matches(lines[i], rule)) continue;
        complaints.push_back(
            Complaint(file.path, i + 1, std::string("'") + rule.text + "': " + rule.reason));
      }
    }
  }
  return complaints;
}

std::vector<std::string> MachinePaths(const std::vector<SourceFile>& files) {
  std::vector<std::string> paths;  // put together here, so that this file does not name them
  for (const std::string folder : {"work", "home", "root", "Users", "tmp"}) {
    paths.push_back("/" + folder + "/");
  }
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    const auto lines = Lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (const std::string& path : paths) {
        const std::size_t at = lines[i].find(path);
        if (at == std::string::npos) continue;
        // Behind a letter or a dot it is the end of a longer path, which is relative.
        if (at > 0 && (IsWordCharacter(lines[i][at - 1]) || lines[i][at - 1] == '.')) continue;
        complaints.push_back(Complaint(file.path, i + 1, "names a place of one machine: " + path));
      }
    }
  }
  return complaints;
}

std::vector<std::string> LongFiles(const std::vector<SourceFile>& files) {
  constexpr std::size_t kMaxLines = 500;
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".cc") && !file.path.ends_with(".h")) continue;
    const std::size_t lines = Lines(file.text).size();
    if (lines <= kMaxLines) continue;
    complaints.push_back(Complaint(file.path, lines, "is longer than 500 lines: split it"));
  }
  return complaints;
}

std::vector<std::string> UnguardedHeaders(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".h") || file.text.starts_with("#pragma once\n")) continue;
    complaints.push_back(Complaint(file.path, 1, "must begin with #pragma once"));
  }
  return complaints;
}

std::vector<std::string> TornDeclarations(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!IsCode(file)) continue;
    const auto lines = Lines(file.text);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const bool is_torn =
          lines[i - 1].ends_with(" =") && lines[i].find("///<") != std::string::npos;
      if (!is_torn) continue;
      complaints.push_back(Complaint(file.path, i, "is torn in two: put the comment above it"));
    }
  }
  return complaints;
}

std::vector<std::string> OtherLoops(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  std::set<std::string> seen;
  for (const SourceFile& file : files) {
    const bool is_ours = file.path.starts_with("src/") || file.path.starts_with("studies/");
    const bool is_test =
        file.path.ends_with("_test.cc") || file.path.find("/testing/") != std::string::npos;
    if (!is_ours || is_test || !IsCode(file) || file.path.starts_with("src/search/")) continue;
    const auto lines = Lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool is_call = lines[i].find(".Propose(") != std::string::npos ||
                           lines[i].find("->Propose(") != std::string::npos;
      if (!is_call) continue;
      const bool may = file.path == "src/tune/loop.cc" || file.path == "src/tune/study.cc";
      if (may && seen.insert(file.path).second) continue;
      complaints.push_back(
          Complaint(file.path, i + 1, "runs a searcher by itself: use RunLoop of tune/loop.h"));
    }
  }
  return complaints;
}

std::vector<std::string> UnregisteredTests(const std::vector<SourceFile>& files,
                                           const std::vector<std::string>& registered) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with("_test.cc")) continue;
    if (std::find(registered.begin(), registered.end(), file.path) != registered.end()) continue;
    complaints.push_back(
        Complaint(file.path, 1, "is not built: add it to the TESTS of its CMakeLists.txt"));
  }
  return complaints;
}

}  // namespace foothold::rules

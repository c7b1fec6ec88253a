#include "tests/rules/prose_rules.h"

#include <algorithm>
#include <cctype>

namespace foothold::rules {
namespace {

struct WordRule {
  const char* text;  // in lower case, words separated by one space
  const char* instead;
};

constexpr WordRule kWords[] = {
    {"foretell", "predict"},
    {"foretells", "predicts"},
    {"foretold", "predicted"},
    {"foretelling", "predicting"},
    {"anew", "again"},
    {"dear", "expensive"},
    {"dearer", "more expensive"},
    {"dearest", "most expensive"},
    {"in the mean", "on average"},
    {"so many", "this many, or name the number"},
    {"told of", "reported"},
    {"-fold", "N times"},  // "two-fold", "10-fold"
    {"twofold", "twice"},
    {"threefold", "three times"},
    {"tenfold", "ten times"},
    {"go on", "resume, continue"},
    {"goes on", "resumes, continues"},
    {"going on", "resuming, running"},
    {"went on", "resumed, continued"},
    {"dry builds", "builds without a better program"},
    {"hope", "optimistic prior"},
    {"doubt", "warm-start trust"},
    {"twin", "duplicate program"},
    {"twins", "duplicate programs"},
    {"arena", "benchmark"},
    {"arenas", "benchmarks"},
    {"contestant", "entrant"},
    {"contestants", "entrants"},
    {"moody", "unstable"},
};

/// A word that is all of its line's part between blanks and punctuation; "Constraint::Fold" is
/// code.
bool IsPartOfWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// What programs write whose texts are not for these rules to judge.
bool IsGenerated(const SourceFile& file) {
  return file.path.starts_with("docs/results/generated/") || file.path == "docs/targets/vta-isa.md";
}

// What was released stays as it was written.
bool IsPage(const SourceFile& file) {
  return file.path.ends_with(".md") && file.path != "CHANGELOG.md" && !IsGenerated(file);
}

bool IsPublicHeader(const SourceFile& file) { return file.path.starts_with("include/"); }

// All of these pages is the options' help, in blocks of code.
bool IsHelp(const SourceFile& file) {
  return file.path == "docs/cli.md" || file.path == "docs/studies.md";
}

bool IsFence(const std::string& line) {
  return line.substr(std::min(line.size(), line.find_first_not_of(' '))).starts_with("```");
}

std::string InLowerCaseWithoutCode(const std::string& line) {
  std::string kept;
  bool code = false;
  for (const char c : line) {
    if (c == '`') code = !code;
    kept += code ? '`' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return kept;
}

bool HasWord(const std::string& line, const std::string& word) {
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || word.front() == '-' || !IsPartOfWord(line[at - 1]);
    if (starts && (end == line.size() || !IsPartOfWord(line[end]))) return true;
  }
  return false;
}

// The lines to look at: all of a header's or of the help, and the text of other pages.
std::vector<bool> LinesOfText(const SourceFile& file, const std::vector<std::string>& lines) {
  std::vector<bool> text(lines.size(), true);
  if (!file.path.ends_with(".md") || IsHelp(file)) return text;
  bool code = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool fence = IsFence(lines[i]);
    if (fence) code = !code;
    text[i] = !code && !fence;
  }
  return text;
}

// UTF-8: the bytes that begin a character.
std::size_t Columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

constexpr std::size_t kMaxColumns = 120;

// Behind the mark of a list entry or a heading, a blank at which the line could end in time.
bool CanBeBroken(const std::string& line) {
  const std::size_t text = line.find_first_not_of(" -*#>0123456789.");
  const std::size_t blank = line.find(' ', std::min(text, line.size()));
  return blank != std::string::npos && Columns(line.substr(0, blank)) <= kMaxColumns;
}

bool MayBeLong(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  const bool is_table = begin != std::string::npos && line[begin] == '|';
  return is_table || line.starts_with("    ") || line.starts_with("![") || !CanBeBroken(line);
}

}  // namespace

std::vector<std::string> UnusualWords(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!IsPage(file) && !IsPublicHeader(file)) continue;
    const auto lines = Lines(file.text);
    const auto is_text = LinesOfText(file, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!is_text[i]) continue;
      const std::string line = InLowerCaseWithoutCode(lines[i]);
      for (const WordRule& word : kWords) {
        if (!HasWord(line, word.text)) continue;
        complaints.push_back(
            Complaint(file.path, i + 1, std::string("'") + word.text + "': write " + word.instead));
      }
    }
  }
  return complaints;
}

std::vector<std::string> LongMarkdownLines(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    if (!IsPage(file)) continue;
    const auto lines = Lines(file.text);
    const auto is_text = LinesOfText(file, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (IsHelp(file) || !is_text[i]) continue;
      if (Columns(lines[i]) <= kMaxColumns || MayBeLong(lines[i])) continue;
      complaints.push_back(Complaint(file.path, i + 1, "is longer than 120 columns"));
    }
  }
  return complaints;
}

}  // namespace foothold::rules

#include <map>
#include <regex>

#include "tests/rules/house_rules.h"
#include "tests/rules/namespace_scope.h"

namespace foothold::rules {
namespace {

/// What a source file defines in namespaces that have a name, as its layout shows it: definitions
/// at namespace scope begin in the first column, as clang-format writes them.
class DefinitionsIn {
 public:
  struct Definition {
    std::string name;  ///< qualified; of a function with its parameters
    std::size_t line;
  };

  explicit DefinitionsIn(const std::string& text) : lines_(Lines(text)) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!scope_.Next(lines_[i])) AddDefinition(i);
    }
  }
  const std::vector<Definition>& all() const { return all_; }

 private:
  void AddDefinition(std::size_t at) {
    static const std::regex type(
        R"(^(?:class|struct|enum|enum class) (?:\[\[nodiscard\]\] )?(?:FOOTHOLD_EXPORT )?(\w+)(?: final)?(?: : [^;]*)? \{.*)");
    static const std::regex function(R"(^[\w:<>,&* ]*[\w>&*] (\w+\([^{};]*\))(?: noexcept)? \{.*)");
    if (scope_.names().empty() || lines_[at].empty() || lines_[at].front() == ' ') return;
    if (scope_.is_anonymous()) return;  // nobody outside the file sees it
    const std::string head = HeadFrom(at);
    std::smatch parts;
    const bool is_definition =
        std::regex_match(head, parts, type) || std::regex_match(head, parts, function);
    if (is_definition && !head.starts_with("template") && !head.starts_with("static ")) {
      all_.push_back({scope_.Qualified() + "::" + parts[1].str(), at + 1});
    }
  }

  /// The line and those that it goes on in, up to the first brace or semicolon, as one.
  std::string HeadFrom(std::size_t at) const {
    std::string head = lines_[at];
    while (head.find_first_of("{;}") == std::string::npos && ++at < lines_.size()) {
      head +=
          " " + lines_[at].substr(std::min(lines_[at].find_first_not_of(' '), lines_[at].size()));
    }
    return head;
  }

  std::vector<std::string> lines_;
  NamespaceScope scope_;
  std::vector<Definition> all_;
};

}  // namespace

std::vector<std::string> DoubleDefinitions(const std::vector<SourceFile>& files) {
  std::map<std::string, std::string> first;
  std::vector<std::string> complaints;
  for (const char* folder : {"include/", "src/", "studies/", "python/"}) {
    for (const SourceFile& file : Select(files, folder, {".h", ".cc"})) {
      // Tests and micro-benchmarks are programs of their own. X_missing.cc is built in place of
      // X.cc.
      if (std::regex_search(file.path, std::regex("_(test|bench|missing)\\.cc$"))) continue;
      const DefinitionsIn definitions(file.text);
      for (const auto& [name, line] : definitions.all()) {
        const auto [at, is_new] = first.emplace(name, file.path);
        if (is_new) continue;
        complaints.push_back(Complaint(
            file.path, line, name + " is defined in " + at->second + " too: rename one of them"));
      }
    }
  }
  return complaints;
}

}  // namespace foothold::rules

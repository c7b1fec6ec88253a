#include <array>
#include <regex>
#include <set>
#include <utility>

#include "tests/rules/house_rules.h"
#include "tests/rules/namespace_scope.h"

namespace foothold::rules {
namespace {

/// Where the namespace is not named after the first folder: the longest prefix decides.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNamespaces = {{
    {"src/cli/doctor/", "foothold::doctor"},
    {"src/formats/onnx/", "foothold::onnx"},
    {"src/formats/t1/", "foothold::t1"},
    {"src/process/testing/misbehave/", "misbehave"},  // a program of its own
    {"src/report/live/", "foothold::live"},
    {"src/targets/opencl/runner/", "foothold::opencl_runner"},  // another
    {"studies/", "foothold::studies"},
    {"studies/cli/", "foothold::cli"},
}};

/// The namespace of what a private header declares: src/base/json.h is in foothold::base. The
/// modules of core and targets know little of each other: src/targets/cpu/a.h is in foothold::cpu.
std::string NamespaceOf(const std::string& path) {
  std::pair<std::string_view, std::string_view> longest;
  for (const auto& entry : kNamespaces) {
    if (path.starts_with(entry.first) && entry.first.size() > longest.first.size()) longest = entry;
  }
  if (!longest.first.empty()) return std::string(longest.second);
  static const std::regex folders(R"(^src/(?:(?:core|targets)/(?=\w+/))?(\w+)/.*)");
  std::smatch parts;
  return std::regex_match(path, parts, folders) ? "foothold::" + parts[1].str() : "foothold";
}

bool IsForTests(const std::string& path) {
  return path.find("/testing/") != std::string::npos || path.ends_with("/testing.h");
}

/// The name of a type that the line declares and does not define, or "".
std::string ForwardDeclared(const std::string& line) {
  static const std::regex forward(R"(^(?:class|struct|enum|enum class) (\w+)(?: : [\w:]+)?;.*)");
  std::smatch parts;
  return std::regex_match(line, parts, forward) ? parts[1].str() : "";
}

/// The types that the headers in include/ define.
std::set<std::string> PublicTypes(const std::vector<SourceFile>& files) {
  static const std::regex type(
      R"(^(?:class|struct|enum|enum class) (?:\[\[nodiscard\]\] )?(?:FOOTHOLD_EXPORT )?(\w+)[^;]*$)");
  std::set<std::string> types;
  for (const SourceFile& file : Select(files, "include/", {".h"})) {
    for (const std::string& line : Lines(file.text)) {
      std::smatch parts;
      if (std::regex_match(line, parts, type)) types.insert(parts[1]);
    }
  }
  return types;
}

/// Whether a declaration begins in the line: it does so in the first column.
bool BeginsDeclaration(const std::string& line) {
  if (line.empty() || line.starts_with("template")) return false;
  return line.front() == '[' || std::isalpha(static_cast<unsigned char>(line.front())) != 0;
}

class DeclarationsIn {
 public:
  DeclarationsIn(const SourceFile& file, const std::set<std::string>& public_types)
      : file_(file), public_types_(public_types), own_(NamespaceOf(file.path)) {}

  void ComplainAbout(std::vector<std::string>& complaints) const {
    NamespaceScope scope;
    const auto lines = Lines(file_.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (scope.Next(lines[i]) || !BeginsDeclaration(lines[i])) continue;
      const std::string place = scope.Qualified();
      if (Belongs(lines[i], place)) continue;
      complaints.push_back(
          Complaint(file_.path, i + 1,
                    "declares this in " + (place.empty() ? "no namespace" : place) +
                        ": what include/foothold/ does not declare is in " + own_ + " here"));
    }
  }

 private:
  bool Belongs(const std::string& line, const std::string& place) const {
    if (IsOrIsBelow(place, own_)) return true;
    if (IsForTests(file_.path) && IsOrIsBelow(place, "foothold::testing")) return true;
    const std::string forward = ForwardDeclared(line);
    return !forward.empty() && (place != "foothold" || public_types_.contains(forward));
  }

  static bool IsOrIsBelow(const std::string& place, const std::string& name) {
    return place == name || place.starts_with(name + "::");
  }

  const SourceFile& file_;
  const std::set<std::string>& public_types_;
  std::string own_;
};

}  // namespace

std::vector<std::string> StrayDeclarations(const std::vector<SourceFile>& files) {
  const std::set<std::string> public_types = PublicTypes(files);
  std::vector<std::string> complaints;
  for (const char* folder : {"src/", "studies/"}) {
    for (const SourceFile& file : Select(files, folder, {".h"})) {
      DeclarationsIn(file, public_types).ComplainAbout(complaints);
    }
  }
  return complaints;
}

}  // namespace foothold::rules

#include "tests/rules/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace foothold::rules {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"include", "src", "studies",  "tests", "docs",
                                    "cmake",   ".ci", "examples", "python"};

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool IsText(const std::string& text) { return text.find('\0') == std::string::npos; }

void AddFile(const fs::path& root, const fs::path& path, std::vector<SourceFile>& files) {
  std::string text = ReadAll(path);
  if (IsText(text)) files.push_back({fs::relative(path, root).generic_string(), std::move(text)});
}

}  // namespace

std::vector<SourceFile> ReadProject(const std::string& root) {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::directory_iterator(root)) {
    // In a linked worktree .git is a file that says where the repository is.
    if (entry.path().filename() == ".git") continue;
    if (entry.is_regular_file()) AddFile(fs::path(root), entry.path(), files);
  }
  for (const char* folder : kFolders) {
    if (!fs::exists(fs::path(root) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
      if (entry.is_regular_file()) AddFile(fs::path(root), entry.path(), files);
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::vector<SourceFile> Select(const std::vector<SourceFile>& files, std::string_view folder,
                               const std::vector<std::string>& suffixes) {
  std::vector<SourceFile> selected;
  for (const SourceFile& file : files) {
    const bool wanted = std::any_of(suffixes.begin(), suffixes.end(), [&](const auto& suffix) {
      return file.path.ends_with(suffix);
    });
    if (wanted && file.path.starts_with(folder)) selected.push_back(file);
  }
  return selected;
}

std::vector<SourceFile> ReadBuiltProject(const std::string& root, const std::string& build) {
  auto project = ReadProject(root);
  const auto modules = ReadLines(build + "/modules.txt");
  const bool has_studies = std::any_of(modules.begin(), modules.end(), [](const std::string& m) {
    return m.starts_with("studies/");
  });
  if (has_studies) return project;
  std::erase_if(project, [](const SourceFile& file) {
    return file.path.starts_with("studies/") || file.path.starts_with("tests/studies/");
  });
  return project;
}

std::size_t CountModules(const std::vector<SourceFile>& project) {
  return static_cast<std::size_t>(
      std::count_if(project.begin(), project.end(), [](const SourceFile& file) {
        return file.path.ends_with("CMakeLists.txt") &&
               file.text.find("foothold_module(NAME") != std::string::npos;
      }));
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> ReadLines(const std::string& path) { return Lines(ReadAll(path)); }

std::string Complaint(const std::string& path, std::size_t line, const std::string& message) {
  return path + ":" + std::to_string(line) + ": " + message;
}

}  // namespace foothold::rules

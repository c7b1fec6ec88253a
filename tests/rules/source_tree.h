#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foothold::rules {

/// A file of the project, read whole.
struct SourceFile {
  std::string path;  ///< from the project's root, with forward slashes
  std::string text;
};

/// The project's own text files, in path order: those in the root and below the folders that belong
/// to the project, found without git, so that it also works on an unpacked archive.
std::vector<SourceFile> ReadProject(const std::string& root);

/// The files below `folder` ("src/") whose names end with one of `suffixes`.
std::vector<SourceFile> Select(const std::vector<SourceFile>& files, std::string_view folder,
                               const std::vector<std::string>& suffixes);

/// The same without what a build without FOOTHOLD_STUDIES leaves out. `build` is the build tree.
std::vector<SourceFile> ReadBuiltProject(const std::string& root, const std::string& build);

/// How many modules the project has, built or not.
std::size_t CountModules(const std::vector<SourceFile>& project);

std::vector<std::string> Lines(std::string_view text);

/// The lines of a file in the build tree ("modules.txt"), empty when it is not there.
std::vector<std::string> ReadLines(const std::string& path);

/// "path:line: message", the form in which every rule complains.
std::string Complaint(const std::string& path, std::size_t line, const std::string& message);

}  // namespace foothold::rules

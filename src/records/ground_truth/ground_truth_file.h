#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "records/ground_truth/ground_truth.h"

namespace foothold::records {

/// The bytes of a file as far as they make an exploration.
struct GroundTruthContents {
  GroundTruth exploration;
  std::uint64_t intact_bytes = 0;  ///< header and whole frames; the rest was torn
  /// Set when the end was written: so many correct configs were compared with the reference.
  std::optional<std::uint64_t> verified;
  std::optional<std::string> repaired;  ///< one line about what was torn off
};

/// Parses a file, finished or not. nullopt when it ends inside its first line. Errors are those of
/// ReadGroundTruth but for unfinished files.
Result<std::optional<GroundTruthContents>> ParseGroundTruth(std::string_view bytes,
                                                            const std::string& path);

/// An exploration and the file that it is appended to, block by block. One process at a time. Not
/// thread-safe.
class GroundTruthFile {
 public:
  /// Opens `path`, or begins it with `header`; cuts off what was torn. Errors are those of Explore.
  static Result<std::unique_ptr<GroundTruthFile>> Open(Env& env, const std::string& path,
                                                       const GroundTruthHeader& header);

  const std::string& path() const { return path_; }
  const GroundTruth& exploration() const { return contents_.exploration; }
  const std::optional<std::uint64_t>& verified() const { return contents_.verified; }
  const std::optional<std::string>& repaired() const { return contents_.repaired; }

  /// Adds the next config; it is saved with the next SaveBlock.
  Status Add(const Verdict& verdict, std::span<const double> values) {
    return contents_.exploration.Add(verdict, values);
  }
  /// Appends what was added since the last block, and returns when it would survive a power loss:
  /// whatever goes wrong later, only the file's last frame can be torn. A failure is final.
  Status SaveBlock();
  /// Appends the end. REQUIRES: exploration().complete(), and all is saved.
  Status SaveEnd(std::uint64_t verified);

 private:
  GroundTruthFile(std::string path, GroundTruthContents contents, std::unique_ptr<AppendFile> file);
  Status Write(const std::string& bytes);

  const std::string path_;
  GroundTruthContents contents_;
  std::unique_ptr<AppendFile> file_;
  std::uint64_t saved_configs_;
  std::size_t saved_verdicts_;
};

}  // namespace foothold::records

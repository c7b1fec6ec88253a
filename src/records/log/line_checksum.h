#pragma once

#include <string>
#include <string_view>

namespace foothold::records {

/// What the end of a line of the record log says about the rest of it.
enum class LineChecksum {
  kNone,  ///< the line has none
  kRight,
  kWrong,  ///< the line is not as it was written
};

/// The field in which a line carries its checksum; it is the last one.
inline constexpr const char* kChecksumField = "crc";

/// `line`, a JSON object that is not empty, with its checksum as its last field.
std::string WithChecksum(std::string line);
LineChecksum CheckLine(std::string_view line);

}  // namespace foothold::records

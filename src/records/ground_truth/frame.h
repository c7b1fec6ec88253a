#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::records {

/// The unit in which an exploration is appended to its file: a range of configs and what is said
/// about them, compressed, with checksums (docs/formats/exploration.md).
struct Frame {
  enum class Kind : char {
    kBlock = 'B',  ///< what became of the configs [begin, end)
    kEnd = 'E',    ///< the exploration is finished
  };
  Kind kind = Kind::kBlock;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string payload;  ///< uncompressed
};

/// More than this is no payload: a limit to what a damaged file can make its reader allocate.
constexpr std::size_t kMaxPayload = std::size_t{1} << 28;

/// InvalidArgument when the payload is larger than kMaxPayload.
Result<std::string> EncodeFrame(const Frame& frame);

/// A frame at the start of `text`, and how many bytes it takes.
struct DecodedFrame {
  Frame frame;
  std::size_t bytes = 0;
};

/// nullopt when `text` ends inside the frame: it was torn. DataLoss when it is damaged; the message
/// names `path` and the byte, which is that of `text`'s start in the file, `offset`, or later.
Result<std::optional<DecodedFrame>> DecodeFrame(std::string_view text, std::string_view path,
                                                std::uint64_t offset);

}  // namespace foothold::records

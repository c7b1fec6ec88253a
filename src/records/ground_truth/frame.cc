#include "records/ground_truth/frame.h"

#include <fmt/core.h>
#include <zlib.h>

#include "base/check.h"
#include "records/ground_truth/bytes.h"

namespace foothold::records {
namespace {

// Where the fields of a frame begin.
constexpr std::size_t kBegin = 1;
constexpr std::size_t kEnd = 9;
constexpr std::size_t kStoredBytes = 17;
constexpr std::size_t kPayloadBytes = 21;
constexpr std::size_t kStoredCrc = 25;
constexpr std::size_t kHeaderCrc = 29;
constexpr std::size_t kHeaderBytes = 33;

std::uint32_t Crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string Compressed(std::string_view payload) {
  uLongf size = compressBound(payload.size());
  std::string stored(size, '\0');
  const int result =
      compress2(reinterpret_cast<Bytef*>(stored.data()), &size,
                reinterpret_cast<const Bytef*>(payload.data()), payload.size(), Z_BEST_COMPRESSION);
  FOOTHOLD_CHECK(result == Z_OK, "zlib had room for the worst case");
  stored.resize(size);
  return stored;
}

std::optional<std::string> Uncompressed(std::string_view stored, std::size_t payload_bytes) {
  std::string payload(payload_bytes, '\0');
  uLongf size = payload_bytes;
  const int result = uncompress(reinterpret_cast<Bytef*>(payload.data()), &size,
                                reinterpret_cast<const Bytef*>(stored.data()), stored.size());
  if (result != Z_OK || size != payload_bytes) return std::nullopt;
  return payload;
}

}  // namespace

Result<std::string> EncodeFrame(const Frame& frame) {
  if (frame.payload.size() > kMaxPayload) {
    return Status::InvalidArgument(
        fmt::format("a block of an exploration takes {} bytes, must take at most {}: the target "
                    "has too many metrics",
                    frame.payload.size(), kMaxPayload));
  }
  const std::string stored = Compressed(frame.payload);
  std::string bytes(1, static_cast<char>(frame.kind));
  AppendLittleEndian(frame.begin, bytes);
  AppendLittleEndian(frame.end, bytes);
  AppendLittleEndian(static_cast<std::uint32_t>(stored.size()), bytes);
  AppendLittleEndian(static_cast<std::uint32_t>(frame.payload.size()), bytes);
  AppendLittleEndian(Crc32(stored), bytes);
  AppendLittleEndian(Crc32(bytes), bytes);
  return bytes + stored;
}

Result<std::optional<DecodedFrame>> DecodeFrame(std::string_view text, std::string_view path,
                                                std::uint64_t offset) {
  const auto damaged = [&](std::uint64_t byte, std::string_view what) {
    return Status::DataLoss(fmt::format(
        "{}: byte {}: {}: the file is damaged; remove it and explore again", path, byte, what));
  };
  if (text.size() < kHeaderBytes) return std::optional<DecodedFrame>();
  // The header is checked by itself: a damaged length must not look like a torn end of the file.
  if (LittleEndianAt<std::uint32_t>(text, kHeaderCrc) != Crc32(text.substr(0, kHeaderCrc))) {
    return damaged(offset, "the checksum of a frame's header does not match");
  }
  const auto stored_bytes = LittleEndianAt<std::uint32_t>(text, kStoredBytes);
  const auto payload_bytes = LittleEndianAt<std::uint32_t>(text, kPayloadBytes);
  const char kind = text[0];
  if (kind != static_cast<char>(Frame::Kind::kBlock) &&
      kind != static_cast<char>(Frame::Kind::kEnd)) {
    return damaged(offset, fmt::format("a frame is of kind {}, must be 'B' or 'E'", int{kind}));
  }
  if (text.size() - kHeaderBytes < stored_bytes) return std::optional<DecodedFrame>();
  const std::string_view stored = text.substr(kHeaderBytes, stored_bytes);
  if (LittleEndianAt<std::uint32_t>(text, kStoredCrc) != Crc32(stored)) {
    return damaged(offset + kHeaderBytes, "the checksum of a frame does not match");
  }
  if (payload_bytes > kMaxPayload) {
    return damaged(offset + kPayloadBytes, fmt::format("a frame holds {} bytes, must hold at most "
                                                       "{}",
                                                       payload_bytes, kMaxPayload));
  }
  auto payload = Uncompressed(stored, payload_bytes);
  if (!payload) return damaged(offset + kHeaderBytes, "a frame cannot be uncompressed");
  return std::optional(
      DecodedFrame{{static_cast<Frame::Kind>(kind), LittleEndianAt<std::uint64_t>(text, kBegin),
                    LittleEndianAt<std::uint64_t>(text, kEnd), *std::move(payload)},
                   kHeaderBytes + stored_bytes});
}

}  // namespace foothold::records

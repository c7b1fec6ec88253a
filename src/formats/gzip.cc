#include "formats/gzip.h"

#define ZLIB_CONST  // or zlib would want to write to what it reads
#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"

namespace foothold::formats {
namespace {

/// Files of any size may hold so much.
constexpr std::size_t kAlwaysAllowed = std::size_t{32} << 20;
/// Texts that say something become 4 to 20 times smaller; those that repeat one thing, up to 1032.
constexpr std::size_t kMostRatio = 64;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

/// Ends a z_stream on every way out.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    constexpr int kGzipOnly = 16;  // added to the window bits (zlib.h, inflateInit2)
    FOOTHOLD_CHECK(inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK, "zlib has no memory");
    stream_.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends the next piece; what inflate() says.
  int Append(std::string& text) {
    std::array<char, std::size_t{1} << 16> piece;
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = piece.size();
    const int result = inflate(&stream_, Z_NO_FLUSH);
    text.append(piece.data(), piece.size() - stream_.avail_out);
    return result;
  }
  bool at_end() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_ = {};
};

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> Gunzip(std::string_view bytes, std::string_view path) {
  FOOTHOLD_CHECK(IsGzip(bytes), "not gzip");
  if (bytes.size() > kMaxBytes) {
    return Status::DataLoss(fmt::format("{}: is larger than {} bytes", path, kMaxBytes));
  }
  Inflater inflater(bytes);
  std::string text;
  int result = Z_OK;
  const std::size_t most = std::min(kMaxBytes, std::max(kAlwaysAllowed, kMostRatio * bytes.size()));
  while (result == Z_OK && text.size() <= most) result = inflater.Append(text);
  if (text.size() > most) {
    return Status::DataLoss(
        fmt::format("{}: holds more than {} bytes, which a file of {} bytes does not do unless it "
                    "was made to; uncompress it if it is good",
                    path, most, bytes.size()));
  }
  if (result != Z_STREAM_END || !inflater.at_end()) {
    return Status::DataLoss(fmt::format(
        "{}: the gzip data is damaged or torn after {} bytes of text", path, text.size()));
  }
  return text;
}

}  // namespace foothold::formats

#include "records/log/line_checksum.h"

#include <fmt/core.h>
#include <zlib.h>

#include "base/check.h"

namespace foothold::records {
namespace {

constexpr std::string_view kBegin = R"(,"crc":")";
constexpr std::string_view kEnd = R"("})";
constexpr std::size_t kDigits = 8;
constexpr std::size_t kBytes = kBegin.size() + kDigits + kEnd.size();

std::string ChecksumOf(std::string_view text) {
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  return fmt::format("{:08x}", crc32_z(0, bytes, text.size()));
}

}  // namespace

std::string WithChecksum(std::string line) {
  FOOTHOLD_CHECK(line.size() > 2 && line.back() == '}');
  line.pop_back();
  const std::string checksum = ChecksumOf(line);
  return line.append(kBegin).append(checksum).append(kEnd);
}

LineChecksum CheckLine(std::string_view line) {
  if (line.size() < kBytes) return LineChecksum::kNone;
  const std::string_view field = line.substr(line.size() - kBytes);
  if (!field.starts_with(kBegin) || !field.ends_with(kEnd)) return LineChecksum::kNone;
  const bool is_right =
      field.substr(kBegin.size(), kDigits) == ChecksumOf(line.substr(0, line.size() - kBytes));
  return is_right ? LineChecksum::kRight : LineChecksum::kWrong;
}

}  // namespace foothold::records

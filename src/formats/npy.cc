#include "formats/npy.h"

#include <fmt/core.h>

#include <charconv>
#include <cstring>
#include <optional>
#include <string>

#include "base/text.h"

namespace foothold::formats {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::int64_t kMostElements = std::int64_t{1} << 31;

/// What stands between `before` and `after`; nullopt when they are not there.
std::optional<std::string_view> Between(std::string_view text, std::string_view before,
                                        std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t from = start + before.size();
  const std::size_t end = text.find(after, from);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(from, end - from);
}

/// "3, 224, 224" or "10,"; nullopt for anything else, and for more than kMostElements.
std::optional<std::vector<std::int64_t>> ParseShape(std::string_view text) {
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  while (true) {
    const std::size_t start = text.find_first_not_of(", ");
    if (start == std::string_view::npos) return shape;
    text.remove_prefix(start);
    std::int64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || size < 0) return std::nullopt;
    if (size > 0 && count > kMostElements / size) return std::nullopt;
    if (size > 0) count *= size;
    shape.push_back(size);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

template <typename T>
std::vector<float> Converted(std::string_view data) {
  std::vector<float> values;
  values.reserve(data.size() / sizeof(T));
  for (std::size_t at = 0; at + sizeof(T) <= data.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, data.data() + at, sizeof value);
    values.push_back(static_cast<float>(value));
  }
  return values;
}

struct TypeRow {
  std::string_view name;
  std::size_t bytes;
  std::vector<float> (*convert)(std::string_view);
};
constexpr TypeRow kTypes[] = {{"<f4", 4, Converted<float>},
                              {"<f8", 8, Converted<double>},
                              {"|i1", 1, Converted<std::int8_t>},
                              {"|u1", 1, Converted<std::uint8_t>},
                              {"<i4", 4, Converted<std::int32_t>}};

/// The header's text and what comes after it; nullopt when the file is too short for it.
struct Parts {
  std::string_view header;
  std::string_view data;
};
std::optional<Parts> Split(std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < 12) return std::nullopt;
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]));
  };
  const bool is_first = byte(6) == 1;
  const std::size_t start = is_first ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (!is_first) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - start) return std::nullopt;
  return Parts{bytes.substr(start, length), bytes.substr(start + length)};
}

}  // namespace

Result<NpyArray> ParseNpy(std::string_view bytes, std::string_view path) {
  const auto damaged = [&](std::string_view problem) {
    return Status::DataLoss(fmt::format("{}: {}", path, problem));
  };
  const auto parts = Split(bytes);
  if (!parts) return damaged("must be a .npy file; it is cut off or another kind of file");
  const auto type = Between(parts->header, "'descr': '", "'");
  const auto shape_text = Between(parts->header, "'shape': (", ")");
  const auto shape = shape_text ? ParseShape(*shape_text) : std::nullopt;
  if (!type || !shape) return damaged("has a header without descr or shape");
  if (parts->header.find("'fortran_order': False") == std::string_view::npos) {
    return Status::InvalidArgument(
        fmt::format("{}: fortran_order: must be False; numpy.ascontiguousarray makes it so", path));
  }
  std::int64_t count = 1;
  for (const std::int64_t size : *shape) count *= size;
  for (const TypeRow& row : kTypes) {
    if (row.name != *type) continue;
    if (parts->data.size() != static_cast<std::size_t>(count) * row.bytes) {
      return damaged(fmt::format("holds {} bytes of data, must hold {} for {} elements of {}",
                                 parts->data.size(), static_cast<std::size_t>(count) * row.bytes,
                                 count, *type));
    }
    return NpyArray{*shape, row.convert(parts->data)};
  }
  return Status::InvalidArgument(
      fmt::format("{}: descr: is '{}', must be float32, float64, int8, uint8 or int32", path,
                  base::OneLine(std::string(*type))));
}

std::string FormatNpy(const NpyArray& array) {
  // Data begins at a multiple of 64 bytes, as NumPy's own files have it.
  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kPrefix = 10;
  const std::string comma = array.shape.size() == 1 ? "," : "";
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}",
                                   base::Joined(array.shape, ", "), comma);
  while ((kPrefix + header.size() + 1) % kAlignment != 0) header += ' ';
  header += '\n';
  std::string bytes(kMagic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const auto* data = reinterpret_cast<const char*>(array.values.data());
  return bytes.append(data, array.values.size() * sizeof(float));
}

}  // namespace foothold::formats

#include "formats/onnx/tensor_data.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>

#include "base/text.h"

namespace foothold::onnx {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 40;

/// The smallest and largest value that a list of integers may hold for elements of this type;
/// nullopt for types that are not written so. Those of 16-bit floats are their bits.
std::optional<std::pair<std::int64_t, std::int64_t>> RangeOf(DataType type) {
  using Limits64 = std::numeric_limits<std::int64_t>;
  switch (type) {
    case DataType::kBool:
      return {{0, 1}};
    case DataType::kInt8:
      return {{-128, 127}};
    case DataType::kUint8:
      return {{0, 255}};
    case DataType::kInt16:
      return {{-32768, 32767}};
    case DataType::kUint16:
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return {{0, 65535}};
    case DataType::kInt32:
      return {{std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}};
    case DataType::kUint32:
      return {{0, std::numeric_limits<std::uint32_t>::max()}};
    case DataType::kInt64:
    case DataType::kUint64:  // the upper half is negative here: its bits are what is wanted
      return {{Limits64::min(), Limits64::max()}};
    default:
      return std::nullopt;
  }
}

/// The elements as little-endian bytes.
Result<std::string> FromIntegers(const std::vector<std::int64_t>& integers, DataType type) {
  const auto range = RangeOf(type);
  if (!range) {
    return Status::DataLoss(
        fmt::format("has integers as data, must have what {} is written as", ToString(type)));
  }
  const std::size_t width = static_cast<std::size_t>(BytesPerElement(type));
  std::string bytes;
  bytes.reserve(integers.size() * width);
  for (const std::int64_t value : integers) {
    if (value < range->first || value > range->second) {
      return Status::DataLoss(fmt::format("has the element {}, must be {} to {} for {}", value,
                                          range->first, range->second, ToString(type)));
    }
    const auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t byte = 0; byte < width; ++byte) {
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(bits >> (8 * byte))));
    }
  }
  return bytes;
}

std::string_view Keep(std::string bytes, std::vector<std::shared_ptr<const std::string>>& storage) {
  storage.push_back(std::make_shared<const std::string>(std::move(bytes)));
  return *storage.back();
}

Result<std::uint64_t> ParseCount(std::string_view field, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return value;
  return Status::DataLoss(fmt::format("external data: {}: is '{}', must be a number of bytes",
                                      field, base::OneLine(std::string(text))));
}

std::uint64_t WantedBytes(const Tensor& tensor) {
  return static_cast<std::uint64_t>(tensor.elements * BytesPerElement(tensor.type));
}

}  // namespace

std::optional<std::int64_t> CountElements(const std::vector<std::int64_t>& dims) {
  std::int64_t count = 1;
  bool is_empty = false;
  for (const std::int64_t dim : dims) {
    if (dim < 0) return std::nullopt;
    if (dim == 0) is_empty = true;
    if (dim > 0 && count > kMostElements / dim) return std::nullopt;
    if (dim > 0) count *= dim;
  }
  return is_empty ? 0 : count;
}

Status SetBytes(const TensorFields& fields, Tensor& tensor,
                std::vector<std::shared_ptr<const std::string>>& storage) {
  if (BytesPerElement(tensor.type) == 0) return {};
  if (fields.raw) {
    tensor.bytes = *fields.raw;
  } else if (!fields.integers.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string bytes, FromIntegers(fields.integers, tensor.type));
    tensor.bytes = Keep(std::move(bytes), storage);
  } else if (!fields.unpacked.empty()) {
    tensor.bytes = Keep(fields.unpacked + std::string(fields.packed), storage);
  } else {
    tensor.bytes = fields.packed;
  }
  if (tensor.bytes.size() == WantedBytes(tensor)) return {};
  return Status::DataLoss(fmt::format("holds {} bytes, must hold {} for {} elements of {}",
                                      tensor.bytes.size(), WantedBytes(tensor), tensor.elements,
                                      ToString(tensor.type)));
}

Status SetExternalBytes(const TensorFields& fields, std::string_view file, Tensor& tensor) {
  const std::uint64_t wanted = WantedBytes(tensor);
  std::uint64_t offset = 0;
  if (!fields.offset.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(offset, ParseCount("offset", fields.offset));
  }
  if (!fields.length.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::uint64_t length, ParseCount("length", fields.length));
    if (length != wanted) {
      return Status::DataLoss(
          fmt::format("external data: length: is {}, must be {} for {} elements of {}", length,
                      wanted, tensor.elements, ToString(tensor.type)));
    }
  }
  if (offset > file.size() || wanted > file.size() - offset) {
    return Status::DataLoss(fmt::format(
        "external data: '{}' holds {} bytes, must hold {} from byte {} on; is it the file that "
        "belongs to the model?",
        base::OneLine(std::string(fields.location)), file.size(), wanted, offset));
  }
  tensor.bytes = file.substr(offset, wanted);
  return {};
}

Status CheckLocation(std::string_view location) {
  bool leads_out = location.empty() || location.front() == '/' ||
                   location.find('\0') != std::string_view::npos ||
                   location.find('\\') != std::string_view::npos;
  for (std::size_t start = 0; start <= location.size();) {
    const std::size_t end = std::min(location.find('/', start), location.size());
    if (location.substr(start, end - start) == "..") leads_out = true;
    start = end + 1;
  }
  if (!leads_out) return {};
  return Status::InvalidArgument(
      fmt::format("external data: location: is '{}', must be a file in the model's folder",
                  base::OneLine(std::string(location))));
}

}  // namespace foothold::onnx

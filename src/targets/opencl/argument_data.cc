#include "targets/opencl/argument_data.h"

#include <fmt/core.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "foothold/rng.h"
#include "formats/t1/numbers.h"

namespace foothold::opencl {
namespace {

/// Of the tensors of a workload: the inputs that the other targets verify with.
constexpr std::uint64_t kTensorSeed = 1;

template <typename T>
void Append(std::string& bytes, T element) {
  char raw[sizeof(T)];
  std::memcpy(raw, &element, sizeof(T));
  bytes.append(raw, sizeof(T));
}

template <typename T>
Result<T> Convert(const t1::Value& value, const std::string& where) {
  const auto number = t1::Number(value);
  if (!number) {
    return Status::InvalidArgument(
        fmt::format("{}: is a {}, must be a number", where, t1::KindOf(value)));
  }
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(*number);
  } else {
    // 0.0 is fine for an integer: files in the wild have it.
    const double least = static_cast<double>(std::numeric_limits<T>::min());
    const double past = std::ldexp(1.0, std::numeric_limits<T>::digits);
    if (!(*number >= least && *number < past) || std::floor(*number) != *number) {
      return Status::InvalidArgument(
          fmt::format("{}: is {}, which the type cannot hold", where, t1::ToText(value)));
    }
    const auto whole = t1::WholeNumber(value);
    return whole ? static_cast<T>(*whole) : static_cast<T>(*number);
  }
}

template <typename T>
Result<std::string> Constant(const t1::Value& value, const std::string& where, std::int64_t count) {
  FOOTHOLD_ASSIGN_OR_RETURN(const T element, Convert<T>(value, where));
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(count) * sizeof(T));
  for (std::int64_t i = 0; i < count; ++i) Append(bytes, element);
  return bytes;
}

template <typename T>
Result<std::string> Random(const t1::Value& value, const std::string& where, std::int64_t count,
                           std::uint64_t seed) {
  FOOTHOLD_ASSIGN_OR_RETURN(const T largest, Convert<T>(value, where));
  if (!(largest > T{0})) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be above 0", where, t1::ToText(value)));
  }
  Rng rng(seed);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(count) * sizeof(T));
  for (std::int64_t i = 0; i < count; ++i) {
    if constexpr (std::is_floating_point_v<T>) {
      Append(bytes, static_cast<T>(rng.Uniform() * static_cast<double>(largest)));
    } else {
      const auto bound = static_cast<std::uint64_t>(std::make_unsigned_t<T>(largest));  // it is > 0
      const bool is_all = bound == std::numeric_limits<std::uint64_t>::max();
      Append(bytes, static_cast<T>(is_all ? rng.Next() : rng.Below(bound + 1)));
    }
  }
  return bytes;
}

template <typename T>
Result<std::string> Filled(const Fill& fill, const t1::Value& value, const std::string& where,
                           std::int64_t count) {
  if (fill.type == FillType::kRandom) return Random<T>(value, where, count, fill.seed);
  return Constant<T>(value, where, count);
}

Result<std::string> FilledAs(std::string_view type, const Fill& fill, const t1::Value& value,
                             const std::string& where, std::int64_t count) {
  if (type == "int8") return Filled<std::int8_t>(fill, value, where, count);
  if (type == "int16") return Filled<std::int16_t>(fill, value, where, count);
  if (type == "uint16") return Filled<std::uint16_t>(fill, value, where, count);
  if (type == "int32") return Filled<std::int32_t>(fill, value, where, count);
  if (type == "uint32") return Filled<std::uint32_t>(fill, value, where, count);
  if (type == "int64") return Filled<std::int64_t>(fill, value, where, count);
  if (type == "uint64") return Filled<std::uint64_t>(fill, value, where, count);
  if (type == "float") return Filled<float>(fill, value, where, count);
  if (type == "double") return Filled<double>(fill, value, where, count);
  return Filled<std::uint8_t>(fill, value, where, count);  // uint8 and bool
}

template <typename T>
std::string BytesOf(const std::vector<T>& elements) {
  std::string bytes;
  for (const T element : elements) Append(bytes, element);
  return bytes;
}

Status WrongSize(const Argument& argument, const Fill& fill, std::size_t bytes,
                 std::size_t wanted) {
  return Status::InvalidArgument(
      fmt::format("{}: has {} bytes, {} needs {}", fill.path, bytes, argument.where, wanted));
}

}  // namespace

Result<std::string> MakeBytes(Env& env, const Argument& argument, const Fill& fill,
                              std::int64_t count, const Names& names) {
  const std::int64_t elements = count * argument.width;
  if (fill.type == FillType::kBinaryRaw) {
    const std::size_t wanted = static_cast<std::size_t>(elements) * argument.type->bytes;
    FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(fill.path));
    const bool is_longer = info.kind == FileInfo::Kind::kRegular && info.bytes > wanted;
    if (is_longer) return WrongSize(argument, fill, info.bytes, wanted);
    FOOTHOLD_ASSIGN_OR_RETURN(std::string bytes, env.ReadFile(fill.path));
    if (bytes.size() == wanted) return bytes;
    return WrongSize(argument, fill, bytes.size(), wanted);
  }
  // Without a value constants are 0, and random numbers lie in [0, 1).
  t1::Value value{fill.type == FillType::kRandom ? std::int64_t{1} : std::int64_t{0}};
  if (fill.value) {
    FOOTHOLD_ASSIGN_OR_RETURN(value, names.Evaluate(*fill.value));
  }
  const std::string where = fill.value ? fill.value->where : argument.where;
  return FilledAs(argument.type->name, fill, value, where, elements);
}

std::string TensorBytes(const Workload& workload, Tensor tensor) {
  const Tensors tensors = RandomTensors(workload, kTensorSeed);
  switch (tensor) {
    case Tensor::kInput:
      return BytesOf(tensors.input);
    case Tensor::kWeight:
      return BytesOf(tensors.weight);
    case Tensor::kBias:
      if (!tensors.bias.empty()) return BytesOf(tensors.bias);
      return std::string(static_cast<std::size_t>(TensorByteCount(workload, tensor)), '\0');
    case Tensor::kOutput:
      break;
  }
  return BytesOf(ReferenceOutput(workload, tensors));
}

std::int64_t TensorByteCount(const Workload& workload, Tensor tensor) {
  switch (tensor) {
    case Tensor::kInput:
      return InputSize(workload);
    case Tensor::kWeight:
      return WeightSize(workload);
    case Tensor::kBias: {
      Workload biased = workload;
      biased.requantize.bias = true;
      return BiasSize(biased) * static_cast<std::int64_t>(sizeof(std::int32_t));
    }
    case Tensor::kOutput:
      break;
  }
  return OutputSize(workload);
}

}  // namespace foothold::opencl

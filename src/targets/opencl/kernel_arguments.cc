#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/json.h"
#include "targets/opencl/kernel_file.h"

namespace foothold::opencl {
namespace {

template <typename T>
using Word = std::pair<const char*, T>;

constexpr Word<MemoryType> kMemoryTypes[] = {{"Scalar", MemoryType::kScalar},
                                             {"Vector", MemoryType::kVector},
                                             {"Local", MemoryType::kLocal}};
constexpr Word<AccessType> kAccessTypes[] = {{"ReadOnly", AccessType::kReadOnly},
                                             {"WriteOnly", AccessType::kWriteOnly},
                                             {"ReadWrite", AccessType::kReadWrite}};
constexpr Word<FillType> kFillTypes[] = {{"Constant", FillType::kConstant},
                                         {"Random", FillType::kRandom},
                                         {"BinaryRaw", FillType::kBinaryRaw}};
constexpr const char* kMethods[] = {"AbsoluteDifference", "SideBySideComparison",
                                    "SideBySideRelativeComparison"};

/// What one of the words stands for.
template <typename T, std::size_t kSize>
Result<T> ParseWord(const base::JsonNode& node, const Word<T> (&words)[kSize]) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  std::string known;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", word);
  }
  return node.Error(fmt::format("is \"{}\", must be one of {}", text, known));
}

/// "float4" is four floats; only the floating types have such names.
Status ParseType(const base::JsonNode& node, Argument& argument) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  argument.type = FindScalarType(text);
  for (const std::int64_t width : {2, 4, 8, 16}) {
    const std::string digits = std::to_string(width);
    if (argument.type != nullptr || !text.ends_with(digits)) continue;
    const ScalarType* scalar = FindScalarType(text.substr(0, text.size() - digits.size()));
    if (scalar == nullptr || !scalar->is_floating) continue;
    argument.type = scalar;
    argument.width = width;
  }
  if (argument.type != nullptr) return {};
  return node.Error(fmt::format(
      "is \"{}\", must be one of {}; float and double also with 2, 4, 8 or 16 behind them", text,
      ScalarTypeNames()));
}

Status ParseFill(base::JsonObject& object, const std::string& folder, Fill& fill) {
  if (const auto type = object.Find("FillType")) {
    FOOTHOLD_ASSIGN_OR_RETURN(fill.type, ParseWord(*type, kFillTypes));
  }
  if (const auto value = object.Find("FillValue")) {
    FOOTHOLD_ASSIGN_OR_RETURN(fill.value, ParseFormula(*value));
  }
  if (const auto seed = object.Find("RandomSeed")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number,
                              seed->Int64(0, std::numeric_limits<std::int64_t>::max()));
    fill.seed = static_cast<std::uint64_t>(number);
  }
  if (fill.type == FillType::kBinaryRaw) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode source, object.Require("DataSource"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string path, source.String());
    fill.path = InFolder(folder, path);
  }
  return {};
}

Result<Argument> ParseArgument(const base::JsonNode& node, std::size_t index,
                               const std::string& folder) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Argument argument;
  argument.where = node.Where();
  argument.name = fmt::format("argument {}", index);
  argument.fill.seed = index + 1;  // so that two inputs differ
  if (const auto name = object.Find("Name")) {
    FOOTHOLD_ASSIGN_OR_RETURN(argument.name, name->String());
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode type, object.Require("Type"));
  FOOTHOLD_RETURN_IF_ERROR(ParseType(type, argument));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode memory, object.Require("MemoryType"));
  FOOTHOLD_ASSIGN_OR_RETURN(argument.memory, ParseWord(memory, kMemoryTypes));
  if (const auto access = object.Find("AccessType")) {
    FOOTHOLD_ASSIGN_OR_RETURN(argument.access, ParseWord(*access, kAccessTypes));
  }
  if (argument.memory == MemoryType::kScalar) {
    argument.access = AccessType::kReadOnly;
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode size, object.Require("Size"));
    FOOTHOLD_ASSIGN_OR_RETURN(argument.size, ParseFormula(size));
  }
  FOOTHOLD_RETURN_IF_ERROR(ParseFill(object, folder, argument.fill));
  if (argument.memory == MemoryType::kScalar && argument.fill.type != FillType::kConstant) {
    return node.Error("FillType: a Scalar must be Constant");
  }
  if (argument.memory == MemoryType::kScalar && !argument.fill.value) {
    return object.Require("FillValue").status();
  }
  return argument;
}

Status ParseReference(const base::JsonNode& node, const std::string& folder,
                      std::vector<Argument>& arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode target, object.Require("TargetName"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, target.String());
  const auto argument =
      std::find_if(arguments.begin(), arguments.end(),
                   [&](const Argument& candidate) { return candidate.name == name; });
  if (argument == arguments.end()) return target.Error(fmt::format("\"{}\" is no argument", name));
  if (argument->memory != MemoryType::kVector || argument->access == AccessType::kReadOnly) {
    return target.Error(fmt::format("\"{}\" is no Vector that the kernel may write", name));
  }
  Reference reference;
  reference.fill.seed = 1;
  FOOTHOLD_RETURN_IF_ERROR(object.Require("FillType").status());
  FOOTHOLD_RETURN_IF_ERROR(ParseFill(object, folder, reference.fill));
  FOOTHOLD_RETURN_IF_ERROR(ParseTolerance(object, reference.tolerance));
  argument->reference = std::move(reference);
  return {};
}

}  // namespace

Status ParseTolerance(base::JsonObject& object, Tolerance& tolerance) {
  if (const auto method = object.Find("ValidationMethod")) {
    FOOTHOLD_ASSIGN_OR_RETURN(tolerance.method, method->String());
    if (std::find(std::begin(kMethods), std::end(kMethods), tolerance.method) ==
        std::end(kMethods)) {
      return method->Error(fmt::format("is \"{}\", must be one of {}, {}, {}", tolerance.method,
                                       kMethods[0], kMethods[1], kMethods[2]));
    }
  }
  if (const auto threshold = object.Find("ValidationThreshold")) {
    FOOTHOLD_ASSIGN_OR_RETURN(tolerance.threshold, threshold->Number());
    if (!(tolerance.threshold >= 0)) return threshold->Error("must be at least 0");
  }
  return {};
}

Result<std::vector<Argument>> ParseArguments(base::JsonObject& specification,
                                             const std::string& folder) {
  std::vector<Argument> arguments;
  const auto list = specification.Find("Arguments");
  if (!list) return arguments;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list->Array());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(Argument argument, ParseArgument(nodes[i], i, folder));
    arguments.push_back(std::move(argument));
  }
  if (const auto references = specification.Find("ReferenceArguments")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, references->Array());
    for (const base::JsonNode& element : elements) {
      FOOTHOLD_RETURN_IF_ERROR(ParseReference(element, folder, arguments));
    }
  }
  return arguments;
}

}  // namespace foothold::opencl

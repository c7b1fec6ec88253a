#include "targets/opencl/kernel_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/json.h"
#include "core/workload/workload_json.h"

namespace foothold::opencl {
namespace {

constexpr const char* kDimensions[] = {"X", "Y", "Z"};

class Reader {
 public:
  Reader(std::string_view path, std::string folder, t1::TuningSpace tuning)
      : folder_(std::move(folder)),
        file_{std::string(path), std::move(tuning), {}, {}, {}, {}, {}, {}, {}, 5} {}

  Result<KernelFile> Read(const base::JsonNode& root);

 private:
  Status ReadSpecification(base::JsonObject& object);
  Status ReadDevice(const base::JsonNode& node);
  Result<Launchable> ReadLaunch(base::JsonObject& object) const;
  static Result<std::vector<Formula>> ReadSizes(const base::JsonNode& node);
  Status ReadCompilerOptions(const base::JsonNode& node);
  Status ReadProblemSize(const base::JsonNode& node);
  Status ReadOwn(const base::JsonNode& node);
  Status ReadTensors(const base::JsonNode& node);
  Status ReadReferenceKernel(const base::JsonNode& node);
  Status CheckReference(const base::JsonNode& root) const;

  std::string folder_;
  KernelFile file_;
};

Result<KernelFile> Reader::Read(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode specification,
                            object.Require("KernelSpecification"));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject fields, specification.Object());
  FOOTHOLD_RETURN_IF_ERROR(ReadSpecification(fields));
  if (const auto own = object.Find("Foothold")) FOOTHOLD_RETURN_IF_ERROR(ReadOwn(*own));
  FOOTHOLD_RETURN_IF_ERROR(CheckReference(root));
  return std::move(file_);
}

Status Reader::ReadSpecification(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode language, object.Require("Language"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, language.String());
  if (name != "OpenCL") {
    return language.Error(fmt::format("is \"{}\"; only OpenCL kernels can be run", name));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(file_.launch, ReadLaunch(object));
  if (const auto device = object.Find("Device")) FOOTHOLD_RETURN_IF_ERROR(ReadDevice(*device));
  if (const auto options = object.Find("CompilerOptions")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadCompilerOptions(*options));
  }
  if (const auto sizes = object.Find("ProblemSize")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadProblemSize(*sizes));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(file_.arguments, ParseArguments(object, folder_));
  return {};
}

Status Reader::ReadDevice(const base::JsonNode& node) {
  constexpr std::int64_t kMaxNumber = 1000;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  if (const auto platform = object.Find("PlatformId")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, platform->Int64(0, kMaxNumber));
    file_.device.platform = static_cast<std::size_t>(number);
  }
  if (const auto device = object.Find("DeviceId")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, device->Int64(0, kMaxNumber));
    file_.device.device = static_cast<std::size_t>(number);
  }
  if (const auto name = object.Find("Name")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.device.name, name->String());
  }
  return {};
}

Result<Launchable> Reader::ReadLaunch(base::JsonObject& object) const {
  Launchable launch;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("KernelName"));
  FOOTHOLD_ASSIGN_OR_RETURN(launch.kernel_name, name.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode source, object.Require("KernelFile"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string path, source.String());
  launch.source = InFolder(folder_, path);
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode local, object.Require("LocalSize"));
  FOOTHOLD_ASSIGN_OR_RETURN(launch.local, ReadSizes(local));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode global, object.Require("GlobalSize"));
  FOOTHOLD_ASSIGN_OR_RETURN(launch.global, ReadSizes(global));
  if (const auto type = object.Find("GlobalSizeType")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, type->String());
    if (text != "OpenCL" && text != "CUDA" && text != "Vulkan") {
      return type->Error(fmt::format("is \"{}\", must be one of OpenCL, CUDA, Vulkan", text));
    }
    launch.global_counts_groups = text != "OpenCL";
  }
  return launch;
}

Result<std::vector<Formula>> Reader::ReadSizes(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  std::vector<Formula> sizes;
  for (const char* dimension : kDimensions) {
    auto field = object.Find(dimension);
    if (!field && sizes.empty()) return object.Require(dimension).status();
    // A dimension that is left out has one work-item.
    if (!field) {
      sizes.push_back({t1::Expression::Parse("1").value(), node.Where()});
      continue;
    }
    FOOTHOLD_ASSIGN_OR_RETURN(Formula size, ParseFormula(*field));
    sizes.push_back(std::move(size));
  }
  return sizes;
}

Status Reader::ReadCompilerOptions(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, node.Array());
  for (const base::JsonNode& element : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string option, element.String());
    if (option.find_first_of(std::string("\n\0", 2)) != std::string::npos) {
      return element.Error("has several lines, must be one");
    }
    file_.compiler_options.push_back(std::move(option));
  }
  return {};
}

Status Reader::ReadProblemSize(const base::JsonNode& node) {
  constexpr std::int64_t kMaxSize = std::int64_t{1} << 40;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, node.Array());
  for (const base::JsonNode& element : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t size, element.Int64(1, kMaxSize));
    file_.problem_size.push_back(size);
  }
  return {};
}

Status Reader::ReadOwn(const base::JsonNode& node) {
  constexpr std::int64_t kMaxRepeats = 10'000;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  if (const auto workload = object.Find("Workload")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.workload, workload::ParseWorkload(*workload));
  }
  if (const auto tensors = object.Find("Tensors")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadTensors(*tensors));
  }
  if (const auto kernel = object.Find("ReferenceKernel")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadReferenceKernel(*kernel));
  }
  if (const auto repeats = object.Find("Repeats")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, repeats->Int64(1, kMaxRepeats));
    file_.repeats = static_cast<int>(number);
  }
  return object.RejectUnknown();
}

Status Reader::ReadTensors(const base::JsonNode& node) {
  static constexpr std::pair<const char*, Tensor> kTensors[] = {{"input", Tensor::kInput},
                                                                {"weight", Tensor::kWeight},
                                                                {"bias", Tensor::kBias},
                                                                {"output", Tensor::kOutput}};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto members, node.Members());
  for (const auto& member : members) {
    const std::string& name = member.first;  // clang 14 cannot capture a structured binding
    const base::JsonNode& field = member.second;
    const auto argument = std::find_if(file_.arguments.begin(), file_.arguments.end(),
                                       [&](const Argument& one) { return one.name == name; });
    if (argument == file_.arguments.end()) return field.Error("is no argument");
    if (argument->memory != MemoryType::kVector) return field.Error("is no Vector");
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string tensor, field.String());
    for (const auto& [word, value] : kTensors) {
      if (tensor == word) argument->tensor = value;
    }
    if (!argument->tensor) {
      return field.Error(fmt::format("is \"{}\", must be input, weight, bias or output", tensor));
    }
    const char* wanted = argument->tensor == Tensor::kBias ? "int32" : "int8";
    if (argument->type->name != wanted || argument->width != 1) {
      return field.Error(
          fmt::format("its Type must be {}, as the workload's {} is", wanted, tensor));
    }
    if (argument->tensor == Tensor::kOutput && argument->access == AccessType::kReadOnly) {
      return field.Error("is ReadOnly, and an output is written");
    }
  }
  return {};
}

Status Reader::ReadReferenceKernel(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  ReferenceKernel reference;
  FOOTHOLD_ASSIGN_OR_RETURN(reference.launch, ReadLaunch(object));
  FOOTHOLD_RETURN_IF_ERROR(ParseTolerance(object, reference.tolerance));
  for (const auto& argument : file_.arguments) {
    if (argument.memory == MemoryType::kLocal) {
      return node.Error(
          fmt::format("gets the same arguments as the kernel, and cannot with the Local one \"{}\"",
                      argument.name));
    }
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  file_.reference_kernel = std::move(reference);
  return {};
}

/// A kernel whose output nobody checks is not measured.
Status Reader::CheckReference(const base::JsonNode& root) const {
  bool writes = false;
  for (const Argument& argument : file_.arguments) {
    if (argument.reference || argument.tensor == Tensor::kOutput) return {};
    writes = writes ||
             (argument.memory == MemoryType::kVector && argument.access != AccessType::kReadOnly);
  }
  if (file_.reference_kernel && writes) return {};
  return root.Error(
      "says nothing to compare the outputs with: add KernelSpecification.ReferenceArguments, "
      "Foothold.ReferenceKernel, or an output in Foothold.Tensors (docs/formats/t1.md)");
}

/// Absolute, because candidates run elsewhere; without a current directory it stays as it is.
std::string FolderOf(std::string_view path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return (error ? std::filesystem::path(path) : absolute).parent_path().string();
}

}  // namespace

std::string InFolder(const std::string& folder, const std::string& path) {
  return (std::filesystem::path(folder) / path).string();
}

/// Numbers are allowed where T1 has texts, and the other way round: files in the wild do both.
Result<Formula> ParseFormula(const base::JsonNode& node) {
  if (node.value().is_number()) {
    FOOTHOLD_RETURN_IF_ERROR(node.Number().status());
    // As JSON writes it, which Python reads alike; a sign is an operator.
    Result<t1::Expression> number = t1::Expression::Parse(node.value().Dump());
    if (!number.ok()) return node.Error(number.status().message());
    return Formula{*std::move(number), node.Where()};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  Result<t1::Expression> expression = t1::Expression::Parse(text);
  if (!expression.ok()) return node.Error(expression.status().message());
  return Formula{*std::move(expression), node.Where()};
}

Result<KernelFile> ParseKernelFile(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(t1::TuningSpace tuning, t1::ParseTuningSpace(root));
  return Reader(path, FolderOf(path), std::move(tuning)).Read(root);
}

}  // namespace foothold::opencl

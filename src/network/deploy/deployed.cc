#include "network/deploy/deployed.h"

#include <fmt/core.h>

#include <bit>
#include <utility>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"

namespace foothold::network {
namespace {

constexpr std::int64_t kMostSize = std::int64_t{1} << 31;
/// A compiler and a simulated network take seconds; what takes longer hangs.
constexpr double kMostSeconds = 3600;

Result<Shape> ReadShape(base::JsonObject& manifest, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, manifest.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject value, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode sizes, value.Require("shape"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto nodes, sizes.Array());
  Shape shape;
  for (const base::JsonNode& one : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t size, one.Int64(1, kMostSize));
    shape.push_back(size);
  }
  return shape;
}

std::string Bytes(const std::vector<Tensor>& tensors) {
  std::string bytes;
  for (const Tensor& tensor : tensors) {
    for (const float number : tensor.floats()) {
      const auto bits = std::bit_cast<std::uint32_t>(number);
      for (int byte = 0; byte < 4; ++byte) bytes += static_cast<char>(bits >> 8 * byte & 0xff);
    }
  }
  return bytes;
}

std::vector<Tensor> Tensors(const std::string& bytes, const Shape& shape) {
  std::vector<Tensor> tensors;
  const std::size_t size = Index(Elements(shape));
  for (std::size_t first = 0; first + 4 * size <= bytes.size(); first += 4 * size) {
    std::vector<float> numbers;
    for (std::size_t i = 0; i < size; ++i) {
      std::uint32_t bits = 0;
      for (std::size_t byte = 4; byte-- > 0;) {
        bits = bits << 8 | static_cast<unsigned char>(bytes[first + 4 * i + byte]);
      }
      numbers.push_back(std::bit_cast<float>(bits));
    }
    tensors.emplace_back(shape, std::move(numbers));
  }
  return tensors;
}

/// Copies the files that the manifest names, if they are what it says.
Status CopyFiles(Env& env, const std::string& folder, const Deployed& deployed,
                 const std::string& to) {
  for (const auto& [name, sha256] : deployed.files) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env.ReadFile(folder + "/" + name));
    base::Sha256 hash;
    hash.Add(bytes);
    if (hash.Finish() != sha256) {
      return Status::DataLoss(
          fmt::format("{}/{}: is not the file that manifest.json names: compile the network again",
                      folder, name));
    }
    const std::size_t slash = name.rfind('/');
    if (slash != std::string::npos) {
      FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(to + "/" + name.substr(0, slash)));
    }
    FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(to + "/" + name, bytes));
  }
  return {};
}

Status RunIn(Env& env, const std::string& directory, std::vector<std::string> argv,
             const std::function<bool()>& cancelled) {
  ProcessCommand command;
  command.argv = std::move(argv);
  command.directory = directory;
  command.limits.wall_s = kMostSeconds;
  FOOTHOLD_ASSIGN_OR_RETURN(const ProcessResult result, env.RunProcess(command, cancelled));
  if (result.end == ProcessEnd::kCancelled) return Status::Cancelled("interrupted");
  if (result.end == ProcessEnd::kExited && result.exit_code == 0) return {};
  return Status::Unavailable(
      fmt::format("{} failed: {}", command.argv[0], base::OneLine(result.err.text)));
}

}  // namespace

Result<Deployed> ReadDeployed(Env& env, const std::string& folder) {
  const std::string path = folder + "/manifest.json";
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text, path));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject manifest, root.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode format, manifest.Require("format"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string kind, format.String());
  if (kind != "foothold-network") return format.Error("must be foothold-network");
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, manifest.Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  Deployed deployed;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, manifest.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(deployed.name, name.String());
  FOOTHOLD_ASSIGN_OR_RETURN(deployed.input, ReadShape(manifest, "input"));
  FOOTHOLD_ASSIGN_OR_RETURN(deployed.output, ReadShape(manifest, "output"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode files, manifest.Require("files"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto members, files.Members());
  for (const auto& [file, node] : members) {
    if (file.find("..") != std::string::npos || file.starts_with("/"))
      return node.Error("must be a file within the folder");
    FOOTHOLD_ASSIGN_OR_RETURN(deployed.files[file], node.String());
  }
  return deployed;
}

Result<std::vector<Tensor>> RunDeployed(Env& env, const std::string& folder,
                                        const Deployed& deployed, const std::vector<Tensor>& inputs,
                                        const std::function<bool()>& cancelled) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string copy, env.CreateTemporaryDirectory("network"));
  const auto run = [&]() -> Result<std::vector<Tensor>> {
    FOOTHOLD_RETURN_IF_ERROR(CopyFiles(env, folder, deployed, copy));
    FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(copy + "/inputs", Bytes(inputs)));
    FOOTHOLD_RETURN_IF_ERROR(RunIn(env, copy, {"make", deployed.name}, cancelled));
    FOOTHOLD_RETURN_IF_ERROR(
        RunIn(env, copy, {"./" + deployed.name, "inputs", "outputs"}, cancelled));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string outputs, env.ReadFile(copy + "/outputs"));
    return Tensors(outputs, deployed.output);
  };
  auto outputs = run();
  FOOTHOLD_RETURN_IF_ERROR(env.RemoveTree(copy));
  return outputs;
}

}  // namespace foothold::network

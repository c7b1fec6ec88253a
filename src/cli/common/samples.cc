#include "cli/common/samples.h"

#include <fmt/core.h>

#include <algorithm>

#include "formats/npy.h"

namespace foothold::cli {
namespace {

using network::Shape;
using network::Tensor;

Result<std::vector<std::string>> FilesOf(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const FileInfo info, env.Inspect(path));
  if (info.kind != FileInfo::Kind::kDirectory) return std::vector<std::string>{path};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto names, env.ListDirectory(path));
  std::vector<std::string> files;
  for (const std::string& name : names) {
    if (name.ends_with(".npy")) files.push_back(path + "/" + name);
  }
  if (!files.empty()) return files;
  return Status::NotFound(path + ": has no .npy file");
}

/// How many inputs of this shape an array of that one holds; 0 when it holds none.
std::int64_t CountOf(const Shape& array, const Shape& input) {
  if (array == input) return 1;
  Shape rest = array;
  if (rest.empty()) return 0;
  const std::int64_t count = rest.front();
  rest.erase(rest.begin());
  if (rest == input) return count;
  // A batch of the network's own: its first size is 1.
  const bool is_batch = !input.empty() && input.front() == 1 &&
                        std::equal(rest.begin(), rest.end(), input.begin() + 1, input.end());
  return is_batch ? count : 0;
}

Status AddSamples(Env& env, const std::string& path, const Shape& input,
                  std::vector<Tensor>& samples) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::NpyArray array, formats::ParseNpy(bytes, path));
  const std::int64_t count = CountOf(array.shape, input);
  if (count == 0) {
    return Status::InvalidArgument(
        fmt::format("{}: has the shape {}, must be {}, or several of it along a first axis", path,
                    network::ToString(array.shape), network::ToString(input)));
  }
  const auto size = static_cast<std::ptrdiff_t>(network::Elements(input));
  for (std::int64_t i = 0; i < count; ++i) {
    const auto begin = array.values.begin() + i * size;
    samples.emplace_back(input, std::vector<float>(begin, begin + size));
  }
  return {};
}

}  // namespace

Result<std::vector<Tensor>> ReadSamples(Env& env, const std::string& path,
                                        const network::Graph& graph) {
  if (graph.inputs.size() != 1) {
    return Status::InvalidArgument(fmt::format(
        "{}: the network has {} inputs, must have one to take samples", path, graph.inputs.size()));
  }
  return ReadInputs(env, path, graph.at(graph.inputs[0]).shape);
}

Result<std::vector<Tensor>> ReadInputs(Env& env, const std::string& path, const Shape& shape) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto files, FilesOf(env, path));
  std::vector<Tensor> samples;
  for (const std::string& file : files) {
    FOOTHOLD_RETURN_IF_ERROR(AddSamples(env, file, shape, samples));
  }
  return samples;
}

}  // namespace foothold::cli

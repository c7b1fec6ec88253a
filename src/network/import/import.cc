#include "network/import/import.h"

#include <fmt/core.h>

#include <set>

#include "base/text.h"
#include "network/import/convert_tensor.h"
#include "network/import/node_importer.h"

namespace foothold::network {
namespace {

const ImportTable& Table() {
  static const ImportTable table = [] {
    ImportTable all;
    AddArithmetic(all);
    AddLayers(all);
    AddMovement(all);
    AddQuantised(all);
    AddShapes(all);
    return all;
  }();
  return table;
}

std::string KeyOf(const onnx::Node& node) {
  return (node.domain.empty() ? "" : std::string(node.domain) + ".") + std::string(node.op_type);
}

/// All operators that are not known, each with a node that has it: whoever must replace them wants
/// to know of all at once.
Status CheckOperators(const onnx::Model& model) {
  constexpr std::size_t kMostNamed = 8;
  std::set<std::string> unknown;
  std::vector<std::string> named;
  for (const onnx::Node& node : model.graph.nodes) {
    const std::string key = KeyOf(node);
    if (Table().contains(key) || !unknown.insert(key).second) continue;
    const std::string_view name =
        node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
    if (named.size() < kMostNamed) {
      named.push_back(base::OneLine(fmt::format("{} (node '{}')", key, name)));
    }
  }
  if (unknown.empty()) return {};
  if (unknown.size() > named.size()) {
    named.push_back(fmt::format("{} more", unknown.size() - named.size()));
  }
  return Status::InvalidArgument(
      fmt::format("{}: has operators that are not known here: {}; docs/concepts/network.md lists "
                  "those that are",
                  model.path, base::Joined(named, ", ")));
}

/// The shape that the file or the options give an input.
Result<Shape> ShapeOf(const onnx::Model& model, const onnx::ValueInfo& input,
                      const ImportOptions& options) {
  const std::string name = base::OneLine(std::string(input.name));
  const auto given = options.input_shapes.find(std::string(input.name));
  const auto wrong = [&](const std::string& problem) {
    return Status::InvalidArgument(fmt::format("{}: input '{}': {}", model.path, name, problem));
  };
  if (!input.has_shape && given == options.input_shapes.end()) {
    return wrong("the file does not give its shape; give it with --shape");
  }
  if (given != options.input_shapes.end() && input.has_shape &&
      given->second.size() != input.shape.size()) {
    return wrong(fmt::format("is given the shape {}, must have {} dimensions",
                             ToString(given->second), input.shape.size()));
  }
  Shape shape;
  if (!input.has_shape) shape = given->second;
  for (std::size_t i = 0; i < input.shape.size(); ++i) {
    const onnx::Dimension& dimension = input.shape[i];
    const bool is_given = given != options.input_shapes.end();
    if (dimension.size && is_given && given->second[i] != *dimension.size) {
      return wrong(fmt::format("is given {} as size {}, must be {} as in the file",
                               given->second[i], i, *dimension.size));
    }
    if (!dimension.size && !is_given && i > 0) {
      return wrong(fmt::format("size {} ('{}') is open in the file; give the shape with --shape", i,
                               base::OneLine(std::string(dimension.symbol))));
    }
    shape.push_back(is_given ? given->second[i] : dimension.size.value_or(1));
  }
  constexpr std::int64_t kMostElements = std::int64_t{1} << 30;
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 1 || count > kMostElements / size) {
      return wrong(fmt::format("is {}, must have sizes of at least 1 and at most {} elements",
                               ToString(shape), kMostElements));
    }
    count *= size;
  }
  return shape;
}

Status ImportInputs(const ImportOptions& options, ImportState& state) {
  for (const onnx::Tensor& tensor : state.model.graph.initializers) {
    state.initializers[tensor.name] = &tensor;
  }
  std::set<std::string> names;
  for (const onnx::ValueInfo& input : state.model.graph.inputs) {
    if (state.initializers.contains(input.name)) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(Shape shape, ShapeOf(state.model, input, options));
    const auto type = ConvertType(input.type);
    const std::string name = base::OneLine(std::string(input.name));
    if (!type.ok() || (*type != DataType::kFloat && !IsQuantised(*type))) {
      return Status::InvalidArgument(
          fmt::format("{}: input '{}': is {}, must be float32, int8 or uint8", state.model.path,
                      name, onnx::ToString(input.type)));
    }
    const ValueId id = state.graph.Add({name, *type, std::move(shape)});
    if (!state.values.emplace(input.name, id).second) {
      return Status::InvalidArgument(
          fmt::format("{}: input '{}': is there twice", state.model.path, name));
    }
    state.graph.inputs.push_back(id);
    names.insert(std::string(input.name));
  }
  for (const auto& [name, shape] : options.input_shapes) {
    if (names.contains(name)) continue;
    return Status::InvalidArgument(fmt::format("{}: has no input '{}'; it has {}", state.model.path,
                                               base::OneLine(name),
                                               base::OneLine(base::Joined(names, ", "))));
  }
  return {};
}

Status ImportOutputs(ImportState& state) {
  for (const onnx::ValueInfo& output : state.model.graph.outputs) {
    const auto found = state.values.find(output.name);
    if (found == state.values.end()) {
      return Status::InvalidArgument(fmt::format("{}: output '{}': no node makes it",
                                                 state.model.path,
                                                 base::OneLine(std::string(output.name))));
    }
    state.graph.outputs.push_back(found->second);
  }
  if (!state.graph.outputs.empty()) return {};
  return Status::InvalidArgument(state.model.path + ": has no output, must have one");
}

}  // namespace

Result<Graph> Import(const onnx::Model& model, const ImportOptions& options) {
  FOOTHOLD_RETURN_IF_ERROR(CheckOperators(model));
  const auto opset = model.opsets.find("");
  ImportState state{model, opset == model.opsets.end() ? 1 : opset->second};
  state.graph.name = base::OneLine(std::string(model.graph.name));
  FOOTHOLD_RETURN_IF_ERROR(ImportInputs(options, state));
  for (const onnx::Node& node : model.graph.nodes) {
    NodeImporter importer(state, node);
    FOOTHOLD_RETURN_IF_ERROR(Table().at(KeyOf(node))(importer));
    FOOTHOLD_RETURN_IF_ERROR(importer.RejectUnknownAttributes());
  }
  FOOTHOLD_RETURN_IF_ERROR(ImportOutputs(state));
  return std::move(state.graph);
}

std::vector<std::string_view> KnownOperators() {
  std::vector<std::string_view> names;
  for (const auto& [name, import] : Table()) names.push_back(name);
  return names;
}

}  // namespace foothold::network

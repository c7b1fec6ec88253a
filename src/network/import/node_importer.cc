#include "network/import/node_importer.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "network/execute/execute.h"
#include "network/import/convert_tensor.h"

namespace foothold::network {
namespace {

constexpr std::int64_t kMostElements = (std::int64_t{1} << 31) - 1;
/// Of all constants that are described rather than written out: 1 GiB of floats.
constexpr std::int64_t kMostMadeElements = std::int64_t{1} << 28;

std::string Quoted(std::string_view text) {
  return fmt::format("'{}'", base::OneLine(std::string(text)));
}

/// Empty when all is well.
std::string ProblemOf(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 1) return fmt::format("the output would be {}, which is empty", ToString(shape));
    if (count > kMostElements / size) {
      return fmt::format("the output would be {}, must have at most {} elements", ToString(shape),
                         kMostElements);
    }
    count *= size;
  }
  return "";
}

}  // namespace

std::string NameOf(const onnx::Model& model, const onnx::Node& node) {
  const std::string op = base::OneLine(std::string(node.op_type));
  if (!node.name.empty()) return fmt::format("{}: node {} ({})", model.path, Quoted(node.name), op);
  const std::string_view output = node.outputs.empty() ? "" : node.outputs.front();
  return fmt::format("{}: the node that makes {} ({})", model.path, Quoted(output), op);
}

Status NodeImporter::Error(std::string_view problem) const {
  return Status::InvalidArgument(fmt::format("{}: {}", NameOf(state_.model, node_), problem));
}

Status NodeImporter::AttributeError(std::string_view attribute, std::string_view problem) const {
  return Error(fmt::format("attribute {}: {}", Quoted(attribute), problem));
}

Status NodeImporter::InputError(std::size_t index, std::string_view problem) const {
  if (!HasInput(index)) return Error(fmt::format("input {}: {}", index, problem));
  return Error(fmt::format("input {} {}: {}", index, Quoted(node_.inputs[index]), problem));
}

Result<ValueId> NodeImporter::Input(std::size_t index) {
  if (!HasInput(index)) return InputError(index, "is missing");
  const std::string_view name = node_.inputs[index];
  if (const auto found = state_.values.find(name); found != state_.values.end()) {
    return found->second;
  }
  const auto constant = state_.initializers.find(name);
  if (constant == state_.initializers.end()) {
    return InputError(index,
                      "no input, constant or earlier node has this name; nodes must stand "
                      "in order, and only the first output of a node can be used");
  }
  auto tensor = ConvertTensor(*constant->second);
  if (!tensor.ok()) return InputError(index, tensor.status().message());
  const ValueId id = state_.graph.Add({base::OneLine(std::string(name)), tensor->type(),
                                       tensor->shape(), std::move(tensor).value()});
  state_.values[name] = id;
  return id;
}

Result<ValueId> NodeImporter::OptionalInput(std::size_t index) {
  if (!HasInput(index)) return kNone;
  return Input(index);
}

Result<ValueId> NodeImporter::FloatInput(std::size_t index) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId id, Input(index));
  if (at(id).type == DataType::kFloat) return id;
  return InputError(index, fmt::format("is {}, must be float32", ToString(at(id).type)));
}

Result<ValueId> NodeImporter::FloatInput(std::size_t index, std::size_t rank) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId id, FloatInput(index));
  if (at(id).shape.size() == rank) return id;
  return InputError(index, fmt::format("has the shape {}, must have {} dimensions",
                                       ToString(at(id).shape), rank));
}

Result<Tensor> NodeImporter::ConstantInput(std::size_t index) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId id, Input(index));
  if (at(id).constant) return *at(id).constant;
  return InputError(index, "must be a constant, whose value the file has");
}

Result<std::vector<std::int64_t>> NodeImporter::Integers(std::size_t index) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor tensor, ConstantInput(index));
  if (tensor.type() != DataType::kInt64 && tensor.type() != DataType::kInt32) {
    return InputError(index, fmt::format("is {}, must be int64", ToString(tensor.type())));
  }
  std::vector<std::int64_t> integers;
  for (std::int64_t i = 0; i < tensor.size(); ++i) integers.push_back(tensor.IntegerAt(i));
  return integers;
}

const onnx::Attribute* NodeImporter::Find(std::string_view attribute) {
  asked_.push_back(attribute);
  return node_.Find(attribute);
}

Result<const onnx::Attribute*> NodeImporter::OfKind(std::string_view attribute,
                                                    onnx::Attribute::Kind kind) {
  const onnx::Attribute* found = Find(attribute);
  if (found == nullptr || found->kind == kind) return found;
  return AttributeError(attribute, fmt::format("is {}, must be {}", onnx::ToString(found->kind),
                                               onnx::ToString(kind)));
}

Result<std::int64_t> NodeImporter::Int(std::string_view attribute, std::int64_t otherwise) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* found, OfKind(attribute, onnx::Attribute::Kind::kInt));
  return found == nullptr ? otherwise : found->i;
}

Result<float> NodeImporter::Float(std::string_view attribute, float otherwise) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* found, OfKind(attribute, onnx::Attribute::Kind::kFloat));
  return found == nullptr ? otherwise : found->f;
}

Result<std::string> NodeImporter::Text(std::string_view attribute, std::string_view otherwise) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* found, OfKind(attribute, onnx::Attribute::Kind::kString));
  return std::string(found == nullptr ? otherwise : found->s);
}

Result<std::optional<std::vector<std::int64_t>>> NodeImporter::Ints(std::string_view attribute) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto* found, OfKind(attribute, onnx::Attribute::Kind::kInts));
  if (found == nullptr) return std::optional<std::vector<std::int64_t>>();
  return std::optional(found->ints);
}

Status NodeImporter::RequireInt(std::string_view attribute, std::int64_t value) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t found, Int(attribute, value));
  if (found == value) return {};
  return AttributeError(attribute, fmt::format("is {}, must be {}", found, value));
}

Result<std::int64_t> NodeImporter::Axis(std::string_view what, std::int64_t axis,
                                        std::size_t rank) const {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis >= -dimensions && axis < dimensions) return axis < 0 ? axis + dimensions : axis;
  return Error(fmt::format("{}: is {}, must be an axis of {} dimensions", what, axis, rank));
}

std::string NodeImporter::OutputName() const {
  return base::OneLine(std::string(node_.outputs.empty() ? "" : node_.outputs.front()));
}

Result<ValueId> NodeImporter::Make(std::string_view suffix, Operation operation,
                                   std::vector<ValueId> inputs, DataType type, Shape shape) {
  if (const std::string problem = ProblemOf(shape); !problem.empty()) return Error(problem);
  Value value{OutputName() + std::string(suffix), type, std::move(shape)};
  const std::string name = node_.name.empty()
                               ? value.name
                               : base::OneLine(std::string(node_.name)) + std::string(suffix);
  const ValueId output = graph().Add(std::move(value));
  Node node{name, std::move(operation), std::move(inputs), output};
  std::vector<const Tensor*> constants;
  for (const ValueId input : node.inputs) {
    if (input == kNone || !at(input).constant) break;
    constants.push_back(&*at(input).constant);
  }
  if (type == DataType::kInt64 && constants.size() == node.inputs.size()) {
    FOOTHOLD_RETURN_IF_ERROR(ReserveElements(Elements(at(output).shape)));
    graph().at(output).constant = Apply(graph(), node, constants);
    return output;
  }
  graph().nodes.push_back(std::move(node));
  return output;
}

ValueId NodeImporter::MakeConstant(std::string_view suffix, Tensor tensor) {
  return graph().Add(
      {OutputName() + std::string(suffix), tensor.type(), tensor.shape(), std::move(tensor)});
}

Status NodeImporter::Emit(Operation operation, std::vector<ValueId> inputs, DataType type,
                          Shape shape) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const ValueId id, Make("", std::move(operation), std::move(inputs), type, std::move(shape)));
  return EmitAlias(id);
}

Status NodeImporter::EmitConstant(Tensor tensor) {
  return EmitAlias(MakeConstant("", std::move(tensor)));
}

Status NodeImporter::EmitAlias(ValueId id) {
  if (node_.outputs.empty() || node_.outputs.front().empty()) {
    return Error("output 0: is missing");
  }
  const std::string_view name = node_.outputs.front();
  if (!state_.values.emplace(name, id).second || state_.initializers.contains(name)) {
    return Error(
        fmt::format("output {}: an earlier node, input or constant has this name", Quoted(name)));
  }
  return {};
}

Status NodeImporter::RejectUnknownAttributes() const {
  for (const onnx::Attribute& attribute : node_.attributes) {
    if (std::find(asked_.begin(), asked_.end(), attribute.name) != asked_.end()) continue;
    return AttributeError(attribute.name,
                          asked_.empty() ? "is not known; the operator has none here"
                                         : "is not known; known are " + base::Joined(asked_, ", "));
  }
  return {};
}

Status NodeImporter::ReserveElements(std::int64_t count) {
  state_.made_elements += count;
  if (state_.made_elements <= kMostMadeElements) return {};
  return Error(
      fmt::format("would make constants of more than {} elements in all", kMostMadeElements));
}

}  // namespace foothold::network

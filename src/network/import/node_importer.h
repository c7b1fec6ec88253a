#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx/model.h"
#include "network/graph/graph.h"
#include "network/import/import.h"

namespace foothold::network {

/// What is known while a model's nodes are imported one after the other.
struct ImportState {
  const onnx::Model& model;
  std::int64_t opset;  ///< of ONNX's own operators
  Graph graph = {};
  std::map<std::string_view, ValueId> values = {};                    ///< by name
  std::map<std::string_view, const onnx::Tensor*> initializers = {};  ///< those not yet in `values`
  std::int64_t made_elements = 0;  ///< of constants that the file describes without their bytes
};

/// One node of the model on its way into the graph. Remembers which attributes were asked for:
/// another one is an error, because it would change what the node means.
class NodeImporter {
 public:
  NodeImporter(ImportState& state, const onnx::Node& node) : state_(state), node_(node) {}

  const onnx::Node& node() const { return node_; }
  std::int64_t opset() const { return state_.opset; }
  Graph& graph() { return state_.graph; }
  const Value& at(ValueId id) const { return state_.graph.at(id); }

  /// InvalidArgument: "FILE: node 'NAME' (OPERATOR): " and the problem.
  Status Error(std::string_view problem) const;
  Status AttributeError(std::string_view attribute, std::string_view problem) const;
  Status InputError(std::size_t index, std::string_view problem) const;

  std::size_t input_count() const { return node_.inputs.size(); }
  bool HasInput(std::size_t index) const {
    return index < node_.inputs.size() && !node_.inputs[index].empty();
  }
  /// An error when it is left out, or nothing before the node has its name.
  Result<ValueId> Input(std::size_t index);
  /// kNone when it is left out.
  Result<ValueId> OptionalInput(std::size_t index);
  /// Input, and of float32.
  Result<ValueId> FloatInput(std::size_t index);
  /// Input, and of this many dimensions.
  Result<ValueId> FloatInput(std::size_t index, std::size_t rank);
  Result<Tensor> ConstantInput(std::size_t index);
  /// A constant of int32 or int64.
  Result<std::vector<std::int64_t>> Integers(std::size_t index);

  Result<std::int64_t> Int(std::string_view attribute, std::int64_t otherwise);
  Result<float> Float(std::string_view attribute, float otherwise);
  Result<std::string> Text(std::string_view attribute, std::string_view otherwise);
  /// nullopt when there is no such attribute.
  Result<std::optional<std::vector<std::int64_t>>> Ints(std::string_view attribute);
  const onnx::Attribute* Find(std::string_view attribute);
  /// For attributes that change nothing here.
  void Ignore(std::string_view attribute) { asked_.push_back(attribute); }
  /// An error unless the attribute is missing or has this value, the only one that is known.
  Status RequireInt(std::string_view attribute, std::int64_t value);

  /// -rank..rank-1 as 0..rank-1; an error outside. `what` names the attribute or input.
  Result<std::int64_t> Axis(std::string_view what, std::int64_t axis, std::size_t rank) const;

  /// A new value that is made by `operation`, for use within this node. Of int64 constants it is
  /// computed at once: they describe shapes.
  Result<ValueId> Make(std::string_view suffix, Operation operation, std::vector<ValueId> inputs,
                       DataType type, Shape shape);
  ValueId MakeConstant(std::string_view suffix, Tensor tensor);

  /// These end the import of the node by saying what its first output is.

  Status Emit(Operation operation, std::vector<ValueId> inputs, DataType type, Shape shape);
  Status EmitConstant(Tensor tensor);
  Status EmitAlias(ValueId id);

  /// An error when the node has an attribute that was not asked for.
  Status RejectUnknownAttributes() const;
  /// Counts elements that take memory without being in the file; an error when they are too many.
  Status ReserveElements(std::int64_t count);

 private:
  std::string OutputName() const;
  Result<const onnx::Attribute*> OfKind(std::string_view attribute, onnx::Attribute::Kind kind);

  ImportState& state_;
  const onnx::Node& node_;
  std::vector<std::string_view> asked_;
};

/// "FILE: node 'NAME' (OPERATOR)", or by its output where it has no name.
std::string NameOf(const onnx::Model& model, const onnx::Node& node);

using NodeImport = Status (*)(NodeImporter& node);

// Each adds its operators to the table by the name under which a node has them.
using ImportTable = std::map<std::string_view, NodeImport>;
void AddArithmetic(ImportTable& table);
void AddLayers(ImportTable& table);
void AddMovement(ImportTable& table);
void AddShapes(ImportTable& table);
void AddQuantised(ImportTable& table);

}  // namespace foothold::network

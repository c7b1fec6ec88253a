// The protocol buffer of an ONNX model. The field numbers are those of onnx.proto.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <protozero/exception.hpp>

#include "base/text.h"
#include "formats/onnx/fields.h"
#include "formats/onnx/model.h"
#include "formats/onnx/tensor_data.h"

namespace foothold::onnx {
namespace {

/// The most messages and names of a model. Each takes two bytes of a file and hundreds in memory;
/// large networks have some ten thousand.
constexpr std::int64_t kMostParts = std::int64_t{1} << 21;
/// ONNX Runtime's own limit is lower.
constexpr std::size_t kMostDims = 64;
constexpr std::int64_t kOldestOpset = 7;

class ModelParser {
 public:
  ModelParser(std::shared_ptr<const std::string> bytes, const std::string& path,
              const ExternalFiles& external_files)
      : external_files_(external_files) {
    model_.path = path;
    model_.storage.push_back(std::move(bytes));
  }

  Result<Model> Parse() {
    try {
      FOOTHOLD_RETURN_IF_ERROR(ParseModelProto());
    } catch (const protozero::exception& e) {
      return Status::DataLoss(fmt::format(
          "{}: {}: {}: must be an ONNX model; it is cut off, damaged or another kind of file",
          model_.path, where_, e.what()));
    }
    FOOTHOLD_RETURN_IF_ERROR(CheckModel());
    return std::move(model_);
  }

 private:
  Status ParseModelProto() {
    bool has_graph = false;
    for (Fields fields(*model_.storage.front()); fields.Next();) {
      switch (fields.tag()) {
        case 1:
          model_.ir_version = fields.Integer();
          break;
        case 2:
          model_.producer = fields.Bytes();
          break;
        case 7:
          has_graph = true;
          FOOTHOLD_RETURN_IF_ERROR(ParseGraph(fields.Bytes()));
          where_ = "model";
          break;
        case 8:
          ParseOpset(fields.Bytes());
          break;
        default:
          fields.Skip();
      }
    }
    if (has_graph) return {};
    return Status::DataLoss(model_.path + ": has no graph, must be an ONNX model");
  }

  void ParseOpset(std::string_view bytes) {
    CountPart();
    std::string domain;
    std::int64_t version = 0;
    for (Fields fields(bytes); fields.Next();) {
      if (fields.tag() == 1) {
        domain = fields.Bytes();
      } else if (fields.tag() == 2) {
        version = fields.Integer();
      } else {
        fields.Skip();
      }
    }
    if (domain == "ai.onnx") domain.clear();
    model_.opsets[domain] = version;
  }

  Status ParseGraph(std::string_view bytes) {
    Graph& graph = model_.graph;
    for (Fields fields(bytes); fields.Next();) {
      where_ = "graph";
      switch (fields.tag()) {
        case 1:
          where_ = fmt::format("graph: node {}", graph.nodes.size());
          FOOTHOLD_RETURN_IF_ERROR(ParseNode(fields.Bytes()));
          break;
        case 2:
          graph.name = fields.Bytes();
          break;
        case 5: {
          where_ = fmt::format("graph: initializer {}", graph.initializers.size());
          FOOTHOLD_ASSIGN_OR_RETURN(Tensor tensor, ParseTensor(fields.Bytes()));
          graph.initializers.push_back(std::move(tensor));
          break;
        }
        case 11:
          graph.inputs.push_back(ParseValueInfo(fields.Bytes()));
          break;
        case 12:
          graph.outputs.push_back(ParseValueInfo(fields.Bytes()));
          break;
        case 15:
          return Status::InvalidArgument(model_.path +
                                         ": has a sparse initializer; must have dense ones only");
        default:
          fields.Skip();
      }
    }
    return {};
  }

  Status ParseNode(std::string_view bytes) {
    CountPart();
    Node node;
    for (Fields fields(bytes); fields.Next();) {
      switch (fields.tag()) {
        case 1:
          CountPart();
          node.inputs.push_back(fields.Bytes());
          break;
        case 2:
          CountPart();
          node.outputs.push_back(fields.Bytes());
          break;
        case 3:
          node.name = fields.Bytes();
          break;
        case 4:
          node.op_type = fields.Bytes();
          break;
        case 5: {
          FOOTHOLD_ASSIGN_OR_RETURN(Attribute attribute, ParseAttribute(fields.Bytes()));
          node.attributes.push_back(std::move(attribute));
          break;
        }
        case 7:
          node.domain = fields.Bytes();
          break;
        default:
          fields.Skip();
      }
    }
    if (node.domain == "ai.onnx") node.domain = "";
    model_.graph.nodes.push_back(std::move(node));
    return {};
  }

  Result<Attribute> ParseAttribute(std::string_view bytes) {
    using Kind = Attribute::Kind;
    CountPart();
    Attribute attribute;
    // Writers before IR version 2 do not name the kind: it is that of the field.
    const auto is_a = [&](Kind kind) { attribute.kind = kind; };
    for (Fields fields(bytes); fields.Next();) {
      switch (fields.tag()) {
        case 1:
          attribute.name = fields.Bytes();
          break;
        case 2:
          is_a(Kind::kFloat);
          attribute.f = fields.Float();
          break;
        case 3:
          is_a(Kind::kInt);
          attribute.i = fields.Integer();
          break;
        case 4:
          is_a(Kind::kString);
          attribute.s = fields.Bytes();
          break;
        case 5: {
          is_a(Kind::kTensor);
          FOOTHOLD_ASSIGN_OR_RETURN(attribute.tensor, ParseTensor(fields.Bytes()));
          break;
        }
        case 7: {
          is_a(Kind::kFloats);
          AddFloats(fields, attribute.floats);
          break;
        }
        case 8:
          is_a(Kind::kInts);
          fields.AddIntegers(attribute.ints);
          break;
        case 9:
          CountPart();
          is_a(Kind::kStrings);
          attribute.strings.push_back(fields.Bytes());
          break;
        case 20:
          SetKind(fields.Integer(), attribute);
          break;
        case 6:
        case 10:
        case 11:
        case 14:
        case 15:
        case 21:
        case 22:
        case 23:
          is_a(Kind::kOther);
          fields.Skip();
          break;
        default:
          fields.Skip();
      }
    }
    return attribute;
  }

  /// Of AttributeProto.type. It tells an empty list from nothing, and a default of 0, which some
  /// writers leave out, from nothing too.
  static void SetKind(std::int64_t type, Attribute& attribute) {
    using Kind = Attribute::Kind;
    static const std::map<std::int64_t, Kind> kKinds = {
        {1, Kind::kFloat},  {2, Kind::kInt},  {3, Kind::kString}, {4, Kind::kTensor},
        {6, Kind::kFloats}, {7, Kind::kInts}, {8, Kind::kStrings}};
    const auto found = kKinds.find(type);
    if (found != kKinds.end() && found->second == Kind::kTensor && !attribute.tensor) return;
    attribute.kind = found == kKinds.end() ? Kind::kOther : found->second;
  }

  static void AddFloats(Fields& fields, std::vector<float>& to) {
    TensorFields bytes;
    fields.AddFixed(bytes);
    const std::string_view all = bytes.packed.empty() ? bytes.unpacked : bytes.packed;
    if (all.size() % sizeof(float) != 0) throw WrongWireType();
    for (std::size_t at = 0; at < all.size(); at += sizeof(float)) {
      float value = 0;
      std::copy_n(all.data() + at, sizeof value, reinterpret_cast<char*>(&value));
      to.push_back(value);
    }
  }

  /// The last field of a data type wins, as everywhere in protocol buffers.
  Result<Tensor> ParseTensor(std::string_view bytes) {
    CountPart();
    Tensor tensor;
    TensorFields data;
    for (Fields fields(bytes); fields.Next();) {
      switch (fields.tag()) {
        case 1:
          fields.AddIntegers(tensor.dims);
          break;
        case 2:
          tensor.type = static_cast<DataType>(static_cast<std::int32_t>(fields.Integer()));
          break;
        case 4:
        case 10:
          fields.AddFixed(data);
          break;
        case 5:
        case 7:
        case 11:
          fields.AddIntegers(data.integers);
          break;
        case 8:
          tensor.name = fields.Bytes();
          break;
        case 9:
          data.raw = fields.Bytes();
          break;
        case 13:
          CountPart();
          ParseExternalEntry(fields.Bytes(), data);
          break;
        case 14:
          data.is_external = fields.Integer() == 1;
          break;
        default:
          fields.Skip();
      }
    }
    FOOTHOLD_RETURN_IF_ERROR(Complete(data, tensor));
    return tensor;
  }

  static void ParseExternalEntry(std::string_view bytes, TensorFields& data) {
    std::string_view key;
    std::string_view value;
    for (Fields fields(bytes); fields.Next();) {
      if (fields.tag() == 1) {
        key = fields.Bytes();
      } else if (fields.tag() == 2) {
        value = fields.Bytes();
      } else {
        fields.Skip();
      }
    }
    if (key == "location") data.location = value;
    if (key == "offset") data.offset = value;
    if (key == "length") data.length = value;
  }

  Status Complete(const TensorFields& data, Tensor& tensor) {
    const auto elements =
        tensor.dims.size() > kMostDims ? std::nullopt : CountElements(tensor.dims);
    if (!elements) {
      const std::ptrdiff_t shown = std::min<std::ptrdiff_t>(std::ssize(tensor.dims), 8);
      return TensorError(
          Status::DataLoss(fmt::format(
              "has the dims {}, must have at most {} of them, none negative",
              base::Joined(std::vector(tensor.dims.begin(), tensor.dims.begin() + shown), "x"),
              kMostDims)),
          tensor);
    }
    tensor.elements = *elements;
    if (!data.is_external) return TensorError(SetBytes(data, tensor, model_.storage), tensor);
    return TensorError(SetFromFile(data, tensor), tensor);
  }

  Status SetFromFile(const TensorFields& data, Tensor& tensor) {
    FOOTHOLD_RETURN_IF_ERROR(CheckLocation(data.location));
    auto& file = external_[std::string(data.location)];
    if (file == nullptr) {
      auto content = external_files_(std::string(data.location));
      if (!content.ok()) {
        return Status(content.status().code(), "external data: " + content.status().message());
      }
      file = std::move(content).value();
      model_.storage.push_back(file);
    }
    return SetExternalBytes(data, *file, tensor);
  }

  /// The same, naming file and tensor.
  Status TensorError(const Status& status, const Tensor& tensor) const {
    if (status.ok()) return status;
    const std::string name =
        tensor.name.empty() ? where_
                            : fmt::format("tensor '{}'", base::OneLine(std::string(tensor.name)));
    return Status(status.code(), fmt::format("{}: {}: {}", model_.path, name, status.message()));
  }

  ValueInfo ParseValueInfo(std::string_view bytes) {
    CountPart();
    ValueInfo info;
    for (Fields fields(bytes); fields.Next();) {
      if (fields.tag() == 1) {
        info.name = fields.Bytes();
      } else if (fields.tag() == 2) {
        ParseType(fields.Bytes(), info);
      } else {
        fields.Skip();
      }
    }
    return info;
  }

  void ParseType(std::string_view bytes, ValueInfo& info) {
    for (Fields fields(bytes); fields.Next();) {
      if (fields.tag() != 1) {
        fields.Skip();
        continue;
      }
      for (Fields tensor(fields.Bytes()); tensor.Next();) {
        if (tensor.tag() == 1) {
          info.type = static_cast<DataType>(static_cast<std::int32_t>(tensor.Integer()));
        } else if (tensor.tag() == 2) {
          ParseShape(tensor.Bytes(), info);
        } else {
          tensor.Skip();
        }
      }
    }
  }

  void ParseShape(std::string_view bytes, ValueInfo& info) {
    info.has_shape = true;
    for (Fields fields(bytes); fields.Next();) {
      if (fields.tag() != 1) {
        fields.Skip();
        continue;
      }
      CountPart();
      Dimension dimension;
      for (Fields dim(fields.Bytes()); dim.Next();) {
        if (dim.tag() == 1) {
          // Some writers say -1, or 0, where they do not know.
          const std::int64_t size = dim.Integer();
          if (size > 0) dimension.size = size;
        } else if (dim.tag() == 2) {
          dimension.symbol = dim.Bytes();
        } else {
          dim.Skip();
        }
      }
      info.shape.push_back(dimension);
    }
  }

  Status CheckModel() const {
    const auto opset = model_.opsets.find("");
    if (opset == model_.opsets.end()) {
      return Status::InvalidArgument(fmt::format(
          "{}: opset_import: names no version of ONNX's own operators, must be {} or newer",
          model_.path, kOldestOpset));
    }
    if (opset->second < kOldestOpset) {
      return Status::InvalidArgument(fmt::format(
          "{}: opset_import: is {}, must be {} or newer; onnx.version_converter.convert_version "
          "converts it",
          model_.path, opset->second, kOldestOpset));
    }
    return {};
  }

  void CountPart() {
    if (++parts_ > kMostParts) throw TooManyParts();
  }

  Model model_;
  const ExternalFiles& external_files_;
  std::map<std::string, std::shared_ptr<const std::string>> external_;
  std::string where_ = "model";  ///< the part that is being read, for messages
  std::int64_t parts_ = 0;
};

}  // namespace

Result<Model> ParseModel(std::shared_ptr<const std::string> bytes, const std::string& path,
                         const ExternalFiles& external_files) {
  return ModelParser(std::move(bytes), path, external_files).Parse();
}

}  // namespace foothold::onnx

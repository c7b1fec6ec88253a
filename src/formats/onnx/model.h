#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"

// What an ONNX file says (onnx.ai, IR versions 3 to the present), without what it means: operators
// are names here. Nothing is copied: names and tensors are views of the file's bytes.
namespace foothold::onnx {

/// TensorProto.DataType. Files may hold other numbers than these.
enum class DataType : std::int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBfloat16 = 16,
  kUint4 = 21,
  kInt4 = 22,
};
/// "float32", "int8", ...; "type 17" for those without a name here.
std::string ToString(DataType type);
/// The bytes of one element; 0 for types whose elements are no whole bytes, or not known here.
std::int64_t BytesPerElement(DataType type);

/// A constant.
struct Tensor {
  std::string_view name;
  DataType type = DataType::kUndefined;
  std::vector<std::int64_t> dims;  ///< each >= 0
  std::int64_t elements = 0;       ///< the product of `dims`
  /// elements * BytesPerElement(type) bytes, row-major, little-endian, at any alignment; empty for
  /// types of 0 bytes an element.
  std::string_view bytes;
};

/// An operator's attribute: the one of the fields that `kind` names is set.
struct Attribute {
  enum class Kind : std::uint8_t {
    kUndefined,
    kFloat,
    kInt,
    kString,
    kTensor,
    kFloats,
    kInts,
    kStrings,
    kOther,  ///< a subgraph, a sparse tensor, a type: skipped
  };
  std::string_view name;
  Kind kind = Kind::kUndefined;
  float f = 0;
  std::int64_t i = 0;
  std::string_view s;
  std::optional<Tensor> tensor;
  std::vector<float> floats;
  std::vector<std::int64_t> ints;
  std::vector<std::string_view> strings;
};
/// "an integer", "a tensor", ...: for messages.
std::string_view ToString(Attribute::Kind kind);

struct Node {
  std::string_view name;  ///< often empty
  std::string_view op_type;
  std::string_view domain;                ///< "" is ONNX's own, which files may also call "ai.onnx"
  std::vector<std::string_view> inputs;   ///< "" where an optional one is left out
  std::vector<std::string_view> outputs;  ///< likewise
  std::vector<Attribute> attributes;

  /// nullptr when there is none of this name.
  const Attribute* Find(std::string_view attribute) const;
};

/// A size that is a number, or a name ("batch") or nothing where it is known at run time only.
struct Dimension {
  std::optional<std::int64_t> size;  ///< >= 0
  std::string_view symbol;
};

/// An input or output of the graph.
struct ValueInfo {
  std::string_view name;
  DataType type = DataType::kUndefined;
  bool has_shape = false;
  std::vector<Dimension> shape;
};

struct Graph {
  std::string_view name;
  std::vector<Node> nodes;           ///< in the file's order
  std::vector<Tensor> initializers;  ///< constants
  std::vector<ValueInfo> inputs;     ///< before IR version 4 the initializers are listed too
  std::vector<ValueInfo> outputs;
};

struct Model {
  std::string path;  ///< for messages
  std::int64_t ir_version = 0;
  std::string_view producer;
  std::map<std::string, std::int64_t> opsets;  ///< the version of each domain; "" is ONNX's own
  Graph graph;
  /// What the views above point into. A copy of the model shares it.
  std::vector<std::shared_ptr<const std::string>> storage;
};

/// The content of an external file by the path that the model gives it, which is relative to the
/// model's folder and does not lead out of it.
using ExternalFiles =
    std::function<Result<std::shared_ptr<const std::string>>(const std::string& location)>;

/// The model that `bytes` hold. Errors are one line that begins with `path`: DataLoss when the
/// bytes are no ONNX model, cut off, or contradict themselves; InvalidArgument when they are a
/// model that cannot be read here. Memory stays below a small multiple of the bytes.
Result<Model> ParseModel(std::shared_ptr<const std::string> bytes, const std::string& path,
                         const ExternalFiles& external_files);

/// ParseModel of a file, with the external data beside it. The files are read, not mapped: a mapped
/// file that somebody cuts off while it is in use would end this process.
Result<Model> ReadModel(Env& env, const std::string& path);

}  // namespace foothold::onnx

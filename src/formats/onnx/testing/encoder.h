#pragma once

// Writes small ONNX models for tests: what the reader must understand, byte by byte.

#include <cstdint>
#include <cstring>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <variant>
#include <vector>

#include "formats/onnx/model.h"

namespace foothold::onnx::testing {

using AttributeValue =
    std::variant<float, std::int64_t, std::string, std::vector<float>, std::vector<std::int64_t>>;
using Attributes = std::map<std::string, AttributeValue>;

/// A model that grows call by call. Names and shapes are taken as they are given.
class Encoder {
 public:
  explicit Encoder(std::int64_t opset = 13, std::int64_t ir_version = 8)
      : opset_(opset), ir_version_(ir_version) {}

  template <typename T>
  Encoder& Constant(const std::string& name, DataType type, const std::vector<std::int64_t>& dims,
                    const std::vector<T>& values) {
    const std::string raw(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    return Initializer(RawTensor(name, type, dims, raw));
  }
  Encoder& Floats(const std::string& name, const std::vector<std::int64_t>& dims,
                  const std::vector<float>& values) {
    return Constant(name, DataType::kFloat, dims, values);
  }
  Encoder& Integers(const std::string& name, const std::vector<std::int64_t>& values) {
    return Constant(name, DataType::kInt64, {static_cast<std::int64_t>(values.size())}, values);
  }
  /// An encoded TensorProto.
  Encoder& Initializer(const std::string& tensor) {
    protozero::pbf_writer(graph_).add_message(5, tensor);
    return *this;
  }
  /// Dimensions below 0 are symbolic: "N1" for -1.
  Encoder& Input(const std::string& name, const std::vector<std::int64_t>& dims,
                 DataType type = DataType::kFloat) {
    protozero::pbf_writer(graph_).add_message(11, Value(name, dims, type));
    return *this;
  }
  Encoder& Output(const std::string& name) {
    protozero::pbf_writer(graph_).add_message(12, Value(name, {}, DataType::kFloat));
    return *this;
  }
  Encoder& Node(const std::string& op, const std::vector<std::string>& inputs,
                const std::vector<std::string>& outputs, const Attributes& attributes = {},
                const std::string& domain = "") {
    std::string bytes;
    protozero::pbf_writer node(bytes);
    for (const std::string& input : inputs) node.add_string(1, input);
    for (const std::string& output : outputs) node.add_string(2, output);
    node.add_string(3, "the_" + outputs.front());
    node.add_string(4, op);
    for (const auto& [name, value] : attributes) node.add_message(5, Attribute(name, value));
    if (!domain.empty()) node.add_string(7, domain);
    protozero::pbf_writer(graph_).add_message(1, bytes);
    return *this;
  }

  std::string Bytes() const {
    std::string bytes;
    protozero::pbf_writer model(bytes);
    model.add_int64(1, ir_version_);
    std::string opset;
    protozero::pbf_writer(opset).add_int64(2, opset_);
    model.add_message(8, opset);
    model.add_message(7, graph_);
    return bytes;
  }
  Result<Model> Parse() const {
    return ParseModel(std::make_shared<const std::string>(Bytes()), "test.onnx",
                      [](const std::string& location) {
                        return Result<std::shared_ptr<const std::string>>(
                            Status::NotFound(location + ": there is no such file"));
                      });
  }

  static std::string RawTensor(const std::string& name, DataType type,
                               const std::vector<std::int64_t>& dims, const std::string& raw) {
    std::string bytes = TensorHead(name, type, dims);
    protozero::pbf_writer(bytes).add_bytes(9, raw);
    return bytes;
  }
  /// `entries`: "location", "offset", "length".
  static std::string ExternalTensor(const std::string& name, DataType type,
                                    const std::vector<std::int64_t>& dims,
                                    const std::map<std::string, std::string>& entries) {
    std::string bytes = TensorHead(name, type, dims);
    protozero::pbf_writer tensor(bytes);
    for (const auto& [key, value] : entries) {
      std::string entry;
      protozero::pbf_writer writer(entry);
      writer.add_string(1, key);
      writer.add_string(2, value);
      tensor.add_message(13, entry);
    }
    tensor.add_int32(14, 1);
    return bytes;
  }
  /// A TensorProto without data.
  static std::string TensorHead(const std::string& name, DataType type,
                                const std::vector<std::int64_t>& dims) {
    std::string bytes;
    protozero::pbf_writer tensor(bytes);
    for (const std::int64_t dim : dims) tensor.add_int64(1, dim);
    tensor.add_int32(2, static_cast<std::int32_t>(type));
    tensor.add_string(8, name);
    return bytes;
  }

 private:
  static std::string Value(const std::string& name, const std::vector<std::int64_t>& dims,
                           DataType type) {
    std::string shape;
    for (const std::int64_t dim : dims) {
      std::string dimension;
      if (dim >= 0) protozero::pbf_writer(dimension).add_int64(1, dim);
      if (dim < 0) protozero::pbf_writer(dimension).add_string(2, "N" + std::to_string(-dim));
      protozero::pbf_writer(shape).add_message(1, dimension);
    }
    std::string tensor;
    protozero::pbf_writer(tensor).add_int32(1, static_cast<std::int32_t>(type));
    protozero::pbf_writer(tensor).add_message(2, shape);
    std::string type_proto;
    protozero::pbf_writer(type_proto).add_message(1, tensor);
    std::string bytes;
    protozero::pbf_writer value(bytes);
    value.add_string(1, name);
    value.add_message(2, type_proto);
    return bytes;
  }

  static std::string Attribute(const std::string& name, const AttributeValue& value) {
    std::string bytes;
    protozero::pbf_writer attribute(bytes);
    attribute.add_string(1, name);
    if (const auto* f = std::get_if<float>(&value)) {
      attribute.add_float(2, *f);
      attribute.add_int32(20, 1);
    } else if (const auto* i = std::get_if<std::int64_t>(&value)) {
      attribute.add_int64(3, *i);
      attribute.add_int32(20, 2);
    } else if (const auto* s = std::get_if<std::string>(&value)) {
      attribute.add_string(4, *s);
      attribute.add_int32(20, 3);
    } else if (const auto* floats = std::get_if<std::vector<float>>(&value)) {
      for (const float one : *floats) attribute.add_float(7, one);
      attribute.add_int32(20, 6);
    } else {
      for (const std::int64_t one : std::get<std::vector<std::int64_t>>(value)) {
        attribute.add_int64(8, one);
      }
      attribute.add_int32(20, 7);
    }
    return bytes;
  }

  std::int64_t opset_;
  std::int64_t ir_version_;
  std::string graph_;
};

}  // namespace foothold::onnx::testing

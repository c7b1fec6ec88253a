#pragma once

#include <cstdint>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx/tensor_data.h"

namespace foothold::onnx {

/// protozero reports what it finds wrong by exceptions; ParseModel is the only one to see them.
struct WrongWireType : protozero::exception {
  const char* what() const noexcept override { return "a field of another type"; }
};
struct TooManyParts : protozero::exception {
  const char* what() const noexcept override { return "too many parts"; }
};

/// The fields of one message, in the file's order. Takes nothing for granted about their types.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : reader_(bytes.data(), bytes.size()) {}

  bool Next() {
    while (reader_.next()) {
      if (reader_.wire_type() != protozero::pbf_wire_type::unknown) return true;
    }
    return false;
  }
  std::uint32_t tag() const { return reader_.tag(); }
  void Skip() { reader_.skip(); }

  std::int64_t Integer() {
    Require(protozero::pbf_wire_type::varint);
    return reader_.get_int64();
  }
  float Float() {
    Require(protozero::pbf_wire_type::fixed32);
    return reader_.get_float();
  }
  std::string_view Bytes() {
    Require(protozero::pbf_wire_type::length_delimited);
    const auto view = reader_.get_view();
    return {view.data(), view.size()};
  }

  /// Repeated integers, which come packed or one by one.
  void AddIntegers(std::vector<std::int64_t>& to) {
    if (reader_.wire_type() == protozero::pbf_wire_type::varint) {
      to.push_back(reader_.get_int64());
      return;
    }
    const std::string_view packed = Bytes();
    const char* at = packed.data();
    const char* const end = at + packed.size();
    while (at != end) {
      to.push_back(static_cast<std::int64_t>(protozero::decode_varint(&at, end)));
    }
  }

  /// Repeated floats or doubles; one piece is not copied.
  void AddFixed(TensorFields& to) {
    if (reader_.wire_type() == protozero::pbf_wire_type::fixed32) {
      const std::uint32_t bits = reader_.get_fixed32();
      AddBits(bits, sizeof bits, to.unpacked);
    } else if (reader_.wire_type() == protozero::pbf_wire_type::fixed64) {
      const std::uint64_t bits = reader_.get_fixed64();
      AddBits(bits, sizeof bits, to.unpacked);
    } else {
      to.unpacked += to.packed;  // of an earlier piece
      to.packed = Bytes();
    }
  }

 private:
  void Require(protozero::pbf_wire_type type) const {
    if (reader_.wire_type() != type) throw WrongWireType();
  }
  static void AddBits(std::uint64_t bits, std::size_t bytes, std::string& to) {
    for (std::size_t byte = 0; byte < bytes; ++byte) {
      to.push_back(static_cast<char>(static_cast<unsigned char>(bits >> (8 * byte))));
    }
  }

  protozero::pbf_reader reader_;
};

}  // namespace foothold::onnx

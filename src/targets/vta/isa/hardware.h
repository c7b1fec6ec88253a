#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::base {
class Json;
class JsonNode;
}  // namespace foothold::base

namespace foothold::vta {

/// The shape of a VTA: widths and sizes as base-2 logarithms, exactly the fields of a
/// `vta_config.json` (docs/reference/vta-and-autotvm.md#configuration-fields). Defaults are those
/// of all eight sample files.
struct Geometry {
  int log_inp_width = 3;  ///< bits of one input scalar
  int log_wgt_width = 3;
  int log_acc_width = 5;
  int log_batch = 0;           ///< rows of the GEMM intrinsic
  int log_block = 4;           ///< its inner dimensions, input and output channels alike
  int log_uop_buff_size = 15;  ///< bytes of each scratchpad
  int log_inp_buff_size = 15;
  int log_wgt_buff_size = 18;
  int log_acc_buff_size = 17;

  /// log2 of the micro-ops that the hardware holds where its RTL fixes that, whatever
  /// LOG_UOP_BUFF_SIZE says, which then is only what the runtime believes and how wide the fields
  /// of instructions are (docs/reference/vta-and-autotvm.md#chisel-cycles). Not a field of
  /// vta_config.json. kAsConfigured: no such limit.
  static constexpr int kAsConfigured = -1;
  int log_uop_memory = kAsConfigured;

  std::int64_t batch() const { return std::int64_t{1} << log_batch; }
  std::int64_t block() const { return std::int64_t{1} << log_block; }

  // log2 of the bytes of one element of each memory
  // (docs/reference/vta-and-autotvm.md#element-sizes).
  int log_inp_elem_bytes() const { return log_batch + log_block + log_inp_width - 3; }
  int log_wgt_elem_bytes() const { return 2 * log_block + log_wgt_width - 3; }
  int log_acc_elem_bytes() const { return log_batch + log_block + log_acc_width - 3; }
  int log_out_elem_bytes() const { return log_inp_elem_bytes(); }  // LOG_OUT_WIDTH = LOG_INP_WIDTH
  static constexpr int log_uop_elem_bytes() { return 2; }

  // log2 of the elements each memory holds; OUT shares ACC's index space.
  int log_inp_depth() const { return log_inp_buff_size - log_inp_elem_bytes(); }
  int log_wgt_depth() const { return log_wgt_buff_size - log_wgt_elem_bytes(); }
  int log_acc_depth() const { return log_acc_buff_size - log_acc_elem_bytes(); }
  int log_uop_depth() const { return log_uop_buff_size - log_uop_elem_bytes(); }

  std::int64_t inp_depth() const { return std::int64_t{1} << log_inp_depth(); }
  std::int64_t wgt_depth() const { return std::int64_t{1} << log_wgt_depth(); }
  std::int64_t acc_depth() const { return std::int64_t{1} << log_acc_depth(); }
  std::int64_t uop_depth() const { return std::int64_t{1} << log_uop_depth(); }
  /// Micro-ops that the memory really holds: at most uop_depth, what the runtime believes.
  std::int64_t uop_capacity() const {
    const int log = log_uop_memory == kAsConfigured ? log_uop_depth() : log_uop_memory;
    return std::int64_t{1} << (log < log_uop_depth() ? log : log_uop_depth());
  }

  std::int64_t inp_elem_bytes() const { return std::int64_t{1} << log_inp_elem_bytes(); }
  std::int64_t wgt_elem_bytes() const { return std::int64_t{1} << log_wgt_elem_bytes(); }
  std::int64_t acc_elem_bytes() const { return std::int64_t{1} << log_acc_elem_bytes(); }
  std::int64_t out_elem_bytes() const { return std::int64_t{1} << log_out_elem_bytes(); }

  /// Multiply-accumulates of one GEMM micro-op.
  std::int64_t macs_per_gemm() const { return batch() * block() * block(); }

  /// "1x16_i8w8a32_15_15_18_17", the geometry part of TVM's model strings
  /// (docs/reference/vta-and-autotvm.md#model-strings).
  std::string ModelName() const;

  friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// InvalidArgument naming the field and the limit when the geometry does not fit the instruction
/// encoding (the limits of docs/reference/vta-and-autotvm.md#element-sizes) or has a memory smaller
/// than one element. Widths other than 8/8/32 bits are refused too.
Status Validate(const Geometry& geometry);

/// What a model string of TVM's target names.
struct VtaModel {
  std::string board;  ///< a TARGET of vta_config.json: "pynq"
  Geometry geometry;
};
/// "pynq_1x16_i8w8a32_15_15_18_17": board, batch x block, widths in bits, and log2 bytes of the
/// uop, inp, wgt and acc scratchpads. InvalidArgument when it reads otherwise or the geometry is
/// not valid.
Result<VtaModel> ParseModelName(std::string_view name);

/// A `vta_config.json`: the geometry and the board it is for.
struct VtaConfigFile {
  std::string target;      ///< TARGET: "pynq", "sim", ...
  std::string hw_version;  ///< HW_VER, which may be left out: empty
  Geometry geometry;
};
/// Errors name `path`, the line and the field. All fields but HW_VER are required, unknown ones are
/// errors, and the geometry is valid.
Result<VtaConfigFile> ParseVtaConfig(std::string_view json, std::string_view path);
/// The same from an object within another file.
Result<VtaConfigFile> ReadVtaConfig(const base::JsonNode& node);
/// The object that ReadVtaConfig reads, and its text, which ParseVtaConfig does.
base::Json VtaConfigJson(const VtaConfigFile& config);
std::string ToJson(const VtaConfigFile& config);

}  // namespace foothold::vta

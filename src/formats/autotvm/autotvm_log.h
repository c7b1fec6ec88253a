#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/status.h"

namespace foothold {

/// A JSON number as Python keeps it: 60 and 60.0 are different things, and are written differently.
using PythonNumber = Json;

/// One knob of an AutoTVM config: its name, its kind ("sp" split, "re" reorder, "an" annotate, "ot"
/// other) and its setting, whose form depends on the kind.
struct AutotvmEntity {
  std::string name;
  std::string tag;
  Json value;
};

/// One line of an AutoTVM log, version 0.2 (docs/reference/vta-and-autotvm.md#log-records), as it
/// stands in the file.
struct AutotvmRecord {
  int line = 0;            ///< in the file it was read from; 0: none
  std::string target;      ///< "ext_dev -keys=vta,cpu -device=vta -model=pynq_1x16_..."
  std::string task;        ///< "conv2d_packed.vta"
  Json args;               ///< an array: the task's arguments, in order
  std::int64_t index = 0;  ///< of the config in the task's space
  Json code_hash;          ///< null or a string
  std::vector<AutotvmEntity> entities;
  std::vector<PythonNumber> costs;  ///< seconds, one per repeat; 1e9 for an error
  int error_no = 0;                 ///< docs/reference/vta-and-autotvm.md#error-numbers
  PythonNumber all_cost;            ///< wall seconds that the trial took
  PythonNumber timestamp;           ///< seconds since 1970
  std::string tvm_version;
};

struct AutotvmLog {
  std::vector<AutotvmRecord> records;
  std::size_t old_rows = 0;         ///< rows of version 0.1, skipped as AutoTVM does
  std::optional<std::string> torn;  ///< "tune.log:17: torn last line (213 bytes) ignored"
};

/// Reads an AutoTVM log. Lines that start with '#' and blank ones are skipped. Errors name `path`,
/// line and field. A last line without its newline counts if it is whole, otherwise it is torn.
Result<AutotvmLog> ParseAutotvmLog(std::string_view text, std::string_view path);

/// The record as AutoTVM's encode() writes it: Python's json.dumps, byte for byte. No newline.
std::string ToAutotvmLine(const AutotvmRecord& record);

}  // namespace foothold

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/status.h"

namespace foothold::formats {

/// A JSON number as Python keeps it: 60 and 60.0 are different things, and are written differently.
using PythonNumber = base::Json;

/// One knob of an AutoTVM config: its name, its kind ("sp" split, "re" reorder, "an" annotate, "ot"
/// other) and its setting, whose form depends on the kind.
struct AutotvmEntity {
  std::string name;
  std::string tag;
  base::Json value;
};

/// What to do about a record that is wrong: public logs hold some.
enum class BadRecords : std::uint8_t {
  kRefuse,  ///< the first is an error
  kSkip,    ///< they are listed and left out
};

/// One line of an AutoTVM log, version 0.2 (docs/reference/vta-and-autotvm.md#log-records), as it
/// stands in the file; or one of version 0.1 in the words of 0.2.
struct AutotvmRecord {
  int line = 0;            ///< in the file it was read from; 0: none
  std::string target;      ///< "ext_dev -keys=vta,cpu -device=vta -model=pynq_1x16_..."
  std::string task;        ///< "conv2d_packed.vta"
  base::Json args;         ///< an array: the task's arguments, in order
  std::int64_t index = 0;  ///< of the config in the task's space
  base::Json code_hash;    ///< null or a string
  std::vector<AutotvmEntity> entities;
  std::vector<PythonNumber> costs;  ///< seconds, one per repeat; 1e9 for an error
  int error_no = 0;                 ///< docs/reference/vta-and-autotvm.md#error-numbers
  PythonNumber all_cost;            ///< wall seconds that the trial took
  PythonNumber timestamp;           ///< seconds since 1970
  std::string tvm_version;          ///< empty in version 0.1, which does not say
  bool is_old = false;              ///< of version 0.1
};

struct AutotvmLog {
  std::vector<AutotvmRecord> records;
  std::vector<std::string> bad;     ///< left out, an error's text each
  std::optional<std::string> torn;  ///< "tune.log:17: torn last line (213 bytes) ignored"
};

/// Reads an AutoTVM log. Lines that start with '#' and blank ones are skipped. Errors name `path`,
/// line and field. A last line without its newline counts if it is whole, otherwise it is torn.
/// Where no record is good, the first that is bad is an error under kSkip too.
Result<AutotvmLog> ParseAutotvmLog(std::string_view text, std::string_view path,
                                   BadRecords bad = BadRecords::kRefuse);

/// Whether one of the first lines of `text`, which may be the beginning of a file, is a record.
bool LooksLikeAutotvmLog(std::string_view text);

/// The record as AutoTVM's encode() writes it: Python's json.dumps, byte for byte. No newline.
std::string ToAutotvmLine(const AutotvmRecord& record);

}  // namespace foothold::formats

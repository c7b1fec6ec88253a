#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "formats/t1/value.h"
#include "targets/opencl/kernel_file.h"

namespace foothold::opencl {

/// What the names in the formulas of a kernel file stand for.
class Names {
 public:
  /// ProblemSize, and workload.FIELD for every number of the workload; of each parameter the list
  /// of its values, as T1 has it where there is no config: max(filter_width).
  static Names WithoutConfig(const KernelFile& file, const Workload& workload);
  /// The same with the parameters' values in `config`. REQUIRES: it is of the file's space.
  static Names Of(const KernelFile& file, const Workload& workload, const Config& config);

  /// That every name in the formula has a value, whatever the config.
  Status Check(const Formula& formula) const;

  /// InvalidArgument, "path:line: field: column 3: ...".
  Result<t1::Value> Evaluate(const Formula& formula) const;
  /// A whole number of at least 1; 2.0 is one.
  Result<std::int64_t> Count(const Formula& formula) const;

 private:
  std::map<std::string, t1::Value, std::less<>> values_;
};

}  // namespace foothold::opencl

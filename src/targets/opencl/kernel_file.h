#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "formats/t1/expression.h"
#include "formats/t1/space_file.h"
#include "targets/opencl/scalar_type.h"

namespace foothold::opencl {

/// An expression of a T1 file and where it stands, for what only a config or a workload can show to
/// be wrong with it.
struct Formula {
  t1::Expression expression;
  std::string where;  ///< "kernel.json:12: KernelSpecification.GlobalSize.X"
};

/// A kernel to compile, and its numbers of work-items or work-groups in the three dimensions.
struct Launchable {
  std::string kernel_name;
  std::string source;  ///< path
  std::vector<Formula> local;
  std::vector<Formula> global;
  bool global_counts_groups = false;
};

enum class MemoryType : std::uint8_t { kScalar, kVector, kLocal };
enum class AccessType : std::uint8_t { kReadOnly, kWriteOnly, kReadWrite };
enum class FillType : std::uint8_t { kConstant, kRandom, kBinaryRaw };
/// The tensors of a workload that an argument can be.
enum class Tensor : std::uint8_t { kInput, kWeight, kBias, kOutput };

/// What an argument holds before the kernel runs, or must hold afterwards.
struct Fill {
  FillType type = FillType::kConstant;
  std::optional<Formula> value;  ///< of kConstant; of kRandom the largest
  std::uint64_t seed = 0;        ///< of kRandom
  std::string path;              ///< of kBinaryRaw
};

/// How an output is compared: T1's words and their meanings (docs/formats/t1.md).
struct Tolerance {
  std::string method = "SideBySideComparison";
  double threshold = 1e-4;
};

/// What an output is compared with when the file itself says so.
struct Reference {
  Fill fill;
  Tolerance tolerance;
};

struct Argument {
  std::string name;
  std::string where;
  const ScalarType* type = nullptr;
  std::int64_t width = 1;  ///< of vector types, float4
  MemoryType memory = MemoryType::kVector;
  AccessType access = AccessType::kReadWrite;
  std::optional<Formula> size;  ///< in elements; of kLocal it may depend on the config
  Fill fill;
  std::optional<Tensor> tensor;
  std::optional<Reference> reference;
};

/// A kernel of its own that computes what the outputs are compared with.
struct ReferenceKernel {
  Launchable launch;
  Tolerance tolerance;
};

struct DeviceChoice {
  std::size_t platform = 0;
  std::size_t device = 0;
  std::string name;  ///< part of the name of a device or platform; when not empty it decides
};

/// A T1 file of an OpenCL kernel (docs/formats/t1.md).
struct KernelFile {
  std::string path;
  t1::TuningSpace tuning;
  DeviceChoice device;
  Launchable launch;
  std::vector<std::string> compiler_options;
  std::vector<Argument> arguments;
  std::vector<std::int64_t> problem_size;
  // What Foothold adds to T1:
  std::optional<Workload> workload;  ///< the only one that the file is for
  std::optional<ReferenceKernel> reference_kernel;
  int repeats = 5;
};

/// Reads a file's text; `path` is for messages and for the paths in the file, which are relative to
/// its folder. Errors name file, line and field. Fields that T1 does not have are allowed, except
/// in "Foothold".
Result<KernelFile> ParseKernelFile(std::string_view json, std::string_view path);

/// The parts of it that stand in a file of their own.
Result<Formula> ParseFormula(const base::JsonNode& node);
Result<std::vector<Argument>> ParseArguments(base::JsonObject& specification,
                                             const std::string& folder);
Status ParseTolerance(base::JsonObject& object, Tolerance& tolerance);
/// `folder` + "/" + path, or `path` when that is absolute.
std::string InFolder(const std::string& folder, const std::string& path);

}  // namespace foothold::opencl

#include "targets/cpu/cpu_target.h"

#include <fmt/core.h>

#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "targets/cpu/cpu_task.h"

namespace foothold::cpu {
namespace {

class CpuTarget : public Target {
 public:
  CpuTarget(Env& env, const Variant& variant) : env_(env), variant_(variant) {}

  std::string name() const override { return fmt::format("cpu{}", variant_.suffix); }
  std::string description() const override { return std::string(variant_.description); }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    if (variant_.is_gemm && !std::holds_alternative<Dense>(workload.op)) {
      return Status::InvalidArgument(fmt::format("{}: is a {}, must be a dense on {}",
                                                 workload.name, OperatorName(workload.op), name()));
    }
    const char* compiler = std::getenv("CC");
    FOOTHOLD_ASSIGN_OR_RETURN(Toolchain toolchain,
                              FindToolchain(env_, compiler != nullptr ? compiler : ""));
    TaskOptions options;
    options.target = name();
    options.host = DescribeHost(env_);
    if (!variant_.has_threads) options.host.threads = 1;
    options.toolchain = std::move(toolchain);
    options.weights = variant_.is_gemm ? Weights::kFresh : Weights::kConstant;
    return CpuTask::Create(env_, std::move(options), workload);
  }

 private:
  Env& env_;
  const Variant& variant_;
};

}  // namespace

const std::vector<Variant>& Variants() {
  static const std::vector<Variant> variants = {
      {"", "this host, one thread: generated C, float32 conv2d and dense"},
      {":gemm", "the same for dense, with the packing of both operands in the time, as in a BLAS",
       false, true},
      {":threads", "the same as cpu, with the number of threads as a parameter", true, false},
  };
  return variants;
}

Result<std::unique_ptr<Target>> MakeCpuTarget(Env& env, std::string_view suffix) {
  std::vector<std::string> names;
  for (const Variant& variant : Variants()) {
    if (variant.suffix == suffix) {
      return std::unique_ptr<Target>(std::make_unique<CpuTarget>(env, variant));
    }
    names.push_back(fmt::format("cpu{}", variant.suffix));
  }
  return Status::NotFound(
      fmt::format("there is no target \"cpu{}\"; there are {}", suffix, base::Joined(names, ", ")));
}

}  // namespace foothold::cpu

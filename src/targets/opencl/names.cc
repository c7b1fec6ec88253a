#include "targets/opencl/names.h"

#include <fmt/core.h>

#include <cmath>
#include <utility>

#include "base/json.h"
#include "core/workload/workload_json.h"

namespace foothold::opencl {

Names Names::WithoutConfig(const KernelFile& file, const Workload& workload) {
  Names names;
  t1::Value::List problem_size;
  for (const std::int64_t size : file.problem_size) problem_size.push_back({size});
  names.values_["ProblemSize"] = {std::move(problem_size)};
  const base::Json fields = workload::WorkloadJson(workload);
  for (const auto& [name, value] : fields.members()) {
    if (value.is_integer()) {
      names.values_["workload." + name] = {value.Get<std::int64_t>()};
    } else if (value.is_bool()) {
      names.values_["workload." + name] = {value.truth()};
    }
  }
  for (const t1::TuningParameter& parameter : file.tuning.parameters) {
    names.values_[parameter.name] = {parameter.values};
  }
  return names;
}

Names Names::Of(const KernelFile& file, const Workload& workload, const Config& config) {
  Names names = WithoutConfig(file, workload);
  for (std::size_t i = 0; i < file.tuning.parameters.size(); ++i) {
    names.values_[file.tuning.parameters[i].name] = file.tuning.ValueOf(config, i);
  }
  return names;
}

Result<t1::Value> Names::Evaluate(const Formula& formula) const {
  Result<t1::Value> value =
      formula.expression.Evaluate([this](std::string_view name) -> const t1::Value* {
        const auto found = values_.find(name);
        return found == values_.end() ? nullptr : &found->second;
      });
  if (value.ok()) return value;
  return Status::InvalidArgument(fmt::format("{}: {}", formula.where, value.status().message()));
}

Status Names::Check(const Formula& formula) const {
  for (const t1::Expression::Name& name : formula.expression.Names()) {
    const Formula alone{t1::Expression::Parse(name.name).value(), formula.where};
    if (Evaluate(alone).ok()) continue;
    return Status::InvalidArgument(
        fmt::format("{}: column {}: \"{}\" is neither a parameter nor ProblemSize nor a "
                    "workload.FIELD",
                    formula.where, name.column, name.name));
  }
  return {};
}

Result<std::int64_t> Names::Count(const Formula& formula) const {
  constexpr double kMaxExact = 9007199254740992.0;  // 2^53
  FOOTHOLD_ASSIGN_OR_RETURN(const t1::Value value, Evaluate(formula));
  if (const auto* whole = std::get_if<std::int64_t>(&value.held); whole != nullptr && *whole >= 1) {
    return *whole;
  }
  if (const auto* number = std::get_if<double>(&value.held);
      number != nullptr && *number >= 1 && *number <= kMaxExact && std::floor(*number) == *number) {
    return static_cast<std::int64_t>(*number);
  }
  return Status::InvalidArgument(fmt::format("{}: is {}, must be a whole number of at least 1",
                                             formula.where, t1::ToText(value)));
}

}  // namespace foothold::opencl

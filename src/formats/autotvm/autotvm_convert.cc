#include "formats/autotvm/autotvm_convert.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "foothold/version.h"
#include "formats/autotvm/autotvm_error.h"
#include "formats/autotvm/autotvm_task.h"

namespace foothold::formats {
namespace {

/// What AutoTVM writes as the cost of a candidate that failed.
constexpr double kErrorCost = 1e9;
constexpr std::string_view kTvmVersion = "0.8.0";

bool IsSplit(const Parameter& parameter) { return parameter.name.rfind("tile_", 0) == 0; }

/// AutoTVM's index of a config (docs/reference/vta-and-autotvm.md#config-index): mixed radix, the
/// first knob varies fastest.
std::int64_t IndexOf(const Config& config, const std::vector<Parameter>& parameters) {
  std::int64_t index = 0;
  std::int64_t radix = 1;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    index += radix * config.choices[i];
    radix *= static_cast<std::int64_t>(parameters[i].values.size());
  }
  return index;
}

std::string Describe(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={{{}}}", parameter.name, base::Joined(parameter.values, ","));
  }
  return text;
}

/// "tune.log:3: config: ..."
Status RecordError(std::string_view path, const AutotvmRecord& record, std::string_view problem) {
  return Status::InvalidArgument(fmt::format("{}:{}: {}", path, record.line, problem));
}

/// The value that a knob's entity gives to `parameter`: the inner size of [-1, inner] or, in old
/// logs, [outer, inner]; or the number itself. nullopt when it has another form.
std::optional<std::int64_t> EntityValue(const AutotvmEntity& entity, const Parameter& parameter) {
  if (entity.name != parameter.name) return std::nullopt;
  if (!IsSplit(parameter)) {
    return entity.tag == "ot" ? entity.value.Int64() : std::nullopt;
  }
  if (entity.tag != "sp" || !entity.value.is_array() || entity.value.size() != 2) {
    return std::nullopt;
  }
  const std::optional<std::int64_t> outer = entity.value[0].Int64();
  const std::optional<std::int64_t> size = entity.value[1].Int64();
  if (!outer || !size) return std::nullopt;
  // The candidates are the divisors of the loop's extent, the last of which is the extent.
  const std::int64_t extent = parameter.values.back();
  const bool outer_fits =
      outer == -1 || (*size > 0 && extent % *size == 0 && *outer == extent / *size);
  return outer_fits ? size : std::nullopt;
}

Result<Config> ReadConfig(const AutotvmRecord& record, const std::vector<Parameter>& parameters,
                          std::string_view path) {
  Config config;
  if (record.entities.size() != parameters.size()) {
    return RecordError(
        path, record,
        fmt::format("config.entity: has {} knobs, must have {}: {}", record.entities.size(),
                    parameters.size(), Describe(parameters)));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const AutotvmEntity& entity = record.entities[i];
    const std::optional<std::int64_t> value = EntityValue(entity, parameters[i]);
    const auto& values = parameters[i].values;
    const auto found = value ? std::find(values.begin(), values.end(), *value) : values.end();
    if (found == values.end()) {
      return RecordError(
          path, record,
          fmt::format("config.entity[{}]: is [{}, {}, {}], must set {} to one of {}", i,
                      base::Json(entity.name).Dump(), base::Json(entity.tag).Dump(),
                      entity.value.Dump(), parameters[i].name, base::Joined(values, ", ")));
    }
    config.choices.push_back(static_cast<std::uint32_t>(found - values.begin()));
  }
  if (const std::int64_t index = IndexOf(config, parameters); index != record.index) {
    return RecordError(path, record,
                       fmt::format("config.index: is {}, but the entities give {}; one of them is "
                                   "wrong",
                                   record.index, index));
  }
  return config;
}

/// The times of a record, as far as they mean something.
Status CheckTimes(const AutotvmRecord& record, std::string_view path) {
  for (const PythonNumber& cost : record.costs) {
    const double seconds = cost.number();
    if (record.error_no == 0 && !(std::isfinite(seconds) && seconds > 0)) {
      return RecordError(
          path, record,
          fmt::format("result[0]: holds {}, must be a finite number above 0", cost.Dump()));
    }
  }
  if (record.all_cost.number() >= 0) return {};
  return RecordError(path, record,
                     fmt::format("result[2]: is {}, must not be negative", record.all_cost.Dump()));
}

Measurement ReadMeasurement(const AutotvmRecord& record, Config config) {
  Measurement measurement;
  measurement.config = std::move(config);
  measurement.failure = FailureOfAutotvmError(record.error_no);
  // AutoTVM does not say how its total divides between building and running.
  const bool is_build = measurement.outcome() == Outcome::kCompile;
  (is_build ? measurement.build_seconds : measurement.run_seconds) = record.all_cost.number();
  if (measurement.failure) return measurement;
  for (const PythonNumber& cost : record.costs) measurement.seconds.push_back(cost.number());
  return measurement;
}

RunHeader ReadHeader(const AutotvmRecord& record, const AutotvmTask& task) {
  RunHeader header;
  header.foothold_version = FOOTHOLD_VERSION;
  header.target = record.target;
  header.workload = task.workload;
  header.searcher = "imported";
  header.options["imported_from"] = record.is_old ? "AutoTVM log 0.1" : "AutoTVM log 0.2";
  if (!record.is_old) header.machine["tvm_version"] = record.tvm_version;
  header.wall_clock = record.timestamp.number();
  return header;
}

/// Sorts records into runs.
class Importer {
 public:
  explicit Importer(std::string_view path) : path_(path) {}

  /// Adds nothing when the record is wrong.
  Status Add(const AutotvmRecord& record) {
    if (!IsVtaTask(record.task)) {
      ++import.other_tasks;
      return {};
    }
    const std::string key =
        fmt::format("{}\n{}\n{}", record.target, record.task, record.args.Dump());
    const auto known = run_of_.find(key);
    std::optional<RunLog> begun;
    if (known == run_of_.end()) {
      FOOTHOLD_ASSIGN_OR_RETURN(begun, Begin(record));
    }
    RunLog& run = begun ? *begun : import.runs[known->second];
    FOOTHOLD_RETURN_IF_ERROR(CheckTimes(record, path_));
    FOOTHOLD_ASSIGN_OR_RETURN(Config config, ReadConfig(record, run.header.parameters, path_));
    run.trials.push_back(
        {run.trials.size(), ReadMeasurement(record, std::move(config)), record.timestamp.number()});
    if (begun) {
      run_of_[key] = import.runs.size();
      import.runs.push_back(*std::move(begun));
    }
    return {};
  }

  AutotvmImport import;

 private:
  Result<std::optional<RunLog>> Begin(const AutotvmRecord& record) const {
    const Result<AutotvmTask> task = ReadTask(record);
    if (!task.ok()) return RecordError(path_, record, task.status().message());
    const auto parameters = AutotvmParameters(task->workload, task->packing);
    if (!parameters.ok()) return RecordError(path_, record, parameters.status().message());
    RunLog run;
    run.run = import.runs.size() + 1;
    run.header = ReadHeader(record, *task);
    run.header.parameters = *parameters;
    return std::optional(std::move(run));
  }

  std::string_view path_;
  std::map<std::string, std::size_t> run_of_;  // by target, task and arguments
};

}  // namespace

Result<AutotvmRecord> ToAutotvm(const RunHeader& run, const TrialRecord& trial,
                                std::string_view autotvm_target) {
  AutotvmTask task;
  task.workload = run.workload;
  FOOTHOLD_ASSIGN_OR_RETURN(task.packing, PackingOf(autotvm_target));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Parameter> parameters,
                            AutotvmParameters(task.workload, task.packing));
  if (run.parameters != parameters) {
    return Status::InvalidArgument(fmt::format(
        "the run's parameters {} are not AutoTVM's for {} on \"{}\", {}", Describe(run.parameters),
        ToString(run.workload), autotvm_target, Describe(parameters)));
  }

  const Measurement& measurement = trial.measurement;
  AutotvmRecord record;
  record.target = autotvm_target;
  record.task = TaskName(task.workload.op);
  record.args = TaskArguments(task);
  record.index = IndexOf(measurement.config, parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::int64_t value = parameters[i].values[measurement.config.choices[i]];
    if (IsSplit(parameters[i])) {
      record.entities.push_back({parameters[i].name, "sp", base::Json::Array({-1, value})});
    } else {
      record.entities.push_back({parameters[i].name, "ot", value});
    }
  }
  record.error_no = AutotvmErrorOf(measurement);
  if (record.error_no == 0) {
    record.costs.assign(measurement.seconds.begin(), measurement.seconds.end());
  } else {
    record.costs = {kErrorCost};
  }
  record.all_cost = measurement.build_seconds + measurement.run_seconds;
  record.timestamp = trial.wall_clock;
  record.tvm_version = kTvmVersion;
  return record;
}

Result<AutotvmImport> FromAutotvm(const AutotvmLog& log, std::string_view path, BadRecords bad) {
  Importer importer(path);
  for (const AutotvmRecord& record : log.records) {
    const Status status = importer.Add(record);
    if (status.ok()) continue;
    if (bad == BadRecords::kRefuse) return status;
    importer.import.bad.push_back(status.message());
  }
  AutotvmImport import = std::move(importer.import);
  import.bad.insert(import.bad.begin(), log.bad.begin(), log.bad.end());
  if (import.runs.empty() && import.other_tasks == 0 && !import.bad.empty())
    return Status::InvalidArgument(import.bad.front());
  return import;
}

}  // namespace foothold::formats

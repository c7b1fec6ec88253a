// The JSON output of KTT, the Kernel Tuning Toolkit (docs/formats/ktt.md).

#include <fmt/core.h>

#include <utility>

#include "core/space/parameters_json.h"
#include "foothold/recorded_space.h"
#include "formats/choices.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

using Row = std::vector<ParameterValue>;

/// KTT's words for how a config ended; some of its versions use T4's instead.
Result<Outcome> ParseStatus(const base::JsonNode& node) {
  static const std::map<std::string, Outcome> kOutcomes = {
      {"Ok", Outcome::kCorrect},
      {"CompilationFailed", Outcome::kCompile},
      {"ComputationFailed", Outcome::kRuntime},
      {"DeviceLimitsExceeded", Outcome::kRuntime},
      {"ValidationFailed", Outcome::kCorrectness}};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string status, node.String());
  const auto found = kOutcomes.find(status);
  if (found != kOutcomes.end()) return found->second;
  const Result<Outcome> outcome = ParseOutcome(status);
  if (outcome.ok()) return *outcome;
  return node.Error(
      fmt::format("is \"{}\", must be Ok, CompilationFailed, ComputationFailed, "
                  "DeviceLimitsExceeded or ValidationFailed",
                  status));
}

class KttReader {
 public:
  Result<RecordedSpace> Read(std::string_view text, std::string_view path) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text, path));
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject file, root.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode metadata, file.Require("Metadata"));
    FOOTHOLD_RETURN_IF_ERROR(ReadMetadata(metadata));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, file.Require("Results"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> results, list.Array());
    for (const base::JsonNode& result : results) FOOTHOLD_RETURN_IF_ERROR(ReadResult(result));
    space_.parameters = formats::ParametersOf(names_, rows_);
    formats::SetConfigs(space_.parameters, rows_, space_.trials);
    if (profiled_ > 0) {
      space_.lost.push_back(
          fmt::format("the profiling counters of {} computations are left out", profiled_));
    }
    return std::move(space_);
  }

 private:
  Status ReadMetadata(const base::JsonNode& node) {
    static const std::map<std::string, double> kUnits = {
        {"Nanoseconds", 1e-6}, {"Microseconds", 1e-3}, {"Milliseconds", 1}, {"Seconds", 1e3}};
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject metadata, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(space_.device, formats::ParseText(metadata, "Device"));
    FOOTHOLD_ASSIGN_OR_RETURN(timestamp_, formats::ParseText(metadata, "Timestamp"));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode unit, metadata.Require("TimeUnit"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, unit.String());
    const auto found = kUnits.find(name);
    if (found == kUnits.end()) {
      return unit.Error(fmt::format(
          "is \"{}\", must be Nanoseconds, Microseconds, Milliseconds or Seconds", name));
    }
    milliseconds_ = found->second;
    return {};
  }

  Status ReadResult(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject result, node.Object());
    RecordedTrial trial;
    trial.timestamp = timestamp_;
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode kernel, result.Require("KernelName"));
    FOOTHOLD_RETURN_IF_ERROR(ReadKernel(kernel));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode status, result.Require("Status"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.outcome, ParseStatus(status));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode configuration, result.Require("Configuration"));
    FOOTHOLD_RETURN_IF_ERROR(ReadConfiguration(configuration));
    if (trial.outcome == Outcome::kCorrect) {
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode duration, result.Require("TotalDuration"));
      FOOTHOLD_ASSIGN_OR_RETURN(trial.objective,
                                formats::ParseObjective(duration, space_.objective, milliseconds_));
      trial.times_ms = {*trial.objective};
    } else {
      FOOTHOLD_ASSIGN_OR_RETURN(trial.failure, status.String());
    }
    FOOTHOLD_RETURN_IF_ERROR(ReadOverheads(result, trial));
    if (const auto computations = result.Find("ComputationResults")) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, computations->Array());
      for (const base::JsonNode& element : elements) {
        FOOTHOLD_RETURN_IF_ERROR(ReadComputation(element, trial));
      }
    }
    space_.trials.push_back(std::move(trial));
    return {};
  }

  Status ReadKernel(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
    if (space_.trials.empty()) space_.kernel = name;
    if (name == space_.kernel) return {};
    return node.Error(fmt::format("is \"{}\", must be \"{}\" as before", name, space_.kernel));
  }

  /// The same names in the same order in every result.
  Status ReadConfiguration(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> pairs, node.Array());
    const bool is_first = rows_.empty();
    if (!is_first && pairs.size() != names_.size()) {
      return node.Error(
          fmt::format("holds {} parameters, must hold {} as before", pairs.size(), names_.size()));
    }
    Row row;
    for (const base::JsonNode& element : pairs) {
      FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject pair, element.Object());
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name_node, pair.Require("Name"));
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, name_node.String());
      if (is_first) {
        for (const std::string& other : names_) {
          if (name == other) return name_node.Error("is there again");
        }
        names_.push_back(name);
      } else if (name != names_[row.size()]) {
        return name_node.Error(
            fmt::format("is \"{}\", must be \"{}\" as before", name, names_[row.size()]));
      }
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode value, pair.Require("Value"));
      FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue setting, space::ParseValue(value));
      row.push_back(std::move(setting));
    }
    rows_.push_back(std::move(row));
    return {};
  }

  Status ReadOverheads(base::JsonObject& result, RecordedTrial& trial) const {
    FOOTHOLD_ASSIGN_OR_RETURN(
        trial.compile_ms, formats::ParseMilliseconds(result, "CompilationOverhead", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(
        trial.verify_ms, formats::ParseMilliseconds(result, "ValidationOverhead", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(
        trial.search_ms, formats::ParseMilliseconds(result, "SearcherOverhead", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(
        const double moving,
        formats::ParseMilliseconds(result, "DataMovementOverhead", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(
        const double profiling,
        formats::ParseMilliseconds(result, "ProfilingOverhead", milliseconds_));
    trial.framework_ms = moving + profiling;
    return {};
  }

  /// What the compiler said about a kernel function: metrics "convolution.RegistersCount", ...
  Status ReadComputation(const base::JsonNode& node, RecordedTrial& trial) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject computation, node.Object());
    if (computation.Find("ProfilingData")) ++profiled_;
    const auto data = computation.Find("CompilationData");
    if (!data) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string function,
                              formats::ParseText(computation, "KernelFunction"));
    FOOTHOLD_RETURN_IF_ERROR(data->Object().status());
    for (const auto& [name, value] : data->value().members()) {
      if (value.is_number()) {
        trial.metrics[fmt::format("{}.{}", function, name)] = value.number();
      }
    }
    return {};
  }

  RecordedSpace space_;
  std::string timestamp_;  // of the whole file
  double milliseconds_ = 1;
  std::vector<std::string> names_;  // of the parameters
  std::vector<Row> rows_;           // one per trial
  std::size_t profiled_ = 0;
};

}  // namespace

Result<RecordedSpace> ParseKtt(std::string_view text, std::string_view path) {
  return KttReader().Read(text, path);
}

}  // namespace foothold

// T4, the results format of the autotuning community (docs/formats/t4.md).

#include <fmt/core.h>

#include <set>
#include <utility>

#include "core/space/parameters_json.h"
#include "foothold/recorded_space.h"
#include "formats/choices.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

using Row = std::vector<ParameterValue>;

/// What one unit of the file's times is in milliseconds. The hub's files misspell theirs.
Result<double> ParseTimeUnit(const base::JsonNode& node) {
  static const std::map<std::string, double> kUnits = {
      {"miliseconds", 1}, {"milliseconds", 1},    {"ms", 1},    {"seconds", 1e3},
      {"s", 1e3},         {"microseconds", 1e-3}, {"us", 1e-3}, {"nanoseconds", 1e-6},
      {"ns", 1e-6}};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  const auto found = kUnits.find(name);
  if (found != kUnits.end()) return found->second;
  return node.Error(
      fmt::format("is \"{}\", must be nanoseconds, microseconds, milliseconds or seconds", name));
}

Result<std::vector<RecordedParameter>> ParseParameterList(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  std::vector<RecordedParameter> parameters;
  std::set<std::string> names;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, element.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("name"));
    RecordedParameter parameter;
    FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
    if (!names.insert(parameter.name).second) return name.Error("is there again");
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, object.Require("values"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> listed, values.Array());
    std::set<ParameterValue> seen;
    for (const base::JsonNode& value : listed) {
      FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue setting, space::ParseValue(value));
      if (!seen.insert(setting).second) return value.Error("is there again, values must differ");
      parameter.values.push_back(std::move(setting));
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

/// Reads one file; its state is what results must agree on.
class T4Reader {
 public:
  T4Reader(std::string_view text, std::string_view path) : text_(text), path_(path) {}

  Result<RecordedSpace> Read() {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text_, path_));
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject file, root.Object());
    FOOTHOLD_RETURN_IF_ERROR(ReadVersion(file));
    FOOTHOLD_RETURN_IF_ERROR(ReadMetadata(file));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, file.Require("results"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> results, list.Array());
    if (!has_parameters_ && !results.empty()) names_ = NamesOf(results.front());
    for (const base::JsonNode& result : results) FOOTHOLD_RETURN_IF_ERROR(ReadResult(result));
    if (!has_parameters_) space_.parameters = formats::ParametersOf(names_, rows_);
    formats::SetConfigs(space_.parameters, rows_, space_.trials);
    if (values_left_out_ > 0) {
      space_.lost.push_back(
          fmt::format("{} measurements that are not numbers are left out", values_left_out_));
    }
    return std::move(space_);
  }

 private:
  static Status ReadVersion(base::JsonObject& file) {
    const auto version = file.Find("schema_version");
    if (!version) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, version->String());
    if (text.starts_with("1.")) return {};
    return version->Error(fmt::format("is \"{}\", must be a version 1", text));
  }

  Status ReadMetadata(base::JsonObject& file) {
    const auto node = file.Find("metadata");
    if (!node) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject metadata, node->Object());
    if (const auto unit = metadata.Find("timeunit")) {
      FOOTHOLD_ASSIGN_OR_RETURN(milliseconds_, ParseTimeUnit(*unit));
    }
    const auto own = metadata.Find("foothold");
    return own ? ReadOwnMetadata(*own) : Status();
  }

  Status ReadOwnMetadata(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject own, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(space_.device, formats::ParseText(own, "device"));
    FOOTHOLD_ASSIGN_OR_RETURN(space_.kernel, formats::ParseText(own, "kernel"));
    if (const auto objective = own.Find("objective")) {
      FOOTHOLD_ASSIGN_OR_RETURN(space_.objective, objective->String());
      has_objective_ = true;
    }
    if (const auto size = own.Find("problem_size")) space_.problem_size = size->value().Dump();
    const auto parameters = own.Find("parameters");
    if (!parameters) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(space_.parameters, ParseParameterList(*parameters));
    has_parameters_ = true;
    choices_.emplace(space_.parameters);
    for (const RecordedParameter& parameter : space_.parameters) names_.push_back(parameter.name);
    return {};
  }

  Status ReadResult(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject result, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode configuration, result.Require("configuration"));
    FOOTHOLD_RETURN_IF_ERROR(ReadRow(configuration));
    RecordedTrial trial;
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode invalidity, result.Require("invalidity"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string outcome, invalidity.String());
    const Result<Outcome> parsed = ParseOutcome(outcome);
    if (!parsed.ok()) return invalidity.Error(parsed.status().message());
    trial.outcome = *parsed;
    FOOTHOLD_ASSIGN_OR_RETURN(trial.timestamp, formats::ParseText(result, "timestamp"));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode times, result.Require("times"));
    FOOTHOLD_RETURN_IF_ERROR(ReadTimes(times, trial));
    FOOTHOLD_RETURN_IF_ERROR(ReadObjective(result));
    if (const auto measurements = result.Find("measurements")) {
      FOOTHOLD_RETURN_IF_ERROR(ReadMeasurements(*measurements, trial));
    }
    if (trial.outcome == Outcome::kCorrect && !trial.objective) {
      return node.Error(fmt::format("is correct, so its measurements must hold a number \"{}\"",
                                    space_.objective));
    }
    space_.trials.push_back(std::move(trial));
    return {};
  }

  Status ReadRow(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject configuration, node.Object());
    Row row;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode setting, configuration.Require(names_[i]));
      FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue value, space::ParseValue(setting));
      if (choices_ && !choices_->Find(i, value)) {
        return setting.Error(fmt::format("is {}, which metadata.foothold.parameters does not list",
                                         setting.value().Dump()));
      }
      row.push_back(std::move(value));
    }
    rows_.push_back(std::move(row));
    return configuration.RejectUnknown();
  }

  Status ReadTimes(const base::JsonNode& node, RecordedTrial& trial) const {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject times, node.Object());
    // The schema says compilation_time, the hub and Kernel Tuner write compilation.
    const bool as_schema = times.Find("compilation_time").has_value();
    FOOTHOLD_ASSIGN_OR_RETURN(
        trial.compile_ms,
        formats::ParseMilliseconds(times, as_schema ? "compilation_time" : "compilation",
                                   milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.verify_ms,
                              formats::ParseMilliseconds(times, "validation", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.benchmark_ms,
                              formats::ParseMilliseconds(times, "benchmark", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.search_ms,
                              formats::ParseMilliseconds(times, "search_algorithm", milliseconds_));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.framework_ms,
                              formats::ParseMilliseconds(times, "framework", milliseconds_));
    const auto runtimes = times.Find("runtimes");
    if (!runtimes) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(trial.times_ms, formats::ParseTimes(*runtimes, milliseconds_));
    return {};
  }

  /// The parameters of a file that does not list them, in the order of its first configuration.
  static std::vector<std::string> NamesOf(const base::JsonNode& result) {
    std::vector<std::string> names;
    const base::Json* configuration = result.value().Find("configuration");
    if (configuration == nullptr || !configuration->is_object()) return names;
    for (const auto& [name, value] : configuration->members()) names.push_back(name);
    return names;
  }

  /// The name of what is measured, the same in all results.
  Status ReadObjective(base::JsonObject& result) {
    const auto node = result.Find("objectives");
    if (!node) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> objectives, node->Array());
    if (objectives.size() != 1) {
      return node->Error(fmt::format("holds {} objectives, must hold one", objectives.size()));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, objectives[0].String());
    if (!has_objective_ && space_.trials.empty()) {
      space_.objective = name;
      has_objective_ = true;
    }
    if (name == space_.objective) return {};
    return objectives[0].Error(
        fmt::format("is \"{}\", must be \"{}\" as before", name, space_.objective));
  }

  Status ReadMeasurements(const base::JsonNode& node, RecordedTrial& trial) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> measurements, node.Array());
    for (const base::JsonNode& measurement : measurements) {
      FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, measurement.Object());
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name_node, object.Require("name"));
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, name_node.String());
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string unit, formats::ParseText(object, "unit"));
      if (!unit.empty()) space_.units[name] = unit;
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode value, object.Require("value"));
      const bool is_objective = name == space_.objective;
      if (value.value().is_number()) {
        FOOTHOLD_ASSIGN_OR_RETURN(const double number, value.Number());
        if (is_objective && trial.outcome == Outcome::kCorrect) {
          FOOTHOLD_ASSIGN_OR_RETURN(trial.objective, formats::ParseObjective(value, name));
        } else if (is_objective) {
          trial.objective = number;
        } else {
          trial.metrics[name] = number;
        }
      } else if (is_objective && value.value().is_string()) {
        FOOTHOLD_ASSIGN_OR_RETURN(trial.failure, value.String());
      } else {
        ++values_left_out_;
      }
    }
    return {};
  }

  const std::string_view text_;
  const std::string_view path_;
  RecordedSpace space_;
  bool has_objective_ = false;
  bool has_parameters_ = false;              // the file lists them
  std::optional<formats::Choices> choices_;  // if so
  std::vector<std::string> names_;           // of the parameters
  std::vector<Row> rows_;                    // one per trial
  double milliseconds_ = 1;                  // that make one of the file's unit
  std::size_t values_left_out_ = 0;
};

base::Json OwnMetadata(const RecordedSpace& space) {
  base::Json own = base::Json::Object();
  if (!space.device.empty()) own["device"] = space.device;
  if (!space.kernel.empty()) own["kernel"] = space.kernel;
  if (!space.problem_size.empty())
    own["problem_size"] = base::Json::Parse(space.problem_size).value();
  own["objective"] = space.objective;
  own["parameters"] = base::Json::Array();
  for (const RecordedParameter& parameter : space.parameters) {
    base::Json values = base::Json::Array();
    for (const ParameterValue& value : parameter.values) values.push_back(space::ToJson(value));
    own["parameters"].push_back({{"name", parameter.name}, {"values", std::move(values)}});
  }
  return own;
}

base::Json Measurement(const RecordedSpace& space, const std::string& name, base::Json value) {
  const auto unit = space.units.find(name);
  return {{"name", name},
          {"value", std::move(value)},
          {"unit", unit == space.units.end() ? "" : unit->second}};
}

base::Json ResultOf(const RecordedSpace& space, const RecordedTrial& trial) {
  base::Json configuration = base::Json::Object();
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const RecordedParameter& parameter = space.parameters[i];
    configuration[parameter.name] = space::ToJson(parameter.values[trial.config.choices[i]]);
  }
  base::Json measurements = base::Json::Array();
  if (!trial.failure.empty()) {
    measurements.push_back(Measurement(space, space.objective, trial.failure));
  }
  if (trial.objective) {
    measurements.push_back(Measurement(space, space.objective, *trial.objective));
  }
  for (const auto& [name, value] : trial.metrics) {
    measurements.push_back(Measurement(space, name, value));
  }
  return {{"timestamp", trial.timestamp},
          {"configuration", std::move(configuration)},
          {"times",
           {{"compilation", trial.compile_ms},
            {"benchmark", trial.benchmark_ms},
            {"framework", trial.framework_ms},
            {"search_algorithm", trial.search_ms},
            {"validation", trial.verify_ms},
            {"runtimes", trial.times_ms}}},
          {"invalidity", ToString(trial.outcome)},
          {"correctness", trial.outcome == Outcome::kCorrect ? 1 : 0},
          {"measurements", std::move(measurements)},
          {"objectives", base::Json::Array({space.objective})}};
}

}  // namespace

Result<RecordedSpace> ParseT4(std::string_view text, std::string_view path) {
  return T4Reader(text, path).Read();
}

WrittenSpace WriteT4(const RecordedSpace& space) {
  WrittenSpace written;
  const base::Json metadata = {{"timeunit", "milliseconds"}, {"foothold", OwnMetadata(space)}};
  written.text = fmt::format("{{\"schema_version\":\"1.0.0\",\n\"metadata\":{},\n\"results\":[\n",
                             metadata.Dump());
  for (std::size_t i = 0; i < space.trials.size(); ++i) {
    written.text += ResultOf(space, space.trials[i]).Dump();
    written.text += i + 1 < space.trials.size() ? ",\n" : "\n";
  }
  written.text += "]}\n";
  return written;
}

}  // namespace foothold

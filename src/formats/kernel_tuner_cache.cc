// Kernel Tuner's cache of what it measured (docs/formats/kernel-tuner-cache.md).

#include <fmt/core.h>

#include <array>
#include <set>
#include <utility>

#include "base/check.h"
#include "core/space/parameters_json.h"
#include "foothold/recorded_space.h"
#include "formats/choices.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

struct ErrorClass {
  std::string_view name;
  Outcome outcome;
};

/// Python's classes for configs that failed.
constexpr std::array<ErrorClass, 3> kErrors = {{
    {"InvalidConfig", Outcome::kConstraints},
    {"CompilationFailedConfig", Outcome::kCompile},
    {"RuntimeFailedConfig", Outcome::kRuntime},
}};

/// Where newer versions put the class's name; older ones have it in the place of the objective.
constexpr const char* kErrorField = "__error__";

/// The fields of an entry that are neither settings nor metrics. The objective is one more.
const std::set<std::string>& OwnFields() {
  static const std::set<std::string> kFields = {
      "times",         "compile_time",   "verification_time", "benchmark_time",
      "strategy_time", "framework_time", "timestamp",         kErrorField};
  return kFields;
}

Result<Outcome> ParseError(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  for (const ErrorClass& error : kErrors) {
    if (error.name == name) return error.outcome;
  }
  return node.Error(fmt::format(
      "is \"{}\", must be InvalidConfig, CompilationFailedConfig or RuntimeFailedConfig", name));
}

/// The text with the two braces that Kernel Tuner writes last, if it has not got that far.
std::string Closed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t last = text.find_last_not_of(kSpace);
  if (last == std::string_view::npos) return std::string(text);
  text = text.substr(0, last + 1);
  if (text.back() == ',') return std::string(text.substr(0, last)) + "}}";
  return std::string(text) + (text.back() == '{' ? "}}" : "");
}

class KernelTunerReader {
 public:
  KernelTunerReader(std::string_view text, std::string_view path)
      : text_(Closed(text)), path_(path) {}

  Result<RecordedSpace> Read() {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text_, path_));
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject file, root.Object());
    FOOTHOLD_RETURN_IF_ERROR(ReadHead(file));
    FOOTHOLD_RETURN_IF_ERROR(ReadParameters(file));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode cache, file.Require("cache"));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto entries, cache.Members());
    const formats::Choices choices(space_.parameters);
    for (const auto& [key, entry] : entries) {
      FOOTHOLD_RETURN_IF_ERROR(ReadEntry(key, entry, choices));
    }
    for (const auto& [field, count] : left_out_) {
      space_.lost.push_back(
          fmt::format("the field {} of {} entries is no number and is left out", field, count));
    }
    return std::move(space_);
  }

 private:
  Status ReadHead(base::JsonObject& file) {
    if (const auto version = file.Find("schema_version")) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, version->String());
      if (!name.starts_with("1.")) {
        return version->Error(fmt::format("is \"{}\", must be a version 1", name));
      }
    }
    FOOTHOLD_ASSIGN_OR_RETURN(space_.device, formats::ParseText(file, "device_name"));
    FOOTHOLD_ASSIGN_OR_RETURN(space_.kernel, formats::ParseText(file, "kernel_name"));
    if (const auto size = file.Find("problem_size")) space_.problem_size = size->value().Dump();
    const auto objective = file.Find("objective");
    return objective ? ReadObjective(*objective) : Status();
  }

  /// A name or, since Kernel Tuner 1.5, a list of names, of which all but the first are metrics
  /// here.
  Status ReadObjective(const base::JsonNode& node) {
    if (!node.value().is_array()) {
      FOOTHOLD_ASSIGN_OR_RETURN(space_.objective, node.String());
      return {};
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> names, node.Array());
    if (names.empty()) return node.Error("is empty, must name at least one objective");
    FOOTHOLD_ASSIGN_OR_RETURN(space_.objective, names.front().String());
    for (std::size_t i = 1; i < names.size(); ++i) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, names[i].String());
      space_.lost.push_back(
          fmt::format("{} was an objective beside {} and is a metric", name, space_.objective));
    }
    return {};
  }

  Status ReadParameters(base::JsonObject& file) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode keys, file.Require("tune_params_keys"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> names, keys.Array());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, file.Require("tune_params"));
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject values_of, values.Object());
    for (const base::JsonNode& node : names) {
      RecordedParameter parameter;
      FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, node.String());
      if (!parameter_names_.insert(parameter.name).second) return node.Error("is there again");
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, values_of.Require(parameter.name));
      FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, list.Array());
      std::set<ParameterValue> seen;
      for (const base::JsonNode& element : elements) {
        FOOTHOLD_ASSIGN_OR_RETURN(ParameterValue value, space::ParseValue(element));
        if (!seen.insert(value).second) return element.Error("is there again, values must differ");
        parameter.values.push_back(std::move(value));
      }
      space_.parameters.push_back(std::move(parameter));
    }
    return values_of.RejectUnknown();
  }

  Status ReadEntry(const std::string& key, const base::JsonNode& node,
                   const formats::Choices& choices) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject entry, node.Object());
    RecordedTrial trial;
    std::string key_of_fields;
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      const std::string& name = space_.parameters[i].name;
      FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode setting, entry.Require(name));
      FOOTHOLD_ASSIGN_OR_RETURN(const ParameterValue value, space::ParseValue(setting));
      const auto choice = choices.Find(i, value);
      if (!choice) {
        return setting.Error(
            fmt::format("is {}, which tune_params.{} does not list", setting.value().Dump(), name));
      }
      trial.config.choices.push_back(*choice);
      if (i > 0) key_of_fields += ',';
      key_of_fields += ValueText(value);
    }
    if (key != key_of_fields) {
      return node.Error(fmt::format(
          "has the settings {}, which must be its key; one of them is wrong", key_of_fields));
    }
    FOOTHOLD_RETURN_IF_ERROR(ReadTimes(entry, trial));
    FOOTHOLD_RETURN_IF_ERROR(ReadOutcome(node, entry, trial));
    FOOTHOLD_RETURN_IF_ERROR(ReadMetrics(node, trial));
    space_.trials.push_back(std::move(trial));
    return {};
  }

  static Status ReadTimes(base::JsonObject& entry, RecordedTrial& trial) {
    FOOTHOLD_ASSIGN_OR_RETURN(trial.compile_ms, formats::ParseMilliseconds(entry, "compile_time"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.verify_ms,
                              formats::ParseMilliseconds(entry, "verification_time"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.benchmark_ms,
                              formats::ParseMilliseconds(entry, "benchmark_time"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.search_ms, formats::ParseMilliseconds(entry, "strategy_time"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.framework_ms,
                              formats::ParseMilliseconds(entry, "framework_time"));
    FOOTHOLD_ASSIGN_OR_RETURN(trial.timestamp, formats::ParseText(entry, "timestamp"));
    const auto times = entry.Find("times");
    if (!times) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(trial.times_ms, formats::ParseTimes(*times));
    return {};
  }

  Status ReadOutcome(const base::JsonNode& node, base::JsonObject& entry,
                     RecordedTrial& trial) const {
    trial.outcome = Outcome::kCorrect;
    const auto objective = entry.Find(space_.objective);
    if (objective && objective->value().is_number()) {
      FOOTHOLD_ASSIGN_OR_RETURN(trial.objective, objective->Number());
    }
    const auto own = entry.Find(kErrorField);
    const bool has_own = own && !own->value().is_null();
    if (trial.objective && !has_own) {
      FOOTHOLD_RETURN_IF_ERROR(formats::ParseObjective(*objective, space_.objective).status());
    }
    if (has_own || (objective && !trial.objective)) {
      const base::JsonNode& error = has_own ? *own : *objective;
      FOOTHOLD_ASSIGN_OR_RETURN(trial.outcome, ParseError(error));
      FOOTHOLD_ASSIGN_OR_RETURN(trial.failure, error.String());
    }
    if (trial.outcome != Outcome::kCorrect || trial.objective) return {};
    return node.Error(fmt::format("must have a \"{}\", the objective, or an \"{}\"",
                                  space_.objective, kErrorField));
  }

  Status ReadMetrics(const base::JsonNode& node, RecordedTrial& trial) {
    for (const auto& [field, value] : node.value().members()) {
      if (field == space_.objective || OwnFields().contains(field)) continue;
      if (parameter_names_.contains(field)) continue;
      if (value.is_number()) {
        trial.metrics[field] = value.number();
      } else {
        ++left_out_[field];
      }
    }
    return {};
  }

  const std::string text_;
  const std::string_view path_;
  RecordedSpace space_;
  std::set<std::string> parameter_names_;
  std::map<std::string, std::size_t> left_out_;  // fields, and how often
};

/// Turns trials into entries and counts what that loses.
class Writer {
 public:
  explicit Writer(const RecordedSpace& space) : space_(space) {
    for (const RecordedParameter& parameter : space.parameters) taken_.insert(parameter.name);
    taken_.insert(OwnFields().begin(), OwnFields().end());
    taken_.insert(space.objective);
  }

  WrittenSpace Write() {
    WrittenSpace written;
    written.text = Head();
    for (const RecordedTrial& trial : space_.trials) {
      const std::string key = Key(trial.config);
      if (!keys_.insert(key).second) continue;
      written.text += fmt::format("{}\n{}: {}", keys_.size() > 1 ? "," : "", base::Json(key).Dump(),
                                  Entry(trial).Dump());
    }
    // Kernel Tuner takes a file that ends otherwise for one that it must close.
    written.text += "}\n}";
    Count(space_.trials.size() - keys_.size(), "trials of a config that is there again",
          "left out");
    Count(reworded_, "timeouts and wrong answers", "written as RuntimeFailedConfig");
    Count(words_, "words for failures", "replaced by the names of Kernel Tuner's classes");
    Count(metrics_, "metrics whose names are taken", "left out");
    Count(space_.units.size(), "units of measurements", "left out");
    written.lost = std::move(lost_);
    return written;
  }

 private:
  void Count(std::size_t count, std::string_view what, std::string_view fate) {
    if (count > 0) lost_.push_back(fmt::format("{} {} are {}", count, what, fate));
  }

  std::string Head() const {
    base::Json keys = base::Json::Array();
    base::Json values = base::Json::Object();
    for (const RecordedParameter& parameter : space_.parameters) {
      keys.push_back(parameter.name);
      base::Json list = base::Json::Array();
      for (const ParameterValue& value : parameter.values) list.push_back(space::ToJson(value));
      values[parameter.name] = std::move(list);
    }
    return fmt::format(
        "{{\n\"device_name\": {},\n\"kernel_name\": {},\n\"problem_size\": {},\n"
        "\"tune_params_keys\": {},\n\"tune_params\": {},\n\"objective\": {},\n\"cache\": {{",
        base::Json(space_.device).Dump(), base::Json(space_.kernel).Dump(),
        space_.problem_size.empty() ? "\"\"" : space_.problem_size, keys.Dump(), values.Dump(),
        base::Json(space_.objective).Dump());
  }

  std::string Key(const Config& config) const {
    std::string key;
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      if (i > 0) key += ',';
      key += ValueText(space_.parameters[i].values[config.choices[i]]);
    }
    return key;
  }

  std::string ErrorOf(const RecordedTrial& trial) {
    Outcome outcome = trial.outcome;
    if (outcome == Outcome::kTimeout || outcome == Outcome::kCorrectness) {
      outcome = Outcome::kRuntime;
      ++reworded_;
    }
    for (const ErrorClass& error : kErrors) {
      if (error.outcome != outcome) continue;
      if (!trial.failure.empty() && trial.failure != error.name) ++words_;
      return std::string(error.name);
    }
    FOOTHOLD_CHECK(false, "the trial did not fail");
  }

  base::Json Entry(const RecordedTrial& trial) {
    base::Json entry;
    for (std::size_t i = 0; i < space_.parameters.size(); ++i) {
      const RecordedParameter& parameter = space_.parameters[i];
      entry[parameter.name] = space::ToJson(parameter.values[trial.config.choices[i]]);
    }
    if (trial.objective) entry[space_.objective] = *trial.objective;
    if (trial.outcome != Outcome::kCorrect) {
      const std::string error = ErrorOf(trial);
      entry[trial.objective ? std::string(kErrorField) : space_.objective] = error;
    }
    if (!trial.times_ms.empty()) entry["times"] = trial.times_ms;
    entry["compile_time"] = trial.compile_ms;
    entry["verification_time"] = trial.verify_ms;
    entry["benchmark_time"] = trial.benchmark_ms;
    for (const auto& [name, value] : trial.metrics) {
      if (taken_.contains(name)) {
        ++metrics_;
      } else {
        entry[name] = value;
      }
    }
    entry["strategy_time"] = trial.search_ms;
    entry["framework_time"] = trial.framework_ms;
    entry["timestamp"] = trial.timestamp;
    return entry;
  }

  const RecordedSpace& space_;
  std::set<std::string> taken_;  // names that a metric must not have
  std::set<std::string> keys_;   // written so far
  std::size_t reworded_ = 0;
  std::size_t words_ = 0;
  std::size_t metrics_ = 0;
  std::vector<std::string> lost_;
};

}  // namespace

Result<RecordedSpace> ParseKernelTunerCache(std::string_view text, std::string_view path) {
  return KernelTunerReader(text, path).Read();
}

WrittenSpace WriteKernelTunerCache(const RecordedSpace& space) { return Writer(space).Write(); }

}  // namespace foothold

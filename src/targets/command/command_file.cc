#include "targets/command/command_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "core/workload/workload_json.h"
#include "targets/child/process_failure.h"

namespace foothold::command {
namespace {

constexpr const char* kFormat = "foothold-command-target";
constexpr std::size_t kMaxValues = 100'000;
constexpr std::int64_t kMaxBuildsPerTrial = 1024;
constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

/// sysexits.h: "temporary failure; the user is invited to retry".
constexpr int kTemporaryFailure = 75;

/// What stages differ in.
struct StageRules {
  const char* name;
  double wall_s;                  ///< the default limit
  std::vector<Outcome> outcomes;  ///< what an exit code may mean, beside infrastructure
};

bool IsParameterName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class Reader {
 public:
  explicit Reader(std::string_view path) { file_.path = path; }

  Result<CommandFile> Read(const base::JsonNode& root);

 private:
  Status ReadHead(base::JsonObject& object);
  Status ReadParameters(const base::JsonNode& list);
  Status ReadConstraint(const base::JsonNode& node);
  Status ReadEnvironment(const base::JsonNode& node);
  Status ReadDepends(const base::JsonNode& node);
  Status ReadOutputs(const base::JsonNode& node);
  Result<Stage> ReadStage(const base::JsonNode& node, const StageRules& rules) const;
  Status ReadCommand(const base::JsonNode& node, Stage& stage) const;
  Status CheckPlaceholder(const base::JsonNode& node, const std::string& name) const;
  static Status ReadLimits(const base::JsonNode& node, ProcessLimits& limits);
  static Status ReadOutcomes(const base::JsonNode& node, const StageRules& rules, Stage& stage);

  CommandFile file_;
};

Result<CommandFile> Reader::Read(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  FOOTHOLD_RETURN_IF_ERROR(ReadHead(object));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode parameters, object.Require("parameters"));
  FOOTHOLD_RETURN_IF_ERROR(ReadParameters(parameters));
  if (const auto constraints = object.Find("constraints")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, constraints->Array());
    for (const base::JsonNode& node : nodes) FOOTHOLD_RETURN_IF_ERROR(ReadConstraint(node));
  }
  if (const auto environment = object.Find("environment")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadEnvironment(*environment));
  }
  if (const auto depends = object.Find("depends")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadDepends(*depends));
  }
  if (const auto outputs = object.Find("outputs")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadOutputs(*outputs));
  }
  if (const auto build = object.Find("build")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.build, ReadStage(*build, {"build", 300, {Outcome::kCompile}}));
  }
  if (const auto builds = object.Find("builds_per_trial")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number, builds->Int64(1, kMaxBuildsPerTrial));
    if (number > 1 && !file_.build) {
      return builds->Error(fmt::format("is {}, must be 1 in a file without \"build\"", number));
    }
    file_.builds_per_trial = static_cast<int>(number);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode run, object.Require("run"));
  FOOTHOLD_ASSIGN_OR_RETURN(
      file_.run,
      ReadStage(run, {"run", 600, {Outcome::kRuntime, Outcome::kTimeout, Outcome::kCorrectness}}));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  // What is wrong with the space as a whole is known only now.
  const Result<Space> space = Space::Create(file_.parameters, file_.constraints, kMostSpaceNodes);
  if (!space.ok()) return parameters.Error(space.status().message());
  return std::move(file_);
}

Status Reader::ReadHead(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode format, object.Require("format"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, format.String());
  if (name != kFormat) return format.Error(fmt::format("must be \"{}\"", kFormat));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  if (const auto description = object.Find("description")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.description, description->String());
    if (file_.description.find('\n') != std::string::npos) {
      return description->Error("has several lines, must be one");
    }
  }
  if (const auto exact = object.Find("exact_times")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.exact_times, exact->Bool());
  }
  if (const auto workload = object.Find("workload")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.workload, workload::ParseWorkload(*workload));
  }
  return {};
}

Status Reader::ReadParameters(const base::JsonNode& list) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list.Array());
  if (nodes.empty()) return list.Error("is empty, must hold at least one parameter");
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("name"));
    Parameter parameter;
    FOOTHOLD_ASSIGN_OR_RETURN(parameter.name, name.String());
    if (!IsParameterName(parameter.name)) {
      return name.Error("must be a name of letters, digits and \"_\"");
    }
    if (parameter.name == kWorkdir || parameter.name == kHere || parameter.name == kIndex) {
      return name.Error("is taken: {workdir}, {here} and {index} have a meaning of their own");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode values, object.Require("values"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, values.Array());
    if (elements.empty() || elements.size() > kMaxValues) {
      return values.Error(
          fmt::format("has {} values, must have 1 to {}", elements.size(), kMaxValues));
    }
    for (const base::JsonNode& element : elements) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value,
                                element.Int64(std::numeric_limits<std::int64_t>::min(), kMaxInt64));
      parameter.values.push_back(value);
    }
    FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
    file_.parameters.push_back(std::move(parameter));
  }
  return {};
}

Status Reader::ReadConstraint(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode of, object.Require("product_of"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, of.Array());
  std::set<std::string> names;
  std::vector<std::string> order;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, element.String());
    const auto parameter =
        std::find_if(file_.parameters.begin(), file_.parameters.end(),
                     [&](const Parameter& candidate) { return candidate.name == name; });
    if (parameter == file_.parameters.end()) return element.Error("is no parameter");
    if (!names.insert(name).second) return element.Error("is named twice");
    if (*std::min_element(parameter->values.begin(), parameter->values.end()) < 0) {
      return element.Error("has negative values; a product is bounded only without");
    }
    order.push_back(name);
  }
  if (order.empty()) return of.Error("is empty, must name at least one parameter");
  std::int64_t factor = 1;
  if (const auto times = object.Find("times")) {
    FOOTHOLD_ASSIGN_OR_RETURN(factor, times->Int64(1, kMaxInt64));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode at_most, object.Require("at_most"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t limit, at_most.Int64(0, kMaxInt64));
  std::string description =
      fmt::format("{}{} is at most {}", factor == 1 ? "" : fmt::format("{} * ", factor),
                  base::Joined(order, " * "), limit);
  if (const auto given = object.Find("description")) {
    FOOTHOLD_ASSIGN_OR_RETURN(description, given->String());
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  file_.constraints.push_back(
      Constraint::ProductAtMost(std::move(description), std::move(order), factor, limit));
  return {};
}

Status Reader::ReadEnvironment(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto variables, node.Members());
  for (const auto& [name, value] : variables) {
    if (name.empty() || name.find_first_of(std::string("=\0", 2)) != std::string::npos) {
      return value.Error("is no name of an environment variable");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(file_.environment[name], value.String());
  }
  return {};
}

Status Reader::ReadDepends(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string path, element.String());
    if (path.empty() || path.find('\0') != std::string::npos) {
      return element.Error("must be the path of a file or a directory");
    }
    file_.depends.push_back({std::move(path), element.Where()});
  }
  return {};
}

Status Reader::ReadOutputs(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string pattern, element.String());
    if (pattern.empty() || pattern.find('\0') != std::string::npos) {
      return element.Error("must be the path of a file, or a pattern with * and ?");
    }
    file_.outputs.push_back(std::move(pattern));
  }
  return {};
}

Result<Stage> Reader::ReadStage(const base::JsonNode& node, const StageRules& rules) const {
  Stage stage;
  stage.limits = child::CandidateLimits(rules.wall_s);
  stage.outcomes[kTemporaryFailure] = std::nullopt;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode command, object.Require("command"));
  FOOTHOLD_RETURN_IF_ERROR(ReadCommand(command, stage));
  if (const auto limits = object.Find("limits")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadLimits(*limits, stage.limits));
  }
  if (const auto outcomes = object.Find("outcomes")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadOutcomes(*outcomes, rules, stage));
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return stage;
}

Status Reader::ReadCommand(const base::JsonNode& node, Stage& stage) const {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  if (elements.empty()) return node.Error("is empty, must begin with a program");
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, element.String());
    if (text.find('\0') != std::string::npos) return element.Error("holds a NUL character");
    Result<Argument> argument = Argument::Parse(text);
    if (!argument.ok()) return element.Error(argument.status().message());
    for (const std::string& name : argument->Names()) {
      FOOTHOLD_RETURN_IF_ERROR(CheckPlaceholder(element, name));
    }
    stage.command.push_back(*std::move(argument));
    stage.where.push_back(element.Where());
  }
  return {};
}

Status Reader::CheckPlaceholder(const base::JsonNode& node, const std::string& name) const {
  std::vector<std::string> known = {kWorkdir, kHere, kIndex};
  for (const Parameter& parameter : file_.parameters) known.push_back(parameter.name);
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  if (name.starts_with(kWorkloadPrefix)) return {};  // Prepare knows the fields
  return node.Error(
      fmt::format("has the placeholder {{{}}}; there are {{{}}} and {{workload.FIELD}}", name,
                  base::Joined(known, "}, {")));
}

Status Reader::ReadLimits(const base::JsonNode& node, ProcessLimits& limits) {
  constexpr std::int64_t kMaxMegabytes = std::int64_t{1} << 32;
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  const std::pair<const char*, std::optional<double> ProcessLimits::*> seconds[] = {
      {"wall_s", &ProcessLimits::wall_s}, {"cpu_s", &ProcessLimits::cpu_s}};
  for (const auto& [name, member] : seconds) {
    const auto field = object.Find(name);
    if (!field) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(const double value, field->Number());
    if (!(value > 0 && value <= 1e6)) {
      return field->Error(fmt::format("is {}, must be above 0 and at most 1e6 s", value));
    }
    limits.*member = value;
  }
  const std::pair<const char*, std::optional<std::uint64_t> ProcessLimits::*> megabytes[] = {
      {"memory_mb", &ProcessLimits::memory_bytes},
      {"output_mb", &ProcessLimits::output_bytes},
      {"file_mb", &ProcessLimits::file_bytes}};
  for (const auto& [name, member] : megabytes) {
    const auto field = object.Find(name);
    if (!field) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, field->Int64(1, kMaxMegabytes));
    limits.*member = static_cast<std::uint64_t>(value) << 20;
  }
  if (const auto processes = object.Find("processes")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, processes->Int64(1, 100'000));
    limits.processes = static_cast<int>(value);
  }
  return object.RejectUnknown();
}

Status Reader::ReadOutcomes(const base::JsonNode& node, const StageRules& rules, Stage& stage) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto codes, node.Members());
  for (const auto& [code_text, field] : codes) {
    int code = 0;
    const char* end = code_text.data() + code_text.size();
    const auto [parsed, error] = std::from_chars(code_text.data(), end, code);
    if (error != std::errc() || parsed != end || code < 1 || code > 255) {
      return field.Error("is no exit code of a failure; those are 1 to 255");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, field.String());
    std::vector<std::string> known = {"infrastructure"};
    std::optional<Outcome> meaning;
    for (const Outcome outcome : rules.outcomes) {
      known.emplace_back(ToString(outcome));
      if (known.back() == name) meaning = outcome;
    }
    if (!meaning && name != known.front()) {
      return field.Error(
          fmt::format("is \"{}\", must be one of {}", name, base::Joined(known, ", ")));
    }
    stage.outcomes[code] = meaning;
  }
  return {};
}

}  // namespace

Result<CommandFile> ParseCommandFile(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  return Reader(path).Read(root);
}

}  // namespace foothold::command

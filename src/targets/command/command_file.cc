#include "targets/command/command_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "core/workload/workload_json.h"
#include "targets/child/process_failure.h"
#include "targets/command/command_space.h"

namespace foothold::command {
namespace {

constexpr const char* kFormat = "foothold-command-target";
constexpr std::int64_t kMaxBuildsPerTrial = 1024;

/// sysexits.h: "temporary failure; the user is invited to retry".
constexpr int kTemporaryFailure = 75;

/// What stages differ in.
struct StageRules {
  const char* name;
  double wall_s;                  ///< the default limit
  std::vector<Outcome> outcomes;  ///< what an exit code may mean, beside infrastructure
};

/// Files are made in the candidate's folder and nowhere else.
Status CheckInWorkdir(const base::JsonNode& node, const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  const bool is_inside = !path.empty() && path.find('\0') == std::string::npos &&
                         normal.is_relative() && normal.has_filename() && normal != "." &&
                         *normal.begin() != "..";
  if (is_inside) return {};
  return node.Error("must be named by a path in {workdir}, without \"..\"");
}

class Reader {
 public:
  explicit Reader(std::string_view path) { file_.path = path; }

  Result<CommandFile> Read(const base::JsonNode& root);

 private:
  Status ReadHead(base::JsonObject& object);
  Status ReadEnvironment(const base::JsonNode& node);
  Status ReadFiles(const base::JsonNode& node);
  Status ReadTemplates(const base::JsonNode& node);
  Status ReadDepends(const base::JsonNode& node);
  Status ReadOutputs(const base::JsonNode& node);
  Result<Stage> ReadStage(const base::JsonNode& node, const StageRules& rules) const;
  Status ReadCommand(const base::JsonNode& node, Stage& stage) const;
  Result<Argument> ReadText(const base::JsonNode& node) const;
  Status CheckPlaceholder(const base::JsonNode& node, const std::string& name) const;
  static Status ReadLimits(const base::JsonNode& node, ProcessLimits& limits);
  static Status ReadOutcomes(const base::JsonNode& node, const StageRules& rules, Stage& stage);

  CommandFile file_;
};

Result<CommandFile> Reader::Read(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  FOOTHOLD_RETURN_IF_ERROR(ReadHead(object));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode parameters, object.Require("parameters"));
  FOOTHOLD_ASSIGN_OR_RETURN(file_.parameters, ReadParameters(parameters));
  if (const auto constraints = object.Find("constraints")) {
    FOOTHOLD_ASSIGN_OR_RETURN(file_.constraints, ReadConstraints(*constraints, file_.parameters));
  }
  if (const auto environment = object.Find("environment")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadEnvironment(*environment));
  }
  if (const auto files = object.Find("files")) FOOTHOLD_RETURN_IF_ERROR(ReadFiles(*files));
  if (const auto templates = object.Find("templates")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadTemplates(*templates));
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

Status Reader::ReadEnvironment(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto variables, node.Members());
  for (const auto& [name, value] : variables) {
    if (name.empty() || name.find_first_of(std::string("=\0", 2)) != std::string::npos) {
      return value.Error("is no name of an environment variable");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(Argument text, ReadText(value));
    file_.environment.emplace(name, PlacedText{std::move(text), value.Where()});
  }
  return {};
}

Status Reader::ReadFiles(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto files, node.Members());
  for (const auto& [path, content] : files) {
    FOOTHOLD_RETURN_IF_ERROR(CheckInWorkdir(content, path));
    FOOTHOLD_ASSIGN_OR_RETURN(Argument text, ReadText(content));
    file_.files.emplace(path, PlacedText{std::move(text), content.Where()});
  }
  return {};
}

Status Reader::ReadTemplates(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto templates, node.Members());
  for (const auto& [path, source] : templates) {
    FOOTHOLD_RETURN_IF_ERROR(CheckInWorkdir(source, path));
    if (file_.files.contains(path)) return source.Error("is made twice: \"files\" has it too");
    FOOTHOLD_ASSIGN_OR_RETURN(std::string from, source.String());
    if (from.empty() || from.find('\0') != std::string::npos) {
      return source.Error("must be the path of a file");
    }
    file_.templates.push_back({path, std::move(from), source.Where()});
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
    FOOTHOLD_ASSIGN_OR_RETURN(Argument argument, ReadText(element));
    stage.command.push_back({std::move(argument), element.Where()});
  }
  return {};
}

Result<Argument> Reader::ReadText(const base::JsonNode& node) const {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
  if (text.find('\0') != std::string::npos) return node.Error("holds a NUL character");
  Result<Argument> argument = Argument::Parse(text);
  if (!argument.ok()) return node.Error(argument.status().message());
  for (const std::string& name : argument->Names()) {
    FOOTHOLD_RETURN_IF_ERROR(CheckPlaceholder(node, name));
  }
  return argument;
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

std::vector<const PlacedText*> TextsOf(const CommandFile& file) {
  std::vector<const PlacedText*> texts;
  for (const Stage* stage : {file.build ? &*file.build : nullptr, &file.run}) {
    if (stage == nullptr) continue;
    for (const PlacedText& text : stage->command) texts.push_back(&text);
  }
  for (const auto& [name, text] : file.environment) texts.push_back(&text);
  for (const auto& [path, text] : file.files) texts.push_back(&text);
  return texts;
}

Result<CommandFile> ParseCommandFile(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  return Reader(path).Read(root);
}

}  // namespace foothold::command

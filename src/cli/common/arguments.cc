#include "cli/common/arguments.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "base/file_limits.h"
#include "base/text.h"

namespace foothold::cli {
namespace {

template <typename Integer>
std::optional<Integer> ParseInteger(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<Config> ConfigAt(std::string_view text, const Space& space) {
  const auto index = ParseInteger<std::uint64_t>(text);
  if (index && *index < space.raw_size()) return space.AtIndex(*index);
  return Status::InvalidArgument(fmt::format("config: index '{}' must be a number from 0 to {}",
                                             base::OneLine(std::string(text)),
                                             space.raw_size() - 1));
}

std::vector<std::string_view> SplitAssignments(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t start = text.find_first_not_of(", \t");
    if (start == std::string_view::npos) return parts;
    text.remove_prefix(start);
    const std::size_t end = std::min(text.find_first_of(", \t"), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string ParameterNames(const Space& space) {
  std::vector<std::string> names;
  for (const Parameter& parameter : space.parameters()) names.push_back(parameter.name);
  return base::Joined(names, ", ");
}

bool HasParameter(const Space& space, std::string_view name) {
  return std::any_of(space.parameters().begin(), space.parameters().end(),
                     [&](const Parameter& parameter) { return parameter.name == name; });
}

using Assignments = std::map<std::string, std::int64_t, std::less<>>;

Result<Assignments> ParseAssignments(std::string_view text, const Space& space) {
  Assignments assignments;
  for (const std::string_view part : SplitAssignments(text)) {
    const std::size_t equals = part.find('=');
    const std::string name(part.substr(0, equals));
    const auto value = equals == std::string_view::npos
                           ? std::nullopt
                           : ParseInteger<std::int64_t>(part.substr(equals + 1));
    if (!value) {
      return Status::InvalidArgument(
          fmt::format("config: '{}' must be NAME=NUMBER, or the whole config an index",
                      base::OneLine(std::string(part))));
    }
    if (!HasParameter(space, name)) {
      return Status::InvalidArgument(fmt::format("config: {}: no such parameter; there are {}",
                                                 base::OneLine(name), ParameterNames(space)));
    }
    if (!assignments.emplace(name, *value).second) {
      return Status::InvalidArgument(fmt::format("config: {}: is given twice", name));
    }
  }
  return assignments;
}

}  // namespace

Result<std::vector<Workload>> ResolveWorkloads(std::string_view argument, Env& env) {
  if (argument.starts_with("conv2d:") || argument.starts_with("dense:") ||
      argument.starts_with("kernel:")) {
    FOOTHOLD_ASSIGN_OR_RETURN(Workload workload, ParseInlineWorkload(argument));
    return std::vector<Workload>{std::move(workload)};
  }
  const std::string path(argument);
  if (argument.ends_with(".json") || env.FileExists(path)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string json,
                              env.ReadFile(path, base::kMostDescriptionBytes));
    return ParseWorkloads(json, path);
  }
  return FindWorkloads(argument);
}

Result<std::vector<Workload>> ResolveAllWorkloads(const std::vector<std::string>& arguments,
                                                  Env& env) {
  std::vector<Workload> all;
  std::set<std::string> names;
  for (const std::string& argument : arguments) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Workload> some, ResolveWorkloads(argument, env));
    for (Workload& workload : some) {
      if (!names.insert(workload.name).second) return GivenTwice(workload);
      all.push_back(std::move(workload));
    }
  }
  return all;
}

Status GivenTwice(const Workload& workload) {
  return Status::InvalidArgument(fmt::format("workload '{}' is given twice", workload.name));
}

Result<Workload> ResolveOneWorkload(std::string_view argument, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Workload> workloads, ResolveWorkloads(argument, env));
  if (workloads.size() == 1) return std::move(workloads.front());
  if (workloads.empty()) {
    return Status::InvalidArgument(fmt::format("'{}' has no workloads", argument));
  }
  return Status::InvalidArgument(
      fmt::format("'{}' stands for {} workloads; name one, for example {}", argument,
                  workloads.size(), workloads.front().name));
}

Result<Config> ParseConfig(std::string_view text, const Space& space) {
  constexpr std::string_view kIndex = "index=";
  if (text.starts_with(kIndex)) return ConfigAt(text.substr(kIndex.size()), space);
  if (text.find('=') == std::string_view::npos) return ConfigAt(text, space);

  FOOTHOLD_ASSIGN_OR_RETURN(const Assignments assignments, ParseAssignments(text, space));
  std::vector<std::int64_t> values;
  for (const Parameter& parameter : space.parameters()) {
    const auto given = assignments.find(parameter.name);
    if (given != assignments.end()) {
      values.push_back(given->second);
    } else if (parameter.values.size() == 1) {
      values.push_back(parameter.values[0]);
    } else {
      return Status::InvalidArgument(fmt::format("config: {}: is missing; it is one of {}",
                                                 parameter.name,
                                                 base::Joined(parameter.values, ", ")));
    }
  }
  return space.FromValues(values);
}

std::string DescribeConfig(const std::vector<Parameter>& parameters, const Config& config) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (parameter.values.size() == 1) continue;
    const std::string value = ValueText(parameter.ValueAt(config.choices[i]));
    parts.push_back(fmt::format("{}={}", parameter.name, value));
  }
  return base::Joined(parts, " ");
}

}  // namespace foothold::cli

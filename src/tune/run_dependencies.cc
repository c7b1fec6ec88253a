#include "tune/run_dependencies.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/content_hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "records/log/changes.h"

namespace foothold::tune {
namespace {

/// Of a space with more constraints the valid configs speak for the rest.
constexpr std::size_t kMostConstraints = 100;
/// Valid configs that stand for all, at equal distances in the space's order.
constexpr std::uint64_t kSampledConfigs = 256;

Status AddListed(const std::vector<std::string>& paths, Env& env, Dependencies& dependencies) {
  for (const std::string& path : paths) {
    const Result<std::string> hash = base::HashTree(env, path);
    if (!hash.ok()) return Status(hash.status().code(), "depends: " + hash.status().message());
    dependencies[path] = *hash;
  }
  return {};
}

/// Whose clock says what a candidate takes.
bool IsMeasuredOnHost(const TargetTask& task) {
  return task.traits().candidates_can_harm_host && !task.traits().times_are_exact;
}

}  // namespace

void AddConstraints(const Space& space, Dependencies& dependencies) {
  const std::vector<Constraint>& constraints = space.constraints();
  if (constraints.empty()) return;
  for (std::size_t i = 0; i < std::min(constraints.size(), kMostConstraints); ++i) {
    dependencies[records::kConstraintPrefix + constraints[i].description()] =
        fmt::format("over {}", base::Joined(constraints[i].parameters(), ", "));
  }
  std::string sample;
  const std::uint64_t count = space.valid_count();
  const std::uint64_t sampled = std::min(count, kSampledConfigs);
  for (std::uint64_t i = 0; i < sampled; ++i) {
    const std::uint64_t rank = sampled == count ? i : count / sampled * i;
    sample += fmt::format("{}\n", base::Joined(space.Unrank(rank).choices, ","));
  }
  dependencies[records::kValidConfigs] =
      fmt::format("{} of {}, {}", count, space.raw_size(), base::ContentHash(sample));
}

Result<Dependencies> DependenciesOf(const TargetTask& task, const TunerOptions& options,
                                    const std::map<std::string, std::string>& machine, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(Dependencies dependencies, task.DependsOn(env));
  AddConstraints(task.space(), dependencies);
  FOOTHOLD_RETURN_IF_ERROR(AddListed(options.depends, env, dependencies));
  const auto processor = machine.find("cpu");
  if (IsMeasuredOnHost(task) && processor != machine.end()) {
    dependencies[kHostProcessor] = processor->second;
  }
  Dependencies valid;  // so that the log gives back what it was given
  for (const auto& [name, value] : dependencies)
    valid[base::ValidUtf8(name)] = base::ValidUtf8(value);
  return valid;
}

}  // namespace foothold::tune

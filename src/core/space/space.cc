#include "foothold/space.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "core/space/diagram.h"

namespace foothold {

struct Space::Impl {
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;
  std::vector<std::vector<std::size_t>> constraint_parameters;
  std::uint64_t raw_size = 1;
  space::Diagram diagram;
};

namespace {

constexpr std::uint64_t kLargestRawSize = std::uint64_t{1} << 63;

Status CheckLabels(const Parameter& parameter) {
  if (parameter.labels.empty()) return {};
  if (parameter.labels.size() != parameter.values.size()) {
    return Status::InvalidArgument(fmt::format("space: parameter '{}' has {} labels for {} values",
                                               parameter.name, parameter.labels.size(),
                                               parameter.values.size()));
  }
  std::set<ParameterValue> labels;
  for (const ParameterValue& label : parameter.labels) {
    if (!labels.insert(label).second) {
      return Status::InvalidArgument(fmt::format("space: parameter '{}' has the value {} twice",
                                                 parameter.name, ValueText(label)));
    }
  }
  return {};
}

Status CheckParameters(const std::vector<Parameter>& parameters) {
  std::set<std::string> names;
  for (const Parameter& parameter : parameters) {
    if (!names.insert(parameter.name).second) {
      return Status::InvalidArgument(
          fmt::format("space: two parameters are named '{}'", parameter.name));
    }
    if (parameter.values.empty()) {
      return Status::InvalidArgument(
          fmt::format("space: parameter '{}' has no values", parameter.name));
    }
    std::set<std::int64_t> values;
    for (const std::int64_t value : parameter.values) {
      if (!values.insert(value).second) {
        return Status::InvalidArgument(
            fmt::format("space: parameter '{}' has the value {} twice", parameter.name, value));
      }
    }
    FOOTHOLD_RETURN_IF_ERROR(CheckLabels(parameter));
  }
  return {};
}

Result<std::uint64_t> RawSize(const std::vector<Parameter>& parameters) {
  std::uint64_t size = 1;
  for (const Parameter& parameter : parameters) {
    if (parameter.values.size() > kLargestRawSize / size) {
      return Status::InvalidArgument(
          fmt::format("space: the product of the numbers of values exceeds 2^63 at parameter '{}'",
                      parameter.name));
    }
    size *= parameter.values.size();
  }
  return size;
}

/// The indices of the parameters that `constraint` names.
Result<std::vector<std::size_t>> Resolve(const Constraint& constraint,
                                         const std::vector<Parameter>& parameters) {
  std::vector<std::size_t> indices;
  for (const std::string& name : constraint.parameters()) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& p) { return p.name == name; });
    if (found == parameters.end()) {
      return Status::InvalidArgument(fmt::format("space: constraint '{}' names no parameter '{}'",
                                                 constraint.description(), name));
    }
    const auto index = static_cast<std::size_t>(found - parameters.begin());
    if (std::find(indices.begin(), indices.end(), index) != indices.end()) {
      return Status::InvalidArgument(fmt::format(
          "space: constraint '{}' names parameter '{}' twice", constraint.description(), name));
    }
    const std::int64_t least = *std::min_element(found->values.begin(), found->values.end());
    if (least < constraint.least_value()) {
      return Status::InvalidArgument(
          fmt::format("space: constraint '{}' needs values of at least {}, parameter '{}' has {}",
                      constraint.description(), constraint.least_value(), name, least));
    }
    indices.push_back(index);
  }
  return indices;
}

bool Holds(const Constraint& constraint, std::span<const std::int64_t> values) {
  if (!constraint.is_fold()) return constraint.predicate()(values);
  std::int64_t state = constraint.initial();
  for (const std::int64_t value : values) state = constraint.step()(state, value);
  return constraint.accept()(state);
}

}  // namespace

Space::Space(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Space> Space::Create(std::vector<Parameter> parameters, std::vector<Constraint> constraints,
                            std::size_t max_nodes) {
  FOOTHOLD_RETURN_IF_ERROR(CheckParameters(parameters));
  auto impl = std::make_shared<Impl>();
  FOOTHOLD_ASSIGN_OR_RETURN(impl->raw_size, RawSize(parameters));
  for (const Constraint& constraint : constraints) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::vector<std::size_t> own, Resolve(constraint, parameters));
    impl->constraint_parameters.push_back(std::move(own));
  }
  impl->parameters = std::move(parameters);
  impl->constraints = std::move(constraints);
  FOOTHOLD_ASSIGN_OR_RETURN(impl->diagram,
                            space::Diagram::Build(impl->parameters, impl->constraints,
                                                  impl->constraint_parameters, max_nodes));
  return Space(std::move(impl));
}

const std::vector<Parameter>& Space::parameters() const { return impl_->parameters; }
const std::vector<Constraint>& Space::constraints() const { return impl_->constraints; }
std::uint64_t Space::raw_size() const { return impl_->raw_size; }
std::uint64_t Space::valid_count() const { return impl_->diagram.count(); }
std::size_t Space::diagram_nodes() const { return impl_->diagram.nodes(); }

bool Space::Contains(const Config& config) const {
  if (config.choices.size() != impl_->parameters.size()) return false;
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    if (config.choices[i] >= impl_->parameters[i].values.size()) return false;
  }
  return true;
}

bool Space::IsValid(const Config& config) const { return Rank(config).has_value(); }

const Constraint* Space::FirstBroken(const Config& config) const {
  const std::vector<std::int64_t> values = Values(config);
  std::vector<std::int64_t> own;
  for (std::size_t c = 0; c < impl_->constraints.size(); ++c) {
    own.clear();
    for (const std::size_t parameter : impl_->constraint_parameters[c]) {
      own.push_back(values[parameter]);
    }
    if (!Holds(impl_->constraints[c], own)) return &impl_->constraints[c];
  }
  return nullptr;
}

Config Space::Unrank(std::uint64_t rank) const { return impl_->diagram.Unrank(rank); }

std::optional<std::uint64_t> Space::Rank(const Config& config) const {
  FOOTHOLD_CHECK(Contains(config));
  return impl_->diagram.Rank(config);
}

Config Space::AtIndex(std::uint64_t index) const {
  FOOTHOLD_CHECK(index < raw_size());
  Config config;
  config.choices.reserve(impl_->parameters.size());
  for (const Parameter& parameter : impl_->parameters) {
    config.choices.push_back(static_cast<std::uint32_t>(index % parameter.values.size()));
    index /= parameter.values.size();
  }
  return config;
}

std::uint64_t Space::IndexOf(const Config& config) const {
  FOOTHOLD_CHECK(Contains(config));
  std::uint64_t index = 0;
  for (std::size_t i = config.choices.size(); i-- > 0;) {
    index = index * impl_->parameters[i].values.size() + config.choices[i];
  }
  return index;
}

Config Space::Sample(Rng& rng) const {
  FOOTHOLD_CHECK(valid_count() > 0);
  return Unrank(rng.Below(valid_count()));
}

std::vector<Config> Space::Neighbours(const Config& config) const {
  FOOTHOLD_CHECK(Contains(config));
  std::vector<Config> neighbours;
  Config moved = config;
  const auto add_if_valid = [&] {
    if (impl_->diagram.Rank(moved).has_value()) neighbours.push_back(moved);
  };
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    const Parameter& parameter = impl_->parameters[i];
    const std::uint32_t choice = config.choices[i];
    const auto last = static_cast<std::uint32_t>(parameter.values.size() - 1);
    const std::uint32_t from = parameter.is_ordered ? choice - std::min(choice, 1U) : 0;
    const std::uint32_t to = parameter.is_ordered ? std::min(choice + 1, last) : last;
    for (std::uint32_t other = from; other <= to; ++other) {
      if (other == choice) continue;
      moved.choices[i] = other;
      add_if_valid();
    }
    moved.choices[i] = choice;
  }
  return neighbours;
}

std::vector<std::int64_t> Space::Values(const Config& config) const {
  FOOTHOLD_CHECK(Contains(config));
  std::vector<std::int64_t> values;
  values.reserve(config.choices.size());
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    values.push_back(impl_->parameters[i].values[config.choices[i]]);
  }
  return values;
}

std::int64_t Space::Value(const Config& config, const std::string& name) const {
  FOOTHOLD_CHECK(Contains(config));
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    const Parameter& parameter = impl_->parameters[i];
    if (parameter.name == name) return parameter.values[config.choices[i]];
  }
  FOOTHOLD_CHECK(false, "no parameter '" + name + "'");
  return 0;
}

Result<Config> Space::FromValues(std::span<const std::int64_t> values) const {
  if (values.size() != impl_->parameters.size()) {
    return Status::InvalidArgument(
        fmt::format("config: has {} values, must have {}: one for each "
                    "parameter of the space",
                    values.size(), impl_->parameters.size()));
  }
  Config config;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Parameter& parameter = impl_->parameters[i];
    const auto found = std::find(parameter.values.begin(), parameter.values.end(), values[i]);
    if (found == parameter.values.end()) {
      return Status::InvalidArgument(fmt::format(
          "config: {}={} is not in the space; the values of '{}' are {}", parameter.name, values[i],
          parameter.name, base::Joined(parameter.values, ", ")));
    }
    config.choices.push_back(static_cast<std::uint32_t>(found - parameter.values.begin()));
  }
  return config;
}

std::string Space::ToString(const Config& config) const {
  FOOTHOLD_CHECK(Contains(config));
  return foothold::ToString(impl_->parameters, config);
}

}  // namespace foothold

#include "search/foothold/transfer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/check.h"
#include "core/workload/operators/operator_kind.h"

namespace foothold::search {
namespace {

/// What describes a task: its workload's shape, and its device.
Metrics Describe(const Workload& workload, const Metrics& device_numbers) {
  Metrics numbers = workload::ShapeNumbers(workload.op);
  numbers["bias"] = workload.requantize.bias ? 1 : 0;
  for (const auto& [name, value] : device_numbers) numbers["device." + name] = value;
  return numbers;
}

double LogOperations(const Workload& workload) {
  return std::log(static_cast<double>(std::max<std::int64_t>(1, OperationCount(workload))));
}

/// Doubling a number is half of what the deviation of a parameter is.
float Scaled(double number) {
  return static_cast<float>(0.5 * std::log2(1 + std::max(0.0, number)));
}

double Distance(const Metrics& a, const Metrics& b) {
  double squares = 0;
  for (const auto& [name, value] : a) {
    const auto found = b.find(name);
    if (found == b.end()) continue;
    const double difference = Scaled(value) - Scaled(found->second);
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

const Parameter* FindParameter(std::span<const Parameter> parameters, const std::string& name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

bool IsUsable(const EarlierRun& run, const SearchProblem& problem) {
  if (OperatorName(run.workload.op) != OperatorName(problem.workload.op)) return false;
  if (run.workload.type != problem.workload.type) return false;
  const auto& own = problem.space.parameters();
  return std::all_of(own.begin(), own.end(), [&](const Parameter& parameter) {
    return parameter.values.size() < 2 || FindParameter(run.parameters, parameter.name) != nullptr;
  });
}

/// `count` of `items`, evenly spread.
template <typename Item>
std::vector<Item> Spread(const std::vector<Item>& items, std::size_t count) {
  if (items.size() <= count) return items;
  std::vector<Item> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(items[i * items.size() / count]);
  return some;
}

/// What a trial or a build told of a config's validity. Both belong to the run.
struct Verdict {
  const Config* config = nullptr;
  const std::optional<Failure>* failure = nullptr;
};

/// Up to `count` of a run's verdicts, half of them valid where there are as many.
std::vector<Verdict> SomeVerdicts(const EarlierRun& run, std::size_t count) {
  std::vector<Verdict> valid, failed;
  const auto add = [&](const Config& config, const std::optional<Failure>& failure) {
    (failure ? failed : valid).push_back({&config, &failure});
  };
  for (const Measurement& trial : run.trials) add(trial.config, trial.failure);
  for (const BuildReport& build : run.builds) add(build.config, build.failure);
  const std::size_t half = std::max(count / 2, count - std::min(count, failed.size()));
  std::vector<Verdict> some = Spread(valid, half);
  for (const Verdict& verdict : Spread(failed, count - some.size())) some.push_back(verdict);
  return some;
}

/// Up to `count` of a run's correct trials: the fastest, and others evenly spread over the rest.
std::vector<const Measurement*> SomeCorrect(const EarlierRun& run, std::size_t count) {
  std::vector<const Measurement*> correct;
  for (const Measurement& trial : run.trials) {
    if (trial.outcome() == Outcome::kCorrect) correct.push_back(&trial);
  }
  std::stable_sort(correct.begin(), correct.end(), [](const auto* a, const auto* b) {
    return a->MedianSeconds() < b->MedianSeconds();
  });
  const std::size_t fastest = std::min(correct.size(), count / 3);
  const std::vector<const Measurement*> rest(correct.begin() + static_cast<std::ptrdiff_t>(fastest),
                                             correct.end());
  correct.resize(fastest);
  for (const Measurement* trial : Spread(rest, count - fastest)) correct.push_back(trial);
  return correct;
}

}  // namespace

Transfer::Transfer(const SearchProblem& problem, bool estimates)
    : features_(problem.space), log_operations_(LogOperations(problem.workload)) {
  const Metrics own = Describe(problem.workload, problem.device_numbers);
  ChooseRuns(problem, own);
  if (runs_.empty()) return;
  ChooseColumns(problem, own);
  const std::size_t columns = features_.columns() + columns_.size();
  validity_ = std::make_unique<models::ValidityModel>(columns);
  times_ = std::make_unique<models::TimeModel>(columns, estimates);
  for (const Run& run : runs_) {
    LearnValidity(run, problem);
    LearnTimes(run, estimates, problem);
    FindGoodConfig(*run.earlier, problem.space);
  }
  if (times_->observed() < 2) times_.reset();
  for (Run& run : runs_) run.earlier = nullptr;  // the problem need not outlive this
}

void Transfer::ChooseRuns(const SearchProblem& problem, const Metrics& own) {
  std::vector<std::pair<double, Run>> usable;
  for (const EarlierRun& run : problem.earlier_runs) {
    if (!IsUsable(run, problem)) continue;
    Metrics numbers = Describe(run.workload, run.device_numbers);
    const double distance = Distance(own, numbers) + (run.target == problem.target ? 0 : 0.5);
    usable.emplace_back(distance, Run{&run, std::move(numbers)});
  }
  std::stable_sort(usable.begin(), usable.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (usable.size() > kMaxRuns) usable.resize(kMaxRuns);
  for (auto& [distance, run] : usable) runs_.push_back(std::move(run));
}

void Transfer::ChooseColumns(const SearchProblem& problem, const Metrics& own) {
  for (const auto& [name, value] : own) {
    AddColumn({Column::Kind::kNumber, name, Scaled(value)}, problem);
  }
  AddColumn({Column::Kind::kTarget, "", 0}, problem);
  for (const Parameter& parameter : problem.space.parameters()) {
    if (parameter.values.size() > 1) continue;
    const auto only = static_cast<double>(parameter.values.front());
    AddColumn({Column::Kind::kParameter, parameter.name, Scaled(only)}, problem);
  }
}

/// Unless all agree in it.
void Transfer::AddColumn(Column column, const SearchProblem& problem) {
  const auto differs = [&](const Run& run) {
    const EarlierRun& earlier = *run.earlier;
    const auto other = [&](const Config& config) {
      return ValueOf(column, run, config, problem) != column.own;
    };
    return std::any_of(earlier.trials.begin(), earlier.trials.end(),
                       [&](const Measurement& trial) { return other(trial.config); }) ||
           std::any_of(earlier.builds.begin(), earlier.builds.end(),
                       [&](const BuildReport& build) { return other(build.config); });
  };
  if (std::any_of(runs_.begin(), runs_.end(), differs)) columns_.push_back(std::move(column));
}

/// As for this task where the run says nothing.
float Transfer::ValueOf(const Column& column, const Run& run, const Config& config,
                        const SearchProblem& problem) const {
  switch (column.kind) {
    case Column::Kind::kNumber: {
      const auto found = run.numbers.find(column.name);
      return found == run.numbers.end() ? column.own : Scaled(found->second);
    }
    case Column::Kind::kTarget:
      return run.earlier->target == problem.target ? 0 : 1;
    case Column::Kind::kParameter: {
      const std::vector<Parameter>& parameters = run.earlier->parameters;
      const Parameter* parameter = FindParameter(parameters, column.name);
      if (parameter == nullptr) return column.own;
      const std::uint32_t choice =
          config.choices[static_cast<std::size_t>(parameter - parameters.data())];
      return Scaled(static_cast<double>(parameter->values[choice]));
    }
  }
  FOOTHOLD_CHECK(false, "unknown column");
  return 0;
}

std::vector<float> Transfer::RowOf(const Run& run, const Config& config,
                                   const SearchProblem& problem) const {
  std::vector<float> row(features_.columns());
  FOOTHOLD_CHECK(features_.ExtractOther(run.earlier->parameters, config, row));
  for (const Column& column : columns_) row.push_back(ValueOf(column, run, config, problem));
  return row;
}

void Transfer::LearnValidity(const Run& run, const SearchProblem& problem) {
  for (const Verdict& verdict : SomeVerdicts(*run.earlier, kMaxRows / runs_.size())) {
    const std::vector<float> row = RowOf(run, *verdict.config, problem);
    if (const std::optional<Failure>& failure = *verdict.failure) {
      validity_->ObserveFailure(row, failure->outcome, failure->stage);
    } else {
      validity_->ObserveValid(row);
    }
  }
}

void Transfer::LearnTimes(const Run& run, bool estimates, const SearchProblem& problem) {
  const double operations = std::exp(LogOperations(run.earlier->workload));
  for (const Measurement* trial : SomeCorrect(*run.earlier, kMaxTimes / runs_.size())) {
    std::optional<models::TimePrior> prior;
    if (estimates) prior = models::TimePriorOf(trial->metrics);
    if (prior) {
      prior->estimate /= operations;
      prior->lower /= operations;
      prior->serial /= operations;
    }
    times_->Observe(RowOf(run, trial->config, problem), trial->MedianSeconds() / operations, prior);
  }
}

void Transfer::FindGoodConfig(const EarlierRun& run, const Space& space) {
  const std::vector<const Measurement*> correct = SomeCorrect(run, 3);
  if (correct.empty()) return;
  Config config;
  for (const Parameter& parameter : space.parameters()) {
    const Parameter* other = FindParameter(run.parameters, parameter.name);
    std::uint32_t choice = 0;
    if (other != nullptr) {
      const auto index = static_cast<std::size_t>(other - run.parameters.data());
      const std::int64_t value = other->values[correct.front()->config.choices[index]];
      const auto distance = [&](std::int64_t v) {
        return std::abs(std::log2(1 + std::abs(static_cast<double>(v))) -
                        std::log2(1 + std::abs(static_cast<double>(value))));
      };
      const auto nearest =
          std::min_element(parameter.values.begin(), parameter.values.end(),
                           [&](auto a, auto b) { return distance(a) < distance(b); });
      choice = static_cast<std::uint32_t>(nearest - parameter.values.begin());
    }
    config.choices.push_back(choice);
  }
  const bool is_new = std::find(good_.begin(), good_.end(), config) == good_.end();
  if (is_new && space.IsValid(config)) good_.push_back(std::move(config));
}

// --- what is expected of this task's configs ---

models::FeatureMatrix Transfer::Extended(const models::FeatureMatrix& rows) const {
  models::FeatureMatrix extended(rows.columns() + columns_.size());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::span<float> row = extended.AppendRow();
    std::copy(rows.row(i).begin(), rows.row(i).end(), row.begin());
    for (std::size_t c = 0; c < columns_.size(); ++c) row[rows.columns() + c] = columns_[c].own;
  }
  return extended;
}

models::PriorMean Transfer::ExpectedLabels() const {
  if (!validity_) return {};
  return [this](const models::FeatureMatrix& rows, std::span<double> labels) {
    validity_->Labels(Extended(rows), labels);
  };
}

models::PriorMean Transfer::ExpectedTimes() const {
  if (!times_) return {};
  return [this](const models::FeatureMatrix& rows, std::span<double> means) {
    times_->Expected(Extended(rows), means);
    if (times_->scale() != models::TimeModel::Scale::kSeconds) return;
    for (double& mean : means) mean += log_operations_;
  };
}

}  // namespace foothold::search

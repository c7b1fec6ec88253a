// Builds without a run, which searchers ask for.
#include <span>
#include <utility>
#include <vector>

#include "tune/loop_session.h"

namespace foothold::tune {
namespace {

/// Builds without a run that are saved together.
constexpr std::size_t kBuildsTogether = 64;

}  // namespace

std::vector<Config> LoopSession::BuildsWanted() {
  const Search search{journal_};
  return searcher_.ProposeBuilds();
}

/// Builds what the searcher asks for until it asks for nothing; false when that was cut short.
Result<bool> LoopSession::ProvideBuilds() {
  if (options_.knowledge == Knowledge::kBlind) return true;
  for (;;) {
    const std::vector<Config> configs = BuildsWanted();
    if (configs.empty()) return true;
    std::vector<BuildReport> reports;
    for (std::size_t i = 0; i < configs.size(); ++i) {
      const std::uint64_t number = result_.progress.builds;
      FOOTHOLD_RETURN_IF_ERROR(journal_.recorded().CheckBuild(number, configs[i], parts_.space));
      const BuildReport* recorded = journal_.recorded().Built(number);
      if (recorded == nullptr) break;
      reports.push_back(*recorded);
      CountBuild(*recorded);
    }
    FOOTHOLD_RETURN_IF_ERROR(BuildRest(configs, reports));
    if (reports.size() < configs.size()) return false;
    const Search search{journal_};
    searcher_.ObserveBuilds(reports);
  }
}

/// Builds the configs that have no report yet, in order, as far as the budgets go.
Status LoopSession::BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports) {
  while (reports.size() < configs.size() && !ShouldStop()) {
    const std::size_t count = std::min(kBuildsTogether, configs.size() - reports.size());
    measure::BuiltBatch built =
        runner_.Build(configs.subspan(reports.size(), count), [this] { return ShouldStop(); });
    FOOTHOLD_RETURN_IF_ERROR(SaveBuilds(std::move(built.reports), reports));
    if (CauseOf(built.status) == WithdrawalCause::kInfrastructure) {
      built.status = DespiteFailedBuild(configs.subspan(reports.size()), built.status, reports);
    }
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(built.status));
  }
  return {};
}

Status LoopSession::SaveBuilds(std::vector<BuildReport> built, std::vector<BuildReport>& reports) {
  std::vector<BuildRecord> records;
  for (const BuildReport& report : built) {
    records.push_back(
        {result_.progress.builds + records.size(), report, parts_.clock.WallClockSeconds()});
  }
  FOOTHOLD_RETURN_IF_ERROR(journal_.AppendBuilds(records));
  for (BuildReport& report : built) {
    CountBuild(report);
    reports.push_back(std::move(report));
  }
  ReportProgress();
  return {};
}

/// The infrastructure failed for the first of `left`. Ok when others of them do build: then it is
/// tried once more, and given up.
Status LoopSession::DespiteFailedBuild(std::span<const Config> left, const Status& status,
                                       std::vector<BuildReport>& reports) {
  const std::uint64_t number = result_.progress.builds;
  failed_builds_ = failed_builds_of_ == number ? failed_builds_ + 1 : 1;
  failed_builds_of_ = number;
  if (failed_builds_ >= kMostWithdrawals) {
    BuildReport report;
    report.config = left.front();
    report.failure = GivenUpBuild(status.message());
    return SaveBuilds({std::move(report)}, reports);
  }
  for (std::size_t other = 1; other < left.size(); ++other) {
    const measure::BuiltBatch built =
        runner_.Build(left.subspan(other, 1), [this] { return interrupt_.load(); });
    if (built.reports.empty()) return status;
    const auto& failure = built.reports.front().failure;
    if (!failure || failure->outcome != Outcome::kConstraints) return {};
  }
  return status;
}

void LoopSession::CountBuild(const BuildReport& report) {
  ++result_.progress.builds;
  result_.search_build_seconds += report.seconds;
}

}  // namespace foothold::tune

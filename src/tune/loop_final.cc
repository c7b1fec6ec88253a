// What comes to light after a trial: that it was not correct after all, and who is the best.
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "records/log/demotion.h"
#include "records/log/tied.h"
#include "tune/first_failures.h"
#include "tune/loop_session.h"

namespace foothold::tune {
namespace {

/// Adds who failed in the final, by no fault of the infrastructure.
void AddFailedFinalists(const measure::Comparison& comparison, std::span<const Config> configs,
                        std::vector<measure::Demotion>& demotions) {
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const std::optional<Failure>& failure = comparison.candidates[i].failure;
    if (!failure || failure->stage == measure::kFinalInfrastructure) continue;
    demotions.push_back({configs[i], *failure});
    demotions.back().failure.reason =
        "was correct, and failed in the final: " + demotions.back().failure.reason;
  }
}

}  // namespace

/// Writes down which trials have turned out not to be correct, and only then counts on it.
Status LoopSession::TakeBack(std::uint64_t found_at, std::span<const measure::Demotion> demotions) {
  std::vector<DemotedRecord> records;
  for (const measure::Demotion& demotion : demotions) {
    // It may be of a trial that was withdrawn.
    const std::optional<std::uint64_t> trial = correct_.TrialOf(demotion.config);
    const auto is_the_same = [&](const DemotedRecord& record) { return record.trial == trial; };
    if (!trial || std::any_of(records.begin(), records.end(), is_the_same)) continue;
    records.push_back({*trial, found_at, demotion.failure, parts_.clock.WallClockSeconds()});
  }
  if (records.empty()) return {};
  FOOTHOLD_RETURN_IF_ERROR(journal_.AppendDemoted(records));
  for (const DemotedRecord& record : records) {
    retractions_.push_back(records::Demoted(correct_.Of(record.trial), record.failure));
    CountDemotion(record);
  }
  return {};
}

/// By a final, unless the journal has it already or there is no need or time for one; by another
/// one where it leaves none of the leaders.
Status LoopSession::TellLeadersApart() {
  std::optional<FinalRecord> final;
  std::size_t before = 0;
  do {
    before = correct_.all().size();
    const std::vector<std::size_t> leaders =
        parts_.times_are_exact ? std::vector<std::size_t>()
                               : measure::LeadersOf(correct_.all(), options_.repeats);
    FOOTHOLD_ASSIGN_OR_RETURN(final, FinalOf(leaders));
  } while (!final && correct_.all().size() < before);
  if (!final) {
    if (parts_.times_are_exact) return {};
    for (const std::size_t leader : measure::LeadersOf(correct_.all(), options_.repeats)) {
      result_.tied.push_back(correct_.all()[leader]);
    }
    return {};
  }
  result_.final_rounds = final->finalists.front().seconds.size();
  result_.tied = records::TiedIn(
      *final, [this](std::uint64_t trial) -> const Measurement& { return correct_.Of(trial); });
  return {};
}

Result<std::optional<FinalRecord>> LoopSession::FinalOf(std::span<const std::size_t> leaders) {
  const FinalRecord* recorded = journal_.recorded().Final(result_.progress.finished);
  const auto is_correct = [&](const auto& finalist) { return correct_.Has(finalist.trial); };
  if (recorded != nullptr &&
      std::all_of(recorded->finalists.begin(), recorded->finalists.end(), is_correct)) {
    return std::optional(*recorded);
  }
  if (leaders.size() < 2 || interrupt_ || FinalSeconds() <= 0) return std::optional<FinalRecord>();
  return HoldFinal(leaders);
}

/// nullopt when it came to nothing: it was interrupted, or there was no time for a round.
Result<std::optional<FinalRecord>> LoopSession::HoldFinal(std::span<const std::size_t> leaders) {
  std::vector<Config> configs;
  std::vector<std::uint64_t> trials;
  for (const std::size_t leader : leaders) {
    configs.push_back(correct_.all()[leader].config);
    trials.push_back(correct_.trial(leader));
  }
  measure::Comparison nothing;
  nothing.candidates.resize(configs.size());
  ReportFinal(nothing);  // the first round comes after all builds
  const Result<measure::Comparison> comparison = runner_.Compare(
      configs, options_.repeats, FinalSeconds(), options_.seed,
      [this] { return interrupt_.load(); },
      [this](const measure::Comparison& so_far) { ReportFinal(so_far); });
  result_.progress.final.reset();
  if (!comparison.ok()) {
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(comparison.status()));
    result_.stop = StopReason::kInterrupted;
    return std::optional<FinalRecord>();
  }
  std::vector<measure::Demotion> demotions = runner_.TakeDemotions();
  AddFailedFinalists(*comparison, configs, demotions);
  FOOTHOLD_RETURN_IF_ERROR(TakeBack(result_.progress.finished, demotions));
  if (!comparison->best) return std::optional<FinalRecord>();
  FinalRecord final =
      MakeFinal(*comparison, trials, result_.progress.finished, parts_.clock.WallClockSeconds());
  FOOTHOLD_RETURN_IF_ERROR(journal_.AppendFinal(final));
  return std::optional(std::move(final));
}

void LoopSession::CountDemotion(const DemotedRecord& record) {
  TunerProgress& progress = result_.progress;
  const Measurement demoted = records::Demoted(correct_.Of(record.trial), record.failure);
  correct_.Remove(record.trial);
  progress.incumbent = correct_.best();
  if (--progress.outcomes[Outcome::kCorrect] == 0) progress.outcomes.erase(Outcome::kCorrect);
  ++progress.outcomes[record.failure.outcome];
  NoteFirstFailure(demoted, result_);
  result_.demoted.push_back(record);
}

}  // namespace foothold::tune

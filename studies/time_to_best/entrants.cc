#include "studies/time_to_best/entrants.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "foothold/searchers.h"
#include "search/foothold/foothold_searcher.h"
#include "search/validity/validity_searcher.h"

namespace foothold::studies {
namespace {

constexpr Knowledge kBlind = Knowledge::kBlind;
constexpr Knowledge kCompiler = Knowledge::kCompiler;
constexpr Knowledge kHardware = Knowledge::kHardware;

/// A searcher that users can name.
template <const char* const& name>
std::unique_ptr<Searcher> Named(const SearchProblem& problem) {
  return MakeSearcher(name, problem).value();
}
constexpr const char* kRandom = "random";
constexpr const char* kGenetic = "genetic";
constexpr const char* kAutotvm = kBaseline;
constexpr const char* kValidity = "validity";
constexpr const char* kMl2tuner = "ml2tuner";
constexpr const char* kFoothold = "foothold";

/// `validity` with some of its parts.
template <bool presampling, bool balanced, bool bias>
std::unique_ptr<Searcher> Ablated(const SearchProblem& problem) {
  search::ValidityOptions options;
  options.presampling = presampling;
  options.balanced = balanced;
  options.bias = bias;
  return std::make_unique<search::ValiditySearcher>(problem, options);
}

/// `foothold` without one of its parts.
template <auto part, auto value>
std::unique_ptr<Searcher> FootholdWith(const SearchProblem& problem) {
  search::FootholdOptions options;
  options.*part = value;
  return std::make_unique<search::FootholdSearcher>(problem, options);
}
using FootholdPrior = search::FootholdOptions::Prior;

}  // namespace

const std::vector<Entrant>& Entrants() {
  static const std::vector<Entrant> all = {
      {kRandom, {kBlind, kHardware}, &Named<kRandom>},
      {kGenetic, {kBlind, kHardware}, &Named<kGenetic>},
      {kAutotvm, {kBlind, kHardware}, &Named<kAutotvm>},
      {kValidity, {kBlind, kCompiler, kHardware}, &Named<kValidity>},
      {kMl2tuner, {kBlind, kCompiler, kHardware}, &Named<kMl2tuner>},
      {kFoothold, {kBlind, kCompiler, kHardware}, &Named<kFoothold>},
      {"validity: random E0", {kCompiler}, &Ablated<false, false, false>},
      {"validity: presampling", {kCompiler}, &Ablated<true, false, false>},
      {"validity: presampling, balanced E0", {kCompiler}, &Ablated<true, true, false>},
      {"validity: presampling, bias", {kCompiler}, &Ablated<true, false, true>},
      {"foothold: no validity", {kBlind}, &FootholdWith<&search::FootholdOptions::validity, false>},
      {"foothold: no hope",
       {kBlind},
       &FootholdWith<&search::FootholdOptions::optimistic_prior, false>},
      {"foothold: no bounds", {kBlind}, &FootholdWith<&search::FootholdOptions::bounds, false>},
      {"foothold: lower bound only",
       {kCompiler, kHardware},
       &FootholdWith<&search::FootholdOptions::prior, FootholdPrior::kLowerBound>},
      {"foothold: no prior",
       {kCompiler, kHardware},
       &FootholdWith<&search::FootholdOptions::prior, FootholdPrior::kNone>},
      {"foothold: no twins",
       {kCompiler},
       &FootholdWith<&search::FootholdOptions::duplicate_programs, false>},
      {kWarmStart,
       {kBlind, kCompiler, kHardware},
       &Named<kFoothold>,
       EarlierTasks::kOtherWorkloads},
      {kOtherBoards,
       {kBlind, kCompiler, kHardware},
       &Named<kFoothold>,
       EarlierTasks::kOtherTargets},
  };
  return all;
}

Result<std::vector<Entrant>> FindEntrants(const std::vector<std::string>& names) {
  std::vector<Entrant> found;
  for (const std::string& name : names) {
    const auto& all = Entrants();
    const auto entrant =
        std::find_if(all.begin(), all.end(), [&](const Entrant& c) { return c.name == name; });
    if (entrant == all.end()) {
      std::vector<std::string> known;
      for (const Entrant& c : all) known.push_back(c.name);
      return Status::NotFound(
          fmt::format("there is no entrant \"{}\"; known are {}", name, base::Joined(known, "; ")));
    }
    found.push_back(*entrant);
  }
  return found;
}

}  // namespace foothold::studies

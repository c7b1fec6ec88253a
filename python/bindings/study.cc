// The C++ part of foothold.Study: python/foothold/_study.py has the rest.
#include "foothold/study.h"

#include <pybind11/stl.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "bindings/values.h"

namespace foothold::python {
namespace {

/// Lets other threads run meanwhile: a searcher may think for long, and a disk may be slow.
template <typename Call>
auto Unlocked(const Call& call) {
  const py::gil_scoped_release unlocked;
  return call();
}

/// A process that was forked has a copy, which must not end the study of its parent.
struct OwnerDeletes {
  pid_t owner = getpid();
  void operator()(Study* study) const {
    if (getpid() == owner) delete study;
  }
};
using StudyPointer = std::unique_ptr<Study, OwnerDeletes>;

using NumberAndConfig = std::pair<std::uint64_t, py::dict>;

NumberAndConfig Shown(const Study& study, const StudyTrial& trial) {
  return {trial.number, ToDict(study.space().parameters(), trial.config)};
}

StudyPointer Open(const Space& space, const std::optional<std::string>& log, std::string name,
                  std::string searcher, std::uint64_t seed,
                  const std::optional<std::tuple<std::string, std::string, bool>>& goal,
                  Resume resume, Dependencies dependencies, bool retry_unfinished) {
  StudyOptions options;
  options.name = std::move(name);
  options.searcher = std::move(searcher);
  options.seed = seed;
  if (goal)
    options.objective = Objective{std::get<0>(*goal), std::get<1>(*goal), std::get<2>(*goal)};
  options.resume = resume;
  options.dependencies = std::move(dependencies);
  options.retry_unfinished = retry_unfinished;
  return StudyPointer(ValueOrRaise(Unlocked([&] {
                        return Study::Open(space, options, log.value_or(""));
                      })).release());
}

std::optional<NumberAndConfig> Ask(Study& study) {
  const auto trial = ValueOrRaise(Unlocked([&] { return study.Ask(); }));
  if (!trial) return std::nullopt;
  return Shown(study, *trial);
}

NumberAndConfig AskFor(Study& study, const py::dict& values) {
  const Config config = ToConfig(study.space(), values);
  return Shown(study, ValueOrRaise(Unlocked([&] { return study.AskFor(config); })));
}

void Tell(Study& study, std::uint64_t number, double value, const Metrics& metrics) {
  RaiseUnlessOk(Unlocked([&] { return study.Tell(number, value, metrics); }));
}

void TellFailed(Study& study, std::uint64_t number, const std::string& outcome,
                const std::string& stage, const std::string& reason) {
  const Result<Outcome> parsed = ParseOutcome(outcome);
  if (!parsed.ok() || !IsFailure(*parsed)) {
    throw py::value_error("Failed.outcome: is \"" + outcome +
                          "\", must be constraints, compile, runtime, timeout or correctness");
  }
  const Failure failure{*parsed, InOneLine(stage), InOneLine(reason)};
  RaiseUnlessOk(Unlocked([&] { return study.TellFailed(number, failure); }));
}

/// What a study was told of one trial, and its value if it has one.
using MeasurementAndValue = std::pair<NamedMeasurement, std::optional<double>>;

MeasurementAndValue Named(const Study& study, const Measurement& measurement) {
  std::optional<double> value;
  if (measurement.outcome() == Outcome::kCorrect) value = study.ValueOf(measurement);
  return {NamedMeasurement{study.space().parameters(), measurement}, value};
}

std::vector<MeasurementAndValue> ToldSince(const Study& study, std::size_t first) {
  const std::vector<Measurement> trials = study.trials();
  std::vector<MeasurementAndValue> told;
  for (std::size_t i = first; i < trials.size(); ++i) told.push_back(Named(study, trials[i]));
  return told;
}

std::optional<MeasurementAndValue> Best(const Study& study) {
  const std::optional<Measurement> best = study.best();
  if (!best) return std::nullopt;
  return Named(study, *best);
}

std::vector<NumberAndConfig> Pending(const Study& study) {
  std::vector<NumberAndConfig> pending;
  for (const StudyTrial& trial : study.pending()) pending.push_back(Shown(study, trial));
  return pending;
}

}  // namespace

void DefineStudy(py::module_& module) {
  py::class_<Study, StudyPointer>(module, "AskTell", "What Study is made of.")
      .def(py::init(&Open), py::arg("space"), py::arg("log"), py::kw_only(), py::arg("name"),
           py::arg("searcher"), py::arg("seed"), py::arg("objective"), py::arg("resume"),
           py::arg("dependencies"), py::arg("retry_unfinished"))
      .def("ask", &Ask, "Number and config; None: the space is exhausted.")
      .def("ask_for", &AskFor, py::arg("config"))
      .def("tell", &Tell, py::arg("number"), py::arg("value"), py::arg("metrics"))
      .def("tell_failed", &TellFailed, py::arg("number"), py::arg("outcome"), py::arg("stage"),
           py::arg("reason"))
      .def(
          "withdraw",
          [](Study& self, std::uint64_t number) {
            RaiseUnlessOk(Unlocked([&] { return self.Withdraw(number); }));
          },
          py::arg("number"))
      .def_property_readonly("space", &Study::space)
      .def_property_readonly("start", &Study::start)
      .def_property_readonly("trial_count", &Study::trial_count)
      .def_property_readonly("trials", [](const Study& self) { return ToldSince(self, 0); })
      .def("trials_since", &ToldSince, py::arg("first"))
      .def_property_readonly("best", &Best)
      .def_property_readonly("pending", &Pending);
}

}  // namespace foothold::python

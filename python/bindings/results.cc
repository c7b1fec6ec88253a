// Measurement, RunLog, TuneResult: what came of tuning.
#include <pybind11/stl.h>

#include "bindings/values.h"
#include "foothold/record.h"
#include "foothold/tuner.h"

namespace foothold::python {
namespace {

std::optional<double> MedianSeconds(const Measurement& measurement) {
  if (measurement.outcome() != Outcome::kCorrect) return std::nullopt;
  return measurement.MedianSeconds();
}

std::vector<NamedMeasurement> TrialsOfEarlierRun(const EarlierRun& run) {
  std::vector<NamedMeasurement> trials;
  for (const Measurement& trial : run.trials) trials.push_back({run.parameters, trial});
  return trials;
}

std::vector<NamedMeasurement> Trials(const RunLog& run) {
  std::vector<NamedMeasurement> trials;
  for (const TrialRecord& trial : run.trials) {
    trials.push_back({run.header.parameters, trial.measurement});
  }
  return trials;
}

std::vector<EarlierRun> EarlierRuns(const std::vector<RunLog>& runs) {
  LogContents log;
  log.runs = runs;
  return EarlierRunsOf(log);
}

std::vector<RunLog> Read(const std::string& path) {
  LogContents contents = ValueOrRaise(ReadLog(*Env::Default(), path));
  for (const auto& problem : {DescribeDamage(contents, path), contents.repaired}) {
    if (problem && PyErr_WarnEx(PyExc_RuntimeWarning, problem->c_str(), 1) != 0) {
      throw py::error_already_set();
    }
  }
  return std::move(contents.runs);
}

}  // namespace

void DefineResults(py::module_& module) {
  py::class_<NamedMeasurement>(module, "Measurement",
                               "One trial: a config, what became of it, what each tier cost.")
      .def_property_readonly("config",
                             [](const NamedMeasurement& self) {
                               return ToDict(self.parameters, self.measurement.config);
                             })
      .def_property_readonly(
          "outcome", [](const NamedMeasurement& self) { return self.measurement.outcome(); })
      .def_property_readonly(
          "stage", [](const NamedMeasurement& self) { return StageOf(self.measurement.failure); })
      .def_property_readonly(
          "reason", [](const NamedMeasurement& self) { return ReasonOf(self.measurement.failure); })
      .def_property_readonly("seconds",
                             [](const NamedMeasurement& self) { return self.measurement.seconds; })
      .def_property_readonly(
          "median_seconds",
          [](const NamedMeasurement& self) { return MedianSeconds(self.measurement); },
          "The figure of merit; None unless correct.")
      .def_property_readonly(
          "slower_than_seconds",
          [](const NamedMeasurement& self) { return self.measurement.slower_than_s; },
          "A bound on the figure of merit; None unless slow.")
      .def_property_readonly(
          "build_seconds",
          [](const NamedMeasurement& self) { return self.measurement.build_seconds; })
      .def_property_readonly(
          "run_seconds", [](const NamedMeasurement& self) { return self.measurement.run_seconds; })
      .def_property_readonly("metrics",
                             [](const NamedMeasurement& self) { return self.measurement.metrics; });

  py::class_<RunLog>(module, "RunLog", "One run as read from a record log.")
      .def_readonly("run", &RunLog::run)
      .def_property_readonly("target", [](const RunLog& self) { return self.header.target; })
      .def_property_readonly("workload", [](const RunLog& self) { return self.header.workload; })
      .def_property_readonly("searcher", [](const RunLog& self) { return self.header.searcher; })
      .def_property_readonly("seed", [](const RunLog& self) { return self.header.seed; })
      .def_property_readonly("options", [](const RunLog& self) { return self.header.options; })
      .def_property_readonly("machine", [](const RunLog& self) { return self.header.machine; })
      .def_property_readonly(
          "dependencies", [](const RunLog& self) { return self.header.dependencies; },
          "What its results depend on, by name; None where that was not recorded.")
      .def_property_readonly("version",
                             [](const RunLog& self) { return self.header.foothold_version; })
      .def_property_readonly("parameters",
                             [](const RunLog& self) { return self.header.parameters; })
      .def_property_readonly(
          "objective",
          [](const RunLog& self) -> std::optional<std::tuple<std::string, std::string, bool>> {
            const std::optional<Objective>& objective = self.header.objective;
            if (!objective) return std::nullopt;
            return std::tuple(objective->name, objective->unit, objective->maximise);
          },
          "Name, unit and whether it is maximised; None: seconds. Its values are metrics.")
      .def_property_readonly("trials", &Trials);
  module.def(
      "read_log", &Read, py::arg("path"),
      "The runs of a record log. A RuntimeWarning says what of a damaged log cannot be used.");

  py::class_<EarlierRun>(module, "EarlierRun", "What a run found, as a searcher learns from it.")
      .def_readonly("target", &EarlierRun::target)
      .def_readonly("workload", &EarlierRun::workload)
      .def_readonly("parameters", &EarlierRun::parameters)
      .def_property_readonly("trials", &TrialsOfEarlierRun);
  module.def("earlier_runs_of", &EarlierRuns, py::arg("runs"),
             "The runs of read_log for TunerOptions.earlier_runs; those that found nothing are "
             "left out.");
}

}  // namespace foothold::python

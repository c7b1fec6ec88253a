// Workload, Outcome, TargetTask, Target: what is tuned, and on what.
#include "foothold/targets.h"

#include <fmt/core.h>
#include <pybind11/stl.h>

#include <utility>

#include "bindings/python_task.h"
#include "foothold/explanation.h"
#include "foothold/function_task.h"
#include "foothold/workload.h"

namespace foothold::python {
namespace {

Workload KernelWorkload(const std::string& name) {
  Workload workload;
  workload.name = name;
  workload.op = Kernel{name};
  RaiseUnlessOk(Validate(workload));
  return workload;
}

/// A layer, a network or a shape, as on the command line.
std::vector<Workload> FindAll(const std::string& text) {
  if (text.find(':') != std::string::npos) return {ValueOrRaise(ParseInlineWorkload(text))};
  return ValueOrRaise(FindWorkloads(text));
}

/// The task of a built-in target, which goes with it.
std::shared_ptr<TargetTask> Prepare(const std::shared_ptr<Target>& target,
                                    const Workload& workload) {
  const py::gil_scoped_release unlocked;
  Result<std::unique_ptr<TargetTask>> task = target->Prepare(workload);
  if (!task.ok()) {
    const py::gil_scoped_acquire lock;
    Raise(task.status());
  }
  return {task->release(), [target](TargetTask* owned) { delete owned; }};
}

/// One build and run of a config without tuning.
RunResult RunOne(TargetTask& task, const py::dict& values, double timeout_s,
                 const py::object& caught) {
  const Config config = ToConfig(task.space(), values);
  auto* python_task = dynamic_cast<PythonTask*>(&task);
  if (python_task != nullptr) python_task->SetCaught(caught);
  const Interruption::Session session;
  RunResult result;
  {
    const py::gil_scoped_release unlocked;
    const BuildResult built = task.Build(config);
    if (built.ok()) {
      result = task.Run(*built.program, {timeout_s, true});
    } else {
      result.status = built.status;
      result.failure = built.failure;
    }
  }
  if (python_task != nullptr) python_task->Rethrow();
  RaiseUnlessOk(result.status);
  return result;
}

void DefineWorkload(py::module_& module) {
  py::class_<Workload>(module, "Workload", "An operator with its shapes: what is to be tuned.")
      .def_readonly("name", &Workload::name)
      .def_property_readonly("operator", [](const Workload& self) { return OperatorName(self.op); })
      .def_property_readonly("operations", &OperationCount,
                             "2 * multiply-accumulate operations; 0 when unknown.")
      .def_property_readonly("inline", &ToInline, "The form that workloads() reads.")
      .def("__eq__", [](const Workload& self, const Workload& other) { return self == other; })
      .def("__repr__", [](const Workload& self) {
        return fmt::format("<Workload {}: {}>", self.name, ToString(self));
      });
  module.def("workloads", &FindAll, py::arg("text"),
             "The workloads of a network (\"resnet18\"), a layer (\"resnet18.C8\") or a shape "
             "(\"dense:1x256,128\").");
  module.def("kernel", &KernelWorkload, py::arg("name"), "A workload known by its name alone.");
}

void DefineOutcome(py::module_& module) {
  py::enum_<Outcome> outcome(module, "Outcome", "What became of a config.");
  outcome.value("CONSTRAINTS", Outcome::kConstraints)
      .value("COMPILE", Outcome::kCompile)
      .value("RUNTIME", Outcome::kRuntime)
      .value("TIMEOUT", Outcome::kTimeout)
      .value("CORRECTNESS", Outcome::kCorrectness)
      .value("CORRECT", Outcome::kCorrect)
      .value("SLOW", Outcome::kSlow);
  // Over the one of every enum, which says "Outcome.CORRECT".
  outcome.attr("__str__") = py::cpp_function([](Outcome self) { return ToString(self); },
                                             py::name("__str__"), py::is_method(outcome));
}

}  // namespace

void DefineTargets(py::module_& module) {
  DefineWorkload(module);
  DefineOutcome(module);

  py::class_<RunOptions>(module, "RunOptions", "How a candidate is to be run.")
      .def_readonly("timeout_s", &RunOptions::timeout_s)
      .def_readonly("verify", &RunOptions::verify);
  py::class_<RunResult>(module, "RunResult",
                        "A correct run: its seconds, one per repeat, and metrics.")
      .def(py::init([](std::vector<double> seconds, Metrics metrics) {
             RunResult result;
             result.seconds = std::move(seconds);
             result.metrics = std::move(metrics);
             return result;
           }),
           py::arg("seconds"), py::arg("metrics") = Metrics{})
      .def_property_readonly("outcome", &RunResult::outcome)
      .def_readonly("seconds", &RunResult::seconds)
      .def_readonly("metrics", &RunResult::metrics)
      .def_property_readonly("stage", [](const RunResult& self) { return StageOf(self.failure); })
      .def_property_readonly("reason",
                             [](const RunResult& self) { return ReasonOf(self.failure); });

  py::class_<TargetTask, PythonTask, std::shared_ptr<TargetTask>>(
      module, "TargetTask",
      "A target prepared for one workload. Subclasses define run(program, options), which returns "
      "seconds, and may define build(config), which returns the program, and known_constraints().")
      .def(py::init([](Workload workload, Space space, bool exact_times) {
             return new PythonTask(std::move(workload), std::move(space), exact_times);
           }),
           py::arg("workload"), py::arg("space"), py::kw_only(), py::arg("exact_times") = false)
      .def_property_readonly("workload", &TargetTask::workload)
      .def_property_readonly("space", &TargetTask::space)
      .def("run_config", &RunOne, py::arg("config"), py::arg("timeout_s") = 60.0,
           py::arg("catch") = py::tuple(),
           "Builds and runs one config, and says what became of it. catch: exceptions of the task "
           "that are a failure of the config.")
      .def(
          "explain",
          [](const TargetTask& self, const py::dict& config) {
            return ToText(self.Explain(ToConfig(self.space(), config)));
          },
          py::arg("config"), "Why the config is invalid, or what bounds it.");

  py::class_<Target, std::shared_ptr<Target>>(module, "BuiltinTarget",
                                              "Hardware together with how to build and run for it.")
      .def_property_readonly("name", &Target::name)
      .def_property_readonly("description", &Target::description)
      .def("prepare", &Prepare, py::arg("workload"), "The task of tuning a workload for it.");
  module.def(
      "make_target",
      [](const std::string& name) {
        return std::shared_ptr<Target>(
            ValueOrRaise(MakeTarget(Interruption::Global().env(), name)));
      },
      py::arg("name"), "\"vta:pynq\", \"command:FILE.json\", \"replay:FILE\", ...");
  module.def(
      "list_targets",
      [] {
        std::vector<std::pair<std::string, std::string>> targets;
        for (const TargetInfo& info : ListTargets())
          targets.emplace_back(info.name, info.description);
        return targets;
      },
      "Name and description of the built-in targets.");
}

}  // namespace foothold::python

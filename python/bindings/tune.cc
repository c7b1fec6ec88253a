// TuneResult and tune().
#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <chrono>
#include <condition_variable>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "bindings/python_searcher.h"
#include "bindings/python_task.h"
#include "foothold/searchers.h"
#include "foothold/tuner.h"

namespace foothold::python {
namespace {

/// How often Ctrl-C is looked for.
constexpr std::chrono::milliseconds kLook{50};

/// Runs `work` on a thread of its own while this one waits for its end or for a signal: Python runs
/// its signal handlers on the main thread only, which must not be away for long. Returns what the
/// signal handler threw, if it did.
template <typename Work>
std::exception_ptr RunInterruptibly(const Work& work) {
  std::mutex mutex;
  std::condition_variable ended;
  bool has_ended = false;
  std::exception_ptr exception;
  const py::gil_scoped_release unlocked;
  std::thread thread([&] {
    work();
    const std::scoped_lock lock(mutex);
    has_ended = true;
    ended.notify_one();
  });
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, kLook, [&] { return has_ended; })) {
    lock.unlock();
    {
      const py::gil_scoped_acquire locked;
      if (PyErr_CheckSignals() != 0) {
        if (!exception) exception = std::make_exception_ptr(py::error_already_set());
        PyErr_Clear();
        Interruption::Global().Interrupt();
      }
    }
    lock.lock();
  }
  lock.unlock();
  thread.join();
  return exception;
}

/// One call of tune(): what it was asked for, and what came of it.
class Tuning {
 public:
  Tuning(TargetTask& task, std::string target_name, TunerOptions options, std::string log)
      : task_(task),
        target_name_(std::move(target_name)),
        options_(std::move(options)),
        log_(std::move(log)) {}

  TuneResult Run(const py::object& searcher, const py::object& on_progress,
                 const py::object& on_start, const py::object& caught) {
    on_start_ = on_start;
    auto* python_task = dynamic_cast<PythonTask*>(&task_);
    if (python_task != nullptr) {
      python_task->SetCaught(caught);
      python_task->Begin();
    }
    const bool is_name = py::isinstance<py::str>(searcher);
    const std::string name = is_name
                                 ? searcher.cast<std::string>()
                                 : std::string(py::str(py::getattr(
                                       searcher, "name", py::type::of(searcher).attr("__name__"))));

    const Interruption::Session session;
    std::optional<Result<TuneResult>> result;
    const std::exception_ptr interrupt = RunInterruptibly([&] {
      const auto report = [&](const TunerProgress& progress) { Report(on_progress, progress); };
      result = is_name ? TuneBy({name}, report) : TuneBy(name, searcher, report);
    });
    if (python_task != nullptr) Settle(*python_task);
    if (interrupt) std::rethrow_exception(interrupt);
    exception_.Rethrow();
    if (python_task != nullptr) python_task->Rethrow();
    return ValueOrRaise(std::move(*result));
  }

 private:
  using OnProgress = std::function<void(const TunerProgress&)>;

  Result<TuneResult> TuneBy(NamedSearcher searcher, const OnProgress& report) {
    return Tune({.task = task_,
                 .target = target_name_,
                 .searcher = std::move(searcher),
                 .options = options_,
                 .log = log_,
                 .env = Interruption::Global().env(),
                 .on_start = Announce(),
                 .on_progress = report,
                 .interrupt = Interruption::Global().flag()});
  }
  Result<TuneResult> TuneBy(const std::string& name, const py::object& searcher,
                            const OnProgress& report) {
    FOOTHOLD_ASSIGN_OR_RETURN(const SearchProblem problem,
                              MakeSearchProblem(task_, options_.seed, options_.knowledge));
    return TuneBy({name, std::make_unique<PythonSearcher>(searcher, problem, exception_),
                   DependenciesOfSearcher(searcher)},
                  report);
  }

  static Dependencies DependenciesOfSearcher(const py::object& searcher) {
    const py::gil_scoped_acquire lock;
    Dependencies named;
    const auto found = py::module_::import("foothold._identity")
                           .attr("dependencies_of")(searcher)
                           .cast<Dependencies>();
    for (const auto& [name, value] : found) named["searcher: " + name] = value;
    return named;
  }

  /// What the task's code has changed in its own data is no change for the next tuning.
  static void Settle(PythonTask& task) {
    const Result<Dependencies> before = task.DependsOn(*Env::Default());
    py::module_::import("foothold._identity")
        .attr("settle")(py::cast(static_cast<TargetTask*>(&task)), *before);
  }

  /// Says how the run begins: to on_start, or on stderr.
  std::function<void(const RunStart&)> Announce() {
    return [this](const RunStart& start) {
      const py::gil_scoped_acquire lock;
      try {
        const Interruption::Callback callback;
        if (!on_start_.is_none()) {
          on_start_(start);
        } else if (const std::string text = ToString(start); !text.empty()) {
          py::print("foothold: " + text,
                    py::arg("file") = py::module_::import("sys").attr("stderr"));
        }
      } catch (...) {
        exception_.Keep(std::current_exception());
        Interruption::Global().Interrupt();
      }
    };
  }

  void Report(const py::object& on_progress, const TunerProgress& progress) {
    const py::gil_scoped_acquire lock;
    if (on_progress.is_none()) return;
    try {
      const Interruption::Callback callback;
      on_progress(progress);
    } catch (...) {
      exception_.Keep(std::current_exception());
      Interruption::Global().Interrupt();
    }
  }

  TargetTask& task_;
  std::string target_name_;
  TunerOptions options_;
  std::string log_;
  py::object on_start_;
  FirstException exception_;
};

/// A TuneResult whose measurements know their parameters' names.
struct NamedResult {
  TuneResult result;
  std::vector<Parameter> parameters;

  std::optional<NamedMeasurement> Named(const std::optional<Measurement>& measurement) const {
    if (!measurement) return std::nullopt;
    return NamedMeasurement{parameters, *measurement};
  }

  /// "12 trials: python.run: too long; verify: too narrow".
  std::string Text() const {
    std::string text = std::to_string(result.progress.finished) + " trials";
    const std::vector<std::string> reasons = FailureReasons();
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      text += (i == 0 ? ": " : "; ") + reasons[i];
    }
    return text;
  }

  /// "python.run: too long" for each of TuneResult::first_failures.
  std::vector<std::string> FailureReasons() const {
    std::vector<std::string> reasons;
    for (const Failure& failure : result.first_failures) {
      reasons.push_back(ToString(failure));
    }
    return reasons;
  }

  std::map<std::uint64_t, std::string> Demoted() const {
    std::map<std::uint64_t, std::string> reasons;
    for (const DemotedRecord& demoted : result.demoted) {
      reasons[demoted.trial] = ToString(demoted.failure);
    }
    return reasons;
  }

  std::string Repr() const {
    const std::optional<Measurement> best = result.best();
    if (!best) return "<TuneResult: nothing correct in " + Text() + ">";
    const std::string config = TextOf(ToDict(parameters, best->config));
    return "<TuneResult: best " + TextOf(py::cast(best->MedianSeconds())) + " s at " + config +
           " of " + std::to_string(result.progress.finished) + " trials>";
  }
};

/// {"correct": 3, ...}.
std::map<std::string, std::uint64_t> Outcomes(const TunerProgress& progress) {
  std::map<std::string, std::uint64_t> outcomes;
  for (const auto& [outcome, count] : progress.outcomes) {
    outcomes[std::string(ToString(outcome))] = count;
  }
  return outcomes;
}

NamedResult TuneTask(const std::shared_ptr<TargetTask>& task, const py::object& searcher,
                     const std::string& log, const std::optional<TunerOptions>& options,
                     const std::string& target_name, const py::object& on_progress,
                     const py::object& on_start, const py::object& caught) {
  Tuning tuning(*task, target_name, options.value_or(TunerOptions{}), log);
  NamedResult named{tuning.Run(searcher, on_progress, on_start, caught),
                    task->space().parameters()};
  if (!named.result.best() && named.result.progress.finished > 0) {
    const std::string text = "nothing correct in " + named.Text();
    if (PyErr_WarnEx(PyExc_RuntimeWarning, text.c_str(), 1) != 0) throw py::error_already_set();
  }
  return named;
}

void DefineKnowledge(py::module_& module) {
  py::enum_<Knowledge>(module, "Knowledge",
                       "What a searcher may know of a config before it is measured.")
      .value("BLIND", Knowledge::kBlind)
      .value("COMPILER", Knowledge::kCompiler)
      .value("HARDWARE", Knowledge::kHardware);
}

void DefineStart(py::module_& module) {
  py::enum_<Resume>(module, "Resume", "Which run of the same arguments in the log is continued.")
      .value("UNCHANGED", Resume::kUnchanged)
      .value("IGNORE_CHANGES", Resume::kIgnoreChanges)
      .value("NEVER", Resume::kNever);
  py::class_<RunStart>(module, "RunStart", "How a run begins: resumed, or new and why.")
      .def_readonly("log", &RunStart::log)
      .def_readonly("run", &RunStart::run)
      .def_readonly("resumed", &RunStart::resumed)
      .def_readonly("trials", &RunStart::trials)
      .def_readonly("planned", &RunStart::planned)
      .def_readonly("changed_since", &RunStart::changed_since,
                    "The run that something changed since; None when nothing did.")
      .def_property_readonly(
          "changes",
          [](const RunStart& self) {
            std::vector<std::tuple<std::string, std::string, std::string>> changes;
            for (const Change& change : self.changes) {
              changes.emplace_back(change.name, change.before, change.after);
            }
            return changes;
          },
          "Name, before and after of each; empty where there is none.")
      .def_readonly("dependencies_unknown", &RunStart::dependencies_unknown)
      .def("__str__", [](const RunStart& self) { return ToString(self); });
}

void DefineResult(py::module_& module) {
  py::class_<FinalProgress>(module, "FinalProgress", "How far the leaders' comparison has come.")
      .def_readonly("leaders", &FinalProgress::leaders)
      .def_readonly("tied", &FinalProgress::tied)
      .def_readonly("rounds", &FinalProgress::rounds)
      .def_readonly("most_rounds", &FinalProgress::most_rounds);
  py::class_<TunerProgress>(module, "TunerProgress", "Where a run stands.")
      .def_readonly("finished", &TunerProgress::finished)
      .def_readonly("measured", &TunerProgress::measured)
      .def_readonly("planned", &TunerProgress::planned)
      .def_readonly("builds", &TunerProgress::builds)
      .def_readonly("elapsed_s", &TunerProgress::elapsed_s)
      .def_readonly("final", &TunerProgress::final, "While the leaders are compared; else None.")
      .def_property_readonly("outcomes", &Outcomes)
      .def_property_readonly("best_seconds",
                             [](const TunerProgress& self) -> std::optional<double> {
                               if (!self.incumbent) return std::nullopt;
                               return self.incumbent->MedianSeconds();
                             });
  py::class_<NamedResult>(module, "TuneResult", "What came of tuning.")
      .def_property_readonly("best",
                             [](const NamedResult& self) { return self.Named(self.result.best()); })
      .def_property_readonly(
          "tied",
          [](const NamedResult& self) {
            std::vector<NamedMeasurement> tied;
            for (const Measurement& measurement : self.result.tied) {
              tied.push_back({self.parameters, measurement});
            }
            return tied;
          },
          "Where times are not exact: the configs that cannot be told apart.")
      .def_property_readonly(
          "stop", [](const NamedResult& self) { return ToString(self.result.stop); },
          "Why it ended: \"trials\", \"time\", \"space exhausted\", \"concluded\".")
      .def_property_readonly(
          "conclusion", [](const NamedResult& self) { return self.result.conclusion; },
          "What the searcher said when it expected nothing better; else empty.")
      .def_property_readonly("progress",
                             [](const NamedResult& self) { return self.result.progress; })
      .def_property_readonly(
          "failure_reasons", [](const NamedResult& self) { return self.FailureReasons(); },
          "The first different reasons why trials failed, at most three; empty when any was "
          "correct.")
      .def_property_readonly(
          "demoted", [](const NamedResult& self) { return self.Demoted(); },
          "Trials that were correct and failed when they were run again, with the reason.")
      .def_property_readonly(
          "start", [](const NamedResult& self) { return self.result.start; },
          "How it began: resumed, or new and why.")
      .def_property_readonly(
          "changed_meanwhile",
          [](const NamedResult& self) { return self.result.changed_meanwhile; },
          "What changed while it ran: its trials are of several versions.")
      .def("__repr__", &NamedResult::Repr)
      .def_property_readonly("run", [](const NamedResult& self) { return self.result.run; })
      .def_property_readonly("resumed",
                             [](const NamedResult& self) { return self.result.resumed; });
}

}  // namespace

void DefineTune(py::module_& module) {
  DefineKnowledge(module);
  DefineStart(module);
  DefineOptions(module);
  DefineResult(module);
  module.def(
      "list_searchers",
      [] {
        std::vector<std::pair<std::string, std::string>> searchers;
        for (const SearcherInfo& info : ListSearchers())
          searchers.emplace_back(info.name, info.description);
        return searchers;
      },
      "Name and description of the built-in searchers.");
  module.def("tune", &TuneTask, py::arg("task"), py::kw_only(), py::arg("searcher") = "foothold",
             py::arg("log") = "foothold.jsonl", py::arg("options") = py::none(),
             py::arg("target_name") = "python", py::arg("on_progress") = py::none(),
             py::arg("on_start") = py::none(), py::arg("catch") = py::tuple(),
             "Tunes a task, and resumes what the log holds. searcher: a name, or an object with "
             "propose(count) and observe(measurements). on_start: called with a RunStart, which is "
             "otherwise printed to stderr. catch: exceptions of the task that are a failure of the "
             "config; others end the tuning.");
}

}  // namespace foothold::python

#include "bindings/python_task.h"

#include <pybind11/stl.h>

#include <cmath>
#include <optional>
#include <variant>

#include "foothold/function_task.h"

namespace foothold::python {
namespace {

/// What the subclass's build returned, which may be anything.
class PythonProgram : public Program {
 public:
  PythonProgram(SharedObject object, Metrics metrics, std::string config)
      : object_(std::move(object)), metrics_(std::move(metrics)), config_(std::move(config)) {}
  const Metrics& metrics() const override { return metrics_; }
  const py::object& object() const { return *object_; }
  /// "a=1 b=10", for messages.
  const std::string& config() const { return config_; }

 private:
  SharedObject object_;
  Metrics metrics_;
  std::string config_;
};

/// A program may have metrics: features for searchers.
Metrics MetricsOf(const py::object& program) {
  const py::object metrics = py::getattr(program, "metrics", py::none());
  if (!py::isinstance<py::dict>(metrics)) return {};
  try {
    return metrics.cast<Metrics>();
  } catch (const py::cast_error&) {
    throw py::type_error("the program's metrics are " + TextOf(metrics) +
                         ", must be numbers by name");
  }
}

py::object Ours(const char* name) { return py::module_::import("foothold._errors").attr(name); }

/// What CandidateFailed says; its attributes may have been set to anything.
Failure FailureOf(const py::error_already_set& error) {
  const auto text = [&](const char* name) {
    return InOneLine(TextOf(py::getattr(error.value(), name, py::str(""))));
  };
  const Result<Outcome> outcome = ParseOutcome(text("outcome"));
  if (!outcome.ok() || *outcome == Outcome::kCorrect) {
    throw py::value_error("CandidateFailed.outcome: is \"" + text("outcome") +
                          "\", must be constraints, compile, runtime, timeout or correctness");
  }
  return MakeFailure(*outcome, text("stage"), text("reason"));
}

/// The seconds in a number, in several of them, or in a RunResult; nullopt for anything else.
std::optional<RunResult> ResultOf(const py::object& returned) {
  if (py::isinstance<RunResult>(returned)) return returned.cast<RunResult>();
  if (py::isinstance<py::bool_>(returned) || py::isinstance<py::str>(returned)) return std::nullopt;
  RunResult result;
  try {
    if (py::isinstance<py::sequence>(returned) && py::hasattr(returned, "__len__")) {
      result.seconds = returned.cast<std::vector<double>>();
    } else {
      result.seconds = {returned.cast<double>()};
    }
  } catch (const py::cast_error&) {
    return std::nullopt;
  }
  return result;
}

bool AreTimes(const std::vector<double>& seconds) {
  for (const double time : seconds) {
    if (!(std::isfinite(time) && time > 0)) return false;
  }
  return !seconds.empty();
}

/// A time that nobody can rank is a mistake of the program, not a failure of the candidate.
RunResult Checked(const py::object& returned, const std::string& config) {
  const auto wrong = [&](const std::string& must) {
    return "the run of " + config + " returned " + InOneLine(TextOf(py::repr(returned))) + ": " +
           must + "; raise foothold.CandidateFailed for a candidate that fails";
  };
  std::optional<RunResult> result = ResultOf(returned);
  if (!result) {
    throw py::type_error(
        wrong("it must return seconds (a number, or one for each repeat) or a RunResult"));
  }
  if (!AreTimes(result->seconds)) {
    throw py::value_error(wrong("seconds must be finite and above 0"));
  }
  return *std::move(result);
}

}  // namespace

void PythonTask::Begin() {
  exception_.Forget();
  const py::object self = py::cast(static_cast<TargetTask*>(this));
  dependencies_ =
      py::module_::import("foothold._identity").attr("dependencies_of")(self).cast<Dependencies>();
  const py::function known =
      py::get_override(static_cast<const TargetTask*>(this), "known_constraints");
  constraints_ =
      known ? known().cast<std::vector<SharedConstraint>>() : std::vector<SharedConstraint>();
}

void PythonTask::SetCaught(const py::object& classes) {
  if (!PyType_Check(classes.ptr()) && !py::isinstance<py::tuple>(classes)) {
    throw py::type_error("catch: is " + InOneLine(TextOf(classes)) +
                         ", must be an exception class or a tuple of them");
  }
  caught_ = Share(classes);
}

void PythonTask::Rethrow() {
  exception_.Rethrow();
  for (const SharedConstraint& constraint : constraints_) constraint.exception->Rethrow();
}

std::vector<Constraint> PythonTask::KnownConstraints() const {
  std::vector<Constraint> constraints;
  for (const SharedConstraint& shared : constraints_) {
    constraints.push_back(shared.For(space_.parameters()));
  }
  return constraints;
}

Status PythonTask::EndWith(const std::string& text) const {
  exception_.Keep(std::current_exception());
  Interruption::Global().Interrupt();
  return Status::Cancelled(text);
}

/// What an exception of a candidate's build or run says: a failure of the candidate, or a status.
std::variant<Failure, Status> PythonTask::Judge(const py::error_already_set& error, Outcome outcome,
                                                const char* step) const {
  if (error.matches(Ours("Failed"))) {
    try {
      return FailureOf(error);
    } catch (const std::exception& wrong) {
      return EndWith(wrong.what());
    }
  }
  if (error.matches(Ours("UnavailableError"))) return Status::Unavailable(OneLine(error));
  if (caught_ && error.matches(*caught_)) {
    return MakeFailure(outcome, std::string("python.") + step, OneLine(error));
  }
  return EndWith(OneLine(error));
}

BuildResult PythonTask::Build(const Config& config) const {
  const py::gil_scoped_acquire lock;
  try {
    const Interruption::Callback callback;
    py::object program = ToDict(space_.parameters(), config);
    if (const py::function build =
            py::get_override(static_cast<const TargetTask*>(this), "build")) {
      program = build(program);
    }
    Metrics metrics = MetricsOf(program);
    return {std::make_unique<PythonProgram>(Share(std::move(program)), std::move(metrics),
                                            space_.ToString(config)),
            {}};
  } catch (const py::error_already_set& error) {
    auto judged = Judge(error, Outcome::kCompile, "build");
    if (auto* status = std::get_if<Status>(&judged)) return {nullptr, {}, std::move(*status)};
    return {nullptr, std::get<Failure>(std::move(judged))};
  } catch (const std::exception& error) {  // ours, about what the code returned
    return {nullptr, {}, EndWith(error.what())};
  }
}

RunResult PythonTask::Run(const Program& program, const RunOptions& options) const {
  const py::gil_scoped_acquire lock;
  RunResult result;
  try {
    const Interruption::Callback callback;
    const py::function run = py::get_override(static_cast<const TargetTask*>(this), "run");
    if (!run) throw py::type_error("the task has no method run");
    const auto& python = dynamic_cast<const PythonProgram&>(program);
    return Checked(run(python.object(), options), python.config());
  } catch (const py::error_already_set& error) {
    auto judged = Judge(error, Outcome::kRuntime, "run");
    if (auto* status = std::get_if<Status>(&judged)) {
      result.status = std::move(*status);
    } else {
      result.failure = std::get<Failure>(std::move(judged));
    }
  } catch (const std::exception& error) {
    result.status = EndWith(error.what());
  }
  return result;
}

}  // namespace foothold::python

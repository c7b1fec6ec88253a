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
  PythonProgram(SharedObject object, Metrics metrics)
      : object_(std::move(object)), metrics_(std::move(metrics)) {}
  const Metrics& metrics() const override { return metrics_; }
  const py::object& object() const { return *object_; }

 private:
  SharedObject object_;
  Metrics metrics_;
};

/// A program may have metrics: features for searchers.
Metrics MetricsOf(const py::object& program) {
  const py::object metrics = py::getattr(program, "metrics", py::none());
  return py::isinstance<py::dict>(metrics) ? metrics.cast<Metrics>() : Metrics{};
}

bool IsOur(const py::error_already_set& error, const char* name) {
  return error.matches(py::module_::import("foothold._errors").attr(name));
}

/// What an exception of a candidate's build or run says: a failure of the candidate, or a status.
std::variant<Failure, Status> Judge(const py::error_already_set& error, Outcome outcome,
                                    const char* step, FirstException& exception) {
  if (IsOur(error, "CandidateFailed")) {
    const auto text = [&](const char* name) {
      return std::string(py::str(error.value().attr(name)));
    };
    const Result<Outcome> said = ParseOutcome(text("outcome"));
    if (said.ok() && *said != Outcome::kCorrect) {
      return MakeFailure(*said, text("stage"), text("reason"));
    }
  }
  if (IsOur(error, "UnavailableError")) return Status::Unavailable(OneLine(error));
  if (!error.matches(PyExc_Exception)) {  // KeyboardInterrupt, SystemExit
    exception.Keep(std::current_exception());
    Interruption::Global().Interrupt();
    return Status::Cancelled(OneLine(error));
  }
  return MakeFailure(outcome, std::string("python.") + step, OneLine(error));
}

/// A number of seconds, several of them, or a RunResult.
RunResult ToRunResult(const py::object& returned) {
  if (py::isinstance<RunResult>(returned)) return returned.cast<RunResult>();
  RunResult result;
  if (py::isinstance<py::sequence>(returned)) {
    result.seconds = returned.cast<std::vector<double>>();
  } else {
    result.seconds = {returned.cast<double>()};
  }
  return result;
}

/// Times that nobody could rank are the candidate's fault.
bool AreTimes(const std::vector<double>& seconds) {
  for (const double time : seconds) {
    if (!(std::isfinite(time) && time > 0)) return false;
  }
  return !seconds.empty();
}

}  // namespace

void PythonTask::Begin() {
  exception_.Forget();
  const py::function known =
      py::get_override(static_cast<const TargetTask*>(this), "known_constraints");
  constraints_ =
      known ? known().cast<std::vector<SharedConstraint>>() : std::vector<SharedConstraint>();
}

void PythonTask::Rethrow() {
  exception_.Rethrow();
  for (const SharedConstraint& constraint : constraints_) constraint.exception->Rethrow();
}

std::vector<Constraint> PythonTask::KnownConstraints() const {
  std::vector<Constraint> constraints;
  for (const SharedConstraint& shared : constraints_) constraints.push_back(shared.constraint);
  return constraints;
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
    return {std::make_unique<PythonProgram>(Share(std::move(program)), std::move(metrics)), {}};
  } catch (const py::error_already_set& error) {
    auto judged = Judge(error, Outcome::kCompile, "build", exception_);
    if (auto* status = std::get_if<Status>(&judged)) return {nullptr, {}, std::move(*status)};
    return {nullptr, std::get<Failure>(std::move(judged))};
  }
}

RunResult PythonTask::Run(const Program& program, const RunOptions& options) const {
  const py::gil_scoped_acquire lock;
  try {
    const Interruption::Callback callback;
    const py::function run = py::get_override(static_cast<const TargetTask*>(this), "run");
    if (!run) return Failed(Outcome::kRuntime, "python.run", "the task has no method run");
    RunResult result =
        ToRunResult(run(dynamic_cast<const PythonProgram&>(program).object(), options));
    if (result.outcome == Outcome::kCorrect && !AreTimes(result.seconds)) {
      return Failed(Outcome::kRuntime, "python.run", "run gave no finite seconds above 0");
    }
    return result;
  } catch (const py::cast_error&) {
    return Failed(Outcome::kRuntime, "python.run",
                  "run must return seconds, a list of seconds or a RunResult");
  } catch (const py::error_already_set& error) {
    auto judged = Judge(error, Outcome::kRuntime, "run", exception_);
    RunResult result;
    if (auto* status = std::get_if<Status>(&judged)) {
      result.status = std::move(*status);
    } else {
      result.failure = std::get<Failure>(std::move(judged));
      result.outcome = result.failure.outcome;
    }
    return result;
  }
}

std::string PythonTask::Explain(const Config& config) const { return space_.ToString(config); }

std::string PythonTask::ExplainJson(const Config& config) const {
  const py::gil_scoped_acquire lock;
  const py::object dumps = py::module_::import("json").attr("dumps");
  return py::str(dumps(ToDict(space_.parameters(), config)));
}

}  // namespace foothold::python

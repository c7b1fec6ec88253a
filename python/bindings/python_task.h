#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bindings/values.h"
#include "foothold/target.h"

namespace foothold::python {

/// A task whose build and run are methods of a Python subclass. CandidateFailed and the exceptions
/// that SetCaught names are outcomes of the candidate; UnavailableError is a failure of the device;
/// any other exception, and a value that is no time, ends the tuning and comes out of it.
class PythonTask : public TargetTask {
 public:
  PythonTask(Workload workload, Space space, bool exact_times)
      : workload_(std::move(workload)),
        space_(std::move(space)),
        traits_{.times_are_exact = exact_times, .candidates_can_harm_host = !exact_times} {}

  /// Before each tuning: asks the subclass for its known constraints, and forgets what an earlier
  /// tuning left to rethrow. REQUIRES: the interpreter's lock.
  void Begin();
  /// Exception classes, as isinstance takes them, that are outcomes of a candidate. REQUIRES: the
  /// interpreter's lock.
  void SetCaught(const py::object& classes);
  /// What `_identity.dependencies_of` found at Begin.
  Result<Dependencies> DependsOn(Env&) const override { return dependencies_; }
  /// Throws what the Python code threw that was no outcome.
  void Rethrow();

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  std::vector<Constraint> KnownConstraints() const override;
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  const TaskTraits& traits() const override { return traits_; }

 private:
  std::variant<Failure, Status> Judge(const py::error_already_set& error, Outcome outcome,
                                      const char* step) const;
  /// Keeps the exception that is being handled, to end the tuning with it.
  Status EndWith(const std::string& text) const;

  Workload workload_;
  Space space_;
  TaskTraits traits_;
  std::vector<SharedConstraint> constraints_;
  SharedObject caught_;  ///< null: none
  Dependencies dependencies_;
  mutable FirstException exception_;
};

}  // namespace foothold::python

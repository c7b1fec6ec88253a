#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/values.h"
#include "foothold/target.h"

namespace foothold::python {

/// A task whose build and run are methods of a Python subclass. Exceptions of those are outcomes of
/// the candidate; UnavailableError is a failure of the device; KeyboardInterrupt and its like end
/// the tuning and come out of it.
class PythonTask : public TargetTask {
 public:
  PythonTask(Workload workload, Space space, bool exact_times)
      : workload_(std::move(workload)), space_(std::move(space)), is_exact_(exact_times) {}

  /// Before each tuning: asks the subclass for its known constraints, and forgets what an earlier
  /// tuning left to rethrow. REQUIRES: the interpreter's lock.
  void Begin();
  /// Throws what the Python code threw that was no outcome.
  void Rethrow();

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  std::vector<Constraint> KnownConstraints() const override;
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  bool CandidatesCanHarmHost() const override { return !is_exact_; }
  bool TimesAreExact() const override { return is_exact_; }
  std::string Explain(const Config& config) const override;
  std::string ExplainJson(const Config& config) const override;

 private:
  Workload workload_;
  Space space_;
  bool is_exact_;
  std::vector<SharedConstraint> constraints_;
  mutable FirstException exception_;
};

}  // namespace foothold::python

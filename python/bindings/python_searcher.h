#pragma once

#include <pybind11/pybind11.h>

#include <set>
#include <utility>
#include <vector>

#include "bindings/values.h"
#include "foothold/searcher.h"

namespace foothold::python {

/// A searcher whose propose(count), observe(measurements) and, if it has one, retract(measurement)
/// are methods of a Python object. An exception of those ends the tuning, and comes out of it by
/// Rethrow.
class PythonSearcher : public Searcher {
 public:
  /// `exception` must outlive it, and so must `object`.
  PythonSearcher(const py::object& object, const SearchProblem& problem, FirstException& exception)
      : object_(object), space_(problem.space), exception_(exception) {}

  std::vector<Config> Propose(std::size_t count) override;
  void Observe(std::span<const Measurement> measurements) override;
  void Retract(const Measurement& demoted) override;

 private:
  std::vector<Config> Checked(const py::object& proposals, std::size_t count);

  const py::object& object_;
  Space space_;
  FirstException& exception_;
  std::set<Config> proposed_;
};

}  // namespace foothold::python

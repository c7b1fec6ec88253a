#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "bindings/interpreter.h"
#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold::python {

/// A config in Python: {"tile_h": 7, ...}, in the space's order.
py::dict ToDict(const std::vector<Parameter>& parameters, const Config& config);
/// ValueError unless `values` has exactly the space's parameters with values of theirs.
Config ToConfig(const Space& space, const py::dict& values);

/// A constraint, and the exception that its Python predicate threw, if it did: a predicate that
/// throws counts as not met.
struct SharedConstraint {
  Constraint constraint;
  std::shared_ptr<FirstException> exception;
};

/// A measurement that knows the names of its config's parameters.
struct NamedMeasurement {
  std::vector<Parameter> parameters;
  Measurement measurement;
};

// Each adds its classes and functions to the module.
void DefineSpace(py::module_& module);
void DefineTargets(py::module_& module);
void DefineResults(py::module_& module);
void DefineTune(py::module_& module);

}  // namespace foothold::python

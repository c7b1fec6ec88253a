#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bindings/interpreter.h"
#include "foothold/space.h"
#include "foothold/space_builder.h"
#include "foothold/target.h"

namespace foothold::python {

/// A whole number, a finite number, a truth value or a text, of NumPy's kinds too; TypeError for
/// anything else: "a parameter's value is ..., must be ...", or what `subject` says in its place.
ParameterValue ToValue(const py::handle& object,
                       const std::string& subject = "a parameter's value");
py::object FromValue(const ParameterValue& value);

/// The parts of why a candidate failed; empty when it did not.
inline std::string StageOf(const std::optional<Failure>& failure) {
  return failure ? failure->stage : "";
}
inline std::string ReasonOf(const std::optional<Failure>& failure) {
  return failure ? failure->reason : "";
}

/// A config in Python: {"tile_h": 7, "layout": "row", ...}, in the space's order.
py::dict ToDict(const std::vector<Parameter>& parameters, const Config& config);
/// ValueError unless `values` has exactly the space's parameters with values of theirs.
Config ToConfig(const Space& space, const py::dict& values);

/// A constraint over a space's own values, or a rule over what these stand for; and the exception
/// that its Python predicate threw, if it did: a predicate that throws counts as not met.
struct SharedConstraint {
  std::variant<Constraint, SpaceRule> rule;
  std::shared_ptr<FirstException> exception;

  /// For a space of these parameters. Throws ValueError where that is impossible.
  Constraint For(std::span<const Parameter> parameters) const;
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
void DefineOptions(py::module_& module);
void DefineTune(py::module_& module);
void DefineStudy(py::module_& module);

}  // namespace foothold::python

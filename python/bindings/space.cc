// Parameter, Constraint, Space, Rng.
#include "foothold/space.h"

#include <pybind11/stl.h>

#include <utility>

#include "bindings/values.h"

namespace foothold::python {

py::dict ToDict(const std::vector<Parameter>& parameters, const Config& config) {
  py::dict values;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    values[py::str(parameters[i].name)] = parameters[i].values[config.choices[i]];
  }
  return values;
}

Config ToConfig(const Space& space, const py::dict& values) {
  std::vector<std::int64_t> ordered;
  for (const Parameter& parameter : space.parameters()) {
    const py::str name(parameter.name);
    if (!values.contains(name)) {
      throw py::value_error("the config has no value for the parameter \"" + parameter.name + "\"");
    }
    ordered.push_back(values[name].cast<std::int64_t>());
  }
  if (values.size() != ordered.size()) {
    throw py::value_error("the config has more values than the space has parameters");
  }
  return ValueOrRaise(space.FromValues(ordered));
}

namespace {

SharedConstraint Where(std::string description, std::vector<std::string> parameters,
                       py::object predicate) {
  auto exception = std::make_shared<FirstException>();
  auto holds = [callable = Share(std::move(predicate)),
                exception](std::span<const std::int64_t> values) {
    const py::gil_scoped_acquire lock;
    try {
      py::tuple arguments(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) arguments[i] = values[i];
      return py::bool_((*callable)(*arguments)).cast<bool>();
    } catch (...) {
      exception->Keep(std::current_exception());
      return false;
    }
  };
  return {Constraint::Where(std::move(description), std::move(parameters), std::move(holds)),
          exception};
}

SharedConstraint OneOf(std::string description, std::vector<std::string> parameters,
                       const std::vector<std::vector<std::int64_t>>& rows) {
  for (const auto& row : rows) {
    if (row.size() != parameters.size()) {
      throw py::value_error("each row must have one value for each parameter");
    }
  }
  return {Constraint::OneOf(std::move(description), std::move(parameters), rows),
          std::make_shared<FirstException>()};
}

Space MakeSpace(std::vector<Parameter> parameters, const std::vector<SharedConstraint>& rules) {
  std::vector<Constraint> constraints;
  for (const SharedConstraint& rule : rules) constraints.push_back(rule.constraint);
  Result<Space> space = [&] {
    const py::gil_scoped_release unlocked;
    return Space::Create(std::move(parameters), std::move(constraints));
  }();
  for (const SharedConstraint& rule : rules) rule.exception->Rethrow();
  return ValueOrRaise(std::move(space));
}

/// Which of the space's own rules forbids the config; None when it is valid.
std::optional<std::string> FirstBroken(const Space& space, const py::dict& values) {
  const Constraint* broken = space.FirstBroken(ToConfig(space, values));
  return broken == nullptr ? std::nullopt : std::optional(broken->description());
}

py::dict InRange(const Space& space, std::uint64_t number, std::uint64_t end,
                 Config (Space::*at)(std::uint64_t) const) {
  if (number >= end) throw py::index_error("must be below " + std::to_string(end));
  return ToDict(space.parameters(), (space.*at)(number));
}

}  // namespace

void DefineSpace(py::module_& module) {
  py::class_<Parameter>(module, "Parameter",
                        "One dimension of a space: a name and its ordered values.")
      .def(py::init([](std::string name, std::vector<std::int64_t> values) {
             return Parameter{std::move(name), std::move(values)};
           }),
           py::arg("name"), py::arg("values"))
      .def_readonly("name", &Parameter::name)
      .def_readonly("values", &Parameter::values)
      .def("__repr__", [](const Parameter& self) {
        return "Parameter(" + std::string(py::repr(py::str(self.name))) + ", " +
               std::string(py::str(py::cast(self.values))) + ")";
      });

  py::class_<SharedConstraint>(module, "Constraint", "A rule over some of a space's parameters.")
      .def_static("where", &Where, py::arg("description"), py::arg("parameters"),
                  py::arg("predicate"),
                  "predicate(*values), with the parameters' values in the order named, is true.")
      .def_static(
          "product_at_most",
          [](std::string description, std::vector<std::string> parameters, std::int64_t coefficient,
             std::int64_t limit) {
            return SharedConstraint{
                Constraint::ProductAtMost(std::move(description), std::move(parameters),
                                          coefficient, limit),
                std::make_shared<FirstException>()};
          },
          py::arg("description"), py::arg("parameters"), py::arg("coefficient"), py::arg("limit"),
          "coefficient * product of the values <= limit.")
      .def_static("one_of", &OneOf, py::arg("description"), py::arg("parameters"), py::arg("rows"),
                  "The values are one of the rows.")
      .def_property_readonly(
          "description", [](const SharedConstraint& self) { return self.constraint.description(); })
      .def_property_readonly(
          "parameters", [](const SharedConstraint& self) { return self.constraint.parameters(); });

  py::class_<Rng>(module, "Rng", "The source of randomness: same seed, same sequence.")
      .def(py::init<std::uint64_t>(), py::arg("seed"))
      .def(
          "below",
          [](Rng& self, std::uint64_t bound) {
            if (bound == 0) throw py::value_error("the bound must be above 0");
            return self.Below(bound);
          },
          py::arg("bound"), "Uniform over 0 ... bound - 1.")
      .def("uniform", &Rng::Uniform, "Uniform from 0 to 1.");

  py::class_<Space>(module, "Space",
                    "The configs of a workload on a target: a product of parameters cut down by "
                    "constraints. A config is a dict of the parameters' values.")
      .def(py::init(&MakeSpace), py::arg("parameters"),
           py::arg("constraints") = std::vector<SharedConstraint>())
      .def_property_readonly("parameters", &Space::parameters)
      .def_property_readonly("raw_size", &Space::raw_size)
      .def_property_readonly("valid_count", &Space::valid_count)
      .def(
          "is_valid",
          [](const Space& self, const py::dict& config) {
            return self.IsValid(ToConfig(self, config));
          },
          py::arg("config"))
      .def("first_broken", &FirstBroken, py::arg("config"),
           "The description of the first constraint that the config breaks, or None.")
      .def(
          "unrank",
          [](const Space& self, std::uint64_t rank) {
            return InRange(self, rank, self.valid_count(), &Space::Unrank);
          },
          py::arg("rank"), "The valid config of this number.")
      .def(
          "rank",
          [](const Space& self, const py::dict& config) {
            return self.Rank(ToConfig(self, config));
          },
          py::arg("config"), "The number of a valid config; None when it is not valid.")
      .def(
          "at_index",
          [](const Space& self, std::uint64_t index) {
            return InRange(self, index, self.raw_size(), &Space::AtIndex);
          },
          py::arg("index"), "The config of AutoTVM's index.")
      .def(
          "index_of",
          [](const Space& self, const py::dict& config) {
            return self.IndexOf(ToConfig(self, config));
          },
          py::arg("config"))
      .def(
          "sample",
          [](const Space& self, Rng& rng) {
            if (self.valid_count() == 0) throw py::value_error("the space has no valid config");
            return ToDict(self.parameters(), self.Sample(rng));
          },
          py::arg("rng"), "Uniform among the valid configs.")
      .def(
          "neighbours",
          [](const Space& self, const py::dict& config) {
            std::vector<py::dict> neighbours;
            for (const Config& neighbour : self.Neighbours(ToConfig(self, config))) {
              neighbours.push_back(ToDict(self.parameters(), neighbour));
            }
            return neighbours;
          },
          py::arg("config"), "The valid configs one step of one parameter away.");
}

}  // namespace foothold::python

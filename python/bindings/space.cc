// Parameter, Constraint, Space, Rng.
#include "foothold/space.h"

#include <pybind11/stl.h>

#include <cmath>
#include <optional>
#include <utility>

#include "bindings/values.h"

namespace foothold::python {

ParameterValue ToValue(const py::handle& object, const std::string& subject) {
  if (py::isinstance<py::bool_>(object)) return object.cast<bool>();
  if (py::isinstance<py::int_>(object)) return object.cast<std::int64_t>();
  if (py::isinstance<py::str>(object)) return object.cast<std::string>();
  if (py::isinstance<py::float_>(object)) {
    const auto number = object.cast<double>();
    if (!std::isfinite(number)) {
      throw py::value_error(subject + " is " + TextOf(object) + ", must be finite");
    }
    return number;
  }
  if (py::hasattr(object, "item")) {  // NumPy's
    const py::object item = object.attr("item")();
    if (!py::hasattr(item, "item")) return ToValue(item, subject);
  }
  throw py::type_error(subject + " is " + InOneLine(TextOf(py::repr(object))) +
                       ", must be a number, a truth value or a text");
}

py::object FromValue(const ParameterValue& value) {
  return std::visit([](const auto& held) { return py::object(py::cast(held)); }, value);
}

py::dict ToDict(const std::vector<Parameter>& parameters, const Config& config) {
  py::dict values;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterValue value = parameters[i].ValueAt(config.choices[i]);
    if (value != ParameterValue(kInactive)) values[py::str(parameters[i].name)] = FromValue(value);
  }
  return values;
}

namespace {

std::optional<std::uint32_t> Find(const Parameter& parameter, const py::object& given) {
  const ParameterValue exact = ToValue(given);
  std::optional<std::uint32_t> equal;
  for (std::uint32_t i = 0; i < parameter.values.size(); ++i) {
    const ParameterValue value = parameter.ValueAt(i);
    if (value == exact) return i;
    if (!equal && given.equal(FromValue(value))) equal = i;
  }
  return equal;
}

/// Where the parameter has the value; an inactive parameter has none. A number may be written as
/// another kind, as 1.0 for 1, where there is none of that kind.
std::uint32_t ChoiceOf(const Parameter& parameter, const py::dict& values) {
  const py::str name(parameter.name);
  const bool is_given = values.contains(name);
  const std::optional<std::uint32_t> choice =
      Find(parameter, is_given ? py::object(values[name]) : py::object(py::str(kInactive)));
  if (choice) return *choice;
  if (!is_given) {
    throw py::value_error("the config has no value for the parameter \"" + parameter.name + "\"");
  }
  py::list known;
  for (std::size_t i = 0; i < parameter.values.size(); ++i) {
    known.append(FromValue(parameter.ValueAt(i)));
  }
  const std::string text = TextOf(known);
  throw py::value_error("config: " + parameter.name + "=" + TextOf(values[name]) +
                        " is not in the space; the values of '" + parameter.name + "' are " +
                        text.substr(1, text.size() - 2));
}

}  // namespace

Config ToConfig(const Space& space, const py::dict& values) {
  Config config;
  std::size_t given = 0;
  for (const Parameter& parameter : space.parameters()) {
    config.choices.push_back(ChoiceOf(parameter, values));
    given += values.contains(py::str(parameter.name)) ? 1 : 0;
  }
  if (values.size() != given) {
    throw py::value_error("the config has more values than the space has parameters");
  }
  return config;
}

Constraint SharedConstraint::For(std::span<const Parameter> parameters) const {
  if (const auto* constraint = std::get_if<Constraint>(&rule)) return *constraint;
  return ValueOrRaise(ToConstraint(std::get<SpaceRule>(rule), parameters));
}

namespace {

SharedConstraint Where(std::string description, std::vector<std::string> parameters,
                       py::object predicate) {
  auto exception = std::make_shared<FirstException>();
  auto holds = [callable = Share(std::move(predicate)),
                exception](std::span<const ParameterValue> values) {
    const py::gil_scoped_acquire lock;
    try {
      py::tuple arguments(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) arguments[i] = FromValue(values[i]);
      return py::bool_((*callable)(*arguments)).cast<bool>();
    } catch (...) {
      exception->Keep(std::current_exception());
      return false;
    }
  };
  return {SpaceRule{std::move(description), std::move(parameters), std::move(holds)}, exception};
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

/// A Constraint, an expression, or a callable whose arguments are named as parameters.
SharedConstraint ToRule(const py::handle& rule) {
  if (py::isinstance<SharedConstraint>(rule)) return rule.cast<SharedConstraint>();
  if (py::isinstance<py::str>(rule)) {
    return {SpaceRule{rule.cast<std::string>()}, std::make_shared<FirstException>()};
  }
  const py::object read = py::module_::import("foothold._space").attr("rule_of")(rule);
  const auto [description, parameters] =
      read.cast<std::pair<std::string, std::vector<std::string>>>();
  return Where(description, parameters, py::reinterpret_borrow<py::object>(rule));
}

void Require(const SharedConstraint& shared, SpaceBuilder& builder) {
  std::visit([&](const auto& rule) { builder.Require(rule); }, shared.rule);
}

std::vector<ParameterValue> ToValues(const py::handle& objects) {
  std::vector<ParameterValue> values;
  for (const py::handle& object : objects) values.push_back(ToValue(object));
  return values;
}

/// The parameters of {"tile": range(1, 9), "layout": foothold.choice(["row", "column"]), ...}.
void AddParameters(const py::dict& parameters, SpaceBuilder& builder,
                   std::vector<SharedConstraint>& rules) {
  for (const auto& [name, described] : parameters) {
    const py::object values = py::module_::import("foothold._space").attr("values_of")(described);
    const auto is_ordered = values.attr("ordered").cast<bool>();
    std::vector<ParameterValue> all = ToValues(values.attr("values"));
    const py::object when = values.attr("when");
    if (when.is_none()) {
      builder.Add(name.cast<std::string>(), std::move(all), is_ordered);
      continue;
    }
    rules.push_back(ToRule(when));
    const auto* condition = std::get_if<SpaceRule>(&rules.back().rule);
    if (condition == nullptr) {
      throw py::type_error("when: must be an expression, a callable or a Constraint.where");
    }
    builder.AddIf(*condition, name.cast<std::string>(), std::move(all), is_ordered);
  }
}

void AddParameters(const std::vector<Parameter>& parameters, SpaceBuilder& builder) {
  for (const Parameter& parameter : parameters) {
    std::vector<ParameterValue> values;
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
      values.push_back(parameter.ValueAt(i));
    }
    builder.Add(parameter.name, std::move(values), parameter.is_ordered);
  }
}

Space MakeSpace(const py::object& parameters, const py::iterable& constraints) {
  SpaceBuilder builder;
  std::vector<SharedConstraint> rules;
  if (py::isinstance<py::dict>(parameters)) {
    AddParameters(parameters.cast<py::dict>(), builder, rules);
  } else {
    AddParameters(parameters.cast<std::vector<Parameter>>(), builder);
  }
  for (const py::handle& constraint : constraints) {
    rules.push_back(ToRule(constraint));
    Require(rules.back(), builder);
  }
  Result<Space> space = [&] {
    const py::gil_scoped_release unlocked;
    return builder.Build();
  }();
  for (const SharedConstraint& rule : rules) rule.exception->Rethrow();
  return ValueOrRaise(std::move(space));
}

py::list ValuesOf(const Parameter& parameter) {
  py::list values;
  for (std::size_t i = 0; i < parameter.values.size(); ++i) {
    const ParameterValue value = parameter.ValueAt(i);
    if (value != ParameterValue(kInactive)) values.append(FromValue(value));
  }
  return values;
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
                        "One dimension of a space: a name and its values. ordered: neighbouring "
                        "values are more alike than others; by default, if all are numbers.")
      .def(py::init([](std::string name, const py::object& values, std::optional<bool> ordered) {
             const py::object read =
                 py::module_::import("foothold._space").attr("values_of")(values, ordered);
             return MakeParameter(std::move(name), ToValues(read.attr("values")),
                                  read.attr("ordered").cast<bool>());
           }),
           py::arg("name"), py::arg("values"), py::arg("ordered") = py::none())
      .def_readonly("name", &Parameter::name)
      .def_property_readonly("values", &ValuesOf)
      .def_readonly("ordered", &Parameter::is_ordered)
      .def("__repr__", [](const Parameter& self) {
        return "Parameter(" + std::string(py::repr(py::str(self.name))) + ", " +
               TextOf(py::repr(ValuesOf(self))) + ")";
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
          "description",
          [](const SharedConstraint& self) {
            const auto* rule = std::get_if<SpaceRule>(&self.rule);
            return rule != nullptr ? rule->text : std::get<Constraint>(self.rule).description();
          })
      .def_property_readonly("parameters", [](const SharedConstraint& self) {
        const auto* rule = std::get_if<SpaceRule>(&self.rule);
        return rule != nullptr ? rule->parameters : std::get<Constraint>(self.rule).parameters();
      });

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
                    "constraints. A config is a dict of the parameters' values.\n\n"
                    "parameters: Parameters, or a dict of values by name, such as range(1, 9), "
                    "choice(), real() or whole(). constraints: expressions such as \"tile * "
                    "buffers <= 96\", callables whose arguments are parameters, or Constraints.")
      .def(py::init(&MakeSpace), py::arg("parameters"), py::arg("constraints") = py::tuple())
      .def("__len__", &Space::valid_count)
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

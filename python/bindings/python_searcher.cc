#include "bindings/python_searcher.h"

#include <pybind11/stl.h>

#include <string>

namespace foothold::python {

/// The tuner trusts its searchers; this one may be wrong, and is told so.
std::vector<Config> PythonSearcher::Checked(const py::object& proposals, std::size_t count) {
  std::vector<Config> configs;
  for (const py::handle& proposal : proposals) {
    Config config = ToConfig(space_, proposal.cast<py::dict>());
    const std::string text = space_.ToString(config);
    if (!space_.IsValid(config)) throw py::value_error("propose gave an invalid config: " + text);
    if (!proposed_.insert(config).second)
      throw py::value_error("propose gave a config twice: " + text);
    configs.push_back(std::move(config));
  }
  if (configs.size() > count)
    throw py::value_error("propose gave more configs than were asked for");
  return configs;
}

std::vector<Config> PythonSearcher::Propose(std::size_t count) {
  const py::gil_scoped_acquire lock;
  try {
    const Interruption::Callback callback;
    return Checked(object_.attr("propose")(count), count);
  } catch (...) {
    exception_.Keep(std::current_exception());
    return {};  // which ends the tuning
  }
}

void PythonSearcher::Observe(std::span<const Measurement> measurements) {
  const py::gil_scoped_acquire lock;
  try {
    const Interruption::Callback callback;
    std::vector<NamedMeasurement> named;
    for (const Measurement& measurement : measurements) {
      named.push_back({space_.parameters(), measurement});
    }
    object_.attr("observe")(named);
  } catch (...) {
    exception_.Keep(std::current_exception());
    Interruption::Global().Interrupt();
  }
}

void PythonSearcher::Retract(const Measurement& demoted) {
  const py::gil_scoped_acquire lock;
  try {
    const Interruption::Callback callback;
    if (!py::hasattr(object_, "retract")) return;
    object_.attr("retract")(NamedMeasurement{space_.parameters(), demoted});
  } catch (...) {
    exception_.Keep(std::current_exception());
    Interruption::Global().Interrupt();
  }
}

}  // namespace foothold::python

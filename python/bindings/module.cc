// The extension module foothold._core: the public headers in Python's words.
#include <pybind11/pybind11.h>

#include "bindings/values.h"
#include "foothold/version.h"

PYBIND11_MODULE(_core, module) {
  module.doc() = "Foothold's C++ library.";
  module.attr("__version__") = FOOTHOLD_VERSION;
  foothold::python::DefineSpace(module);
  foothold::python::DefineTargets(module);
  foothold::python::DefineResults(module);
  foothold::python::DefineTune(module);
  foothold::python::DefineStudy(module);
}

"""The type stubs name what the extension module has, and the package exports what it says."""

import ast
import inspect
import os
import sys
import unittest

import foothold
from foothold import _core

sys.path.append(os.path.join(os.environ["FOOTHOLD_SOURCES"], "python"))
import write_stubs


def stub_names():
    """The stub's names: "Space", "Space.rank", ..."""
    path = os.path.join(os.path.dirname(foothold.__file__), "_core.pyi")
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    names = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            names.add(node.name)
            names.update(node.name + "." + name for name in member_names(node))
        else:
            names.update(declared(node))
    return names


def member_names(node):
    return {name for member in node.body for name in declared(member)}


def declared(node):
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id}
    return set()


def module_names():
    names = {"__version__"}
    for name, value in vars(_core).items():
        if name.startswith("_"):
            continue
        names.add(name)
        if inspect.isclass(value):
            names.update(name + "." + member for member in vars(value) if is_shown(value, member))
    return names


def is_shown(owner, member):
    if member == "__init__":  # a constructor's says so; the others refuse to be called
        return (owner.__init__.__doc__ or "").startswith("__init__(self") and not hasattr(
            owner, "__members__"
        )
    return not member.startswith("_") or member == "__len__"


class StubsTest(unittest.TestCase):
    def test_name_what_the_module_has(self):
        stubs, module = stub_names(), module_names()
        self.assertEqual(sorted(module - stubs), [], "not in _core.pyi")
        self.assertEqual(sorted(stubs - module), [], "only in _core.pyi")

    def test_have_the_options_as_they_are_declared(self):
        stub = write_stubs.STUB.read_text(encoding="utf-8")
        self.assertEqual(write_stubs.rewritten(stub), stub, "run ./dev docs")

    def test_the_package_exports_what_it_says(self):
        for name in foothold.__all__:
            self.assertTrue(hasattr(foothold, name), name)
        self.assertTrue(os.path.exists(os.path.join(os.path.dirname(foothold.__file__), "py.typed")))

    def test_everything_is_documented(self):
        for name in foothold.__all__:
            if not name.startswith("_"):
                self.assertTrue(inspect.getdoc(getattr(foothold, name)), name)


if __name__ == "__main__":
    unittest.main()

"""What a task or a searcher written in Python depends on: its code and what that refers to.

From here come the dependencies of a run in the record log, by which an edited function starts a new
run (docs/python.md says what is found and what is not).
"""

from __future__ import annotations

import dis
import enum
import functools
import hashlib
import importlib.metadata
import inspect
import os
import site
import sys
import sysconfig
import types
from typing import Any, Iterable, Optional

_MOST_VALUES = 200_000  # that are looked at: a task that holds more is known by its beginning
_MOST_LEVELS = 30
_MOST_SHOWN = 60  # characters; longer values are hashed

_PLAIN = (int, float, complex, bool, type(None))
_CALLED_BY_C = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)
# What Python itself puts into a class.
_NOISE = {"__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__annotations__"} | {
    "__firstlineno__",
    "__static_attributes__",
    "__abstractmethods__",
    "_abc_impl",
    "__parameters__",
    "__orig_bases__",
}


def dependencies_of(task: Any) -> dict[str, str]:
    """Name -> version, value or hash. A method depends_on() of the task says it all instead."""
    own = getattr(task, "depends_on", None)
    if callable(own):
        return {_clean(str(name)): _clean(str(value)) for name, value in own().items()}
    walk = _Walk()
    walk.add_object(task)
    began = {name: _began_as.get((name, value), value) for name, value in walk.entries.items()}
    return {name: value for name, value in began.items() if value is not None}


def settle(task: Any, before: dict[str, str]) -> None:
    """After a tuning: what the task itself has changed in its own data counts as unchanged.

    A function may count its calls. The next tuning in this process finds what the last one left, and
    takes it for what it was when that one began; what somebody else changes in between is a change.
    """
    walk = _Walk()
    walk.add_object(task)
    for name, value in walk.entries.items():
        if value != before.get(name):
            _began_as[(name, value)] = before.get(name)


_began_as: dict[tuple[str, str], Optional[str]] = {}


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _hash(text: str) -> str:
    return "sha256 " + hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _shown(text: str) -> str:
    """Numbers in the clear; texts, which may be secrets, and what is long by their hash."""
    is_number = len(text) <= _MOST_SHOWN and "'" not in text and '"' not in text
    return _clean(text) if is_number else _hash(text)


@functools.lru_cache(maxsize=None)
def _library_folders() -> tuple[str, ...]:
    named = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [sysconfig.get_path(name) for name in named]
    for function in ("getsitepackages", "getusersitepackages"):
        found = getattr(site, function, list)()
        folders += [found] if isinstance(found, str) else found
    folders.append(os.path.dirname(os.path.abspath(__file__)))
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in folders if folder)


def _is_installed(path: Optional[str]) -> bool:
    """Whether a module's file belongs to Python or to a package rather than to the user."""
    if path is None:
        return True
    return os.path.realpath(path).startswith(_library_folders())


def _file_of(module_name: str) -> Optional[str]:
    module = sys.modules.get(module_name)
    return getattr(module, "__file__", None)


def _is_users(module_name: Optional[str]) -> bool:
    if module_name is None:
        return True
    if module_name == "__main__" or module_name not in sys.modules:  # typed in, or made by exec
        return True
    return not _is_installed(_file_of(module_name))


def _codes(code: types.CodeType) -> Iterable[types.CodeType]:
    """The code and all that is written within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _code_text(code: types.CodeType) -> str:
    """What the code does; not where it stands, so that comments and blank lines do not count."""
    constants = []
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            constants.append(_code_text(constant))
        elif isinstance(constant, frozenset):  # in no order of its own
            constants.append("frozenset " + ", ".join(sorted(map(repr, constant))))
        else:
            constants.append(f"{type(constant).__name__} {constant!r}")
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    names = (code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)
    return repr((code.co_code.hex(), counts, names, constants))


def _global_names(function: types.FunctionType) -> list[str]:
    names = set()
    for code in _codes(function.__code__):
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names.add(instruction.argval)
    return sorted(name for name in names if not name.startswith("__"))


class _Walk:
    """Follows a task to all that it refers to, each thing once."""

    def __init__(self) -> None:
        version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
        self.entries: dict[str, str] = {"Python": version}
        self._labels: dict[int, str] = {}
        self._kept: list[Any] = []  # so that no id is given twice
        self._open: set[int] = set()
        self._values = 0

    # --- entries

    def add_object(self, task: Any) -> None:
        """A task: its class, and its attributes one by one."""
        self.describe(type(task))
        for name, value in sorted(getattr(task, "__dict__", {}).items()):
            self._add(f"attribute {name}", value)

    def _add(self, name: str, value: Any) -> None:
        self.entries[_clean(name)] = _shown(self.describe(value))

    def _label(self, kind: str, thing: Any) -> tuple[str, bool]:
        """By which name the thing goes, and whether it is met for the first time."""
        if id(thing) in self._labels:
            return self._labels[id(thing)], False
        module = getattr(thing, "__module__", None)
        name = str(getattr(thing, "__qualname__", getattr(thing, "__name__", "?")))
        name = name.rsplit("<locals>.", 1)[-1]
        label = f"{kind} {name}" if module in (None, "__main__") else f"{kind} {module}.{name}"
        taken = set(self._labels.values())
        number = 2
        unique = label
        while unique in taken:
            unique, number = f"{label} #{number}", number + 1
        self._labels[id(thing)] = unique
        self._kept.append(thing)
        return unique, True

    def _function(self, function: types.FunctionType) -> str:
        label, is_new = self._label("function", function)
        if not is_new:
            return label
        if not _is_users(function.__module__):
            self._package(function.__module__)
            return label
        text = _code_text(function.__code__)
        text += self.describe(function.__defaults__) + self.describe(function.__kwdefaults__)
        self.entries[_clean(label)] = _hash(text)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            try:
                self._referred(f"variable {name} of {label}", cell.cell_contents)
            except ValueError:  # not bound yet
                pass
        for name in _global_names(function):
            if name in function.__globals__:
                self._referred(f"global {name}", function.__globals__[name])
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            self.describe(wrapped)
        return label

    def _referred(self, name: str, value: Any) -> None:
        """What has an entry of its own needs no second one, unless it goes by another name."""
        text = self.describe(value)
        if not isinstance(value, (types.FunctionType, type, types.ModuleType)):
            self.entries[_clean(name)] = _shown(text)

    def _class(self, cls: type) -> str:
        label, is_new = self._label("class", cls)
        if not is_new:
            return label
        if not _is_users(cls.__module__):
            self._package(cls.__module__)
            return label
        parts = [self.describe(base) for base in cls.__bases__ if base is not object]
        for name, value in sorted(vars(cls).items()):
            if name not in _NOISE:
                parts.append(f"{name}: {self._member(value)}")
        self.entries[_clean(label)] = _hash("\n".join(parts))
        return label

    def _member(self, value: Any) -> str:
        if isinstance(value, (staticmethod, classmethod)):
            return type(value).__name__ + " " + self.describe(value.__func__)
        if isinstance(value, property):
            return "property " + self.describe([value.fget, value.fset, value.fdel])
        return self.describe(value)

    def _module(self, module: types.ModuleType) -> str:
        name = f"module {module.__name__}"
        path = getattr(module, "__file__", None)
        if id(module) in self._labels:
            return name
        self._labels[id(module)] = name
        if _is_installed(path):
            self._package(module.__name__)
            return name
        try:
            with open(str(path), "rb") as file:
                self.entries[_clean(name)] = "sha256 " + hashlib.sha256(file.read()).hexdigest()
        except OSError:
            self.entries[_clean(name)] = "cannot be read"
        for value in list(vars(module).values()):  # what it imports
            origin = value if isinstance(value, types.ModuleType) else None
            if isinstance(value, (types.FunctionType, type)):
                origin = sys.modules.get(value.__module__)
            if origin is not None and not _is_installed(getattr(origin, "__file__", None)):
                self._module(origin)
        return name

    def _package(self, module_name: Optional[str]) -> None:
        """The version of what a module belongs to; the standard library's is Python's."""
        top = (module_name or "").partition(".")[0]
        name = f"package {top}"
        if not top or top in ("builtins", "__main__", "foothold") or name in self.entries:
            return
        version = getattr(sys.modules.get(top), "__version__", None)
        if version is None:
            try:
                version = importlib.metadata.version(top)
            except Exception:  # of the standard library, or of no package
                return
        self.entries[_clean(name)] = _clean(str(version))

    # --- values

    def describe(self, value: Any, level: int = 0) -> str:
        """The value as text, the same for equal values; what has code is entered by the way."""
        self._values += 1
        if self._values > _MOST_VALUES or level > _MOST_LEVELS or id(value) in self._open:
            return f"<{type(value).__name__}>"
        self._open.add(id(value))
        try:
            return self._described(value, level)
        except Exception:  # an object that does not like being looked at
            return f"<{type(value).__name__}>"
        finally:
            self._open.discard(id(value))

    def _described(self, value: Any, level: int) -> str:
        if isinstance(value, enum.Enum):
            return f"{self._class(type(value))}.{value.name}"
        if isinstance(value, _PLAIN + (str, bytes, range, slice)):
            return repr(value)
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, types.MethodType):
            return f"{self._function(value.__func__)} of {self.describe(value.__self__, level + 1)}"
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, types.ModuleType):
            return self._module(value)
        if isinstance(value, _CALLED_BY_C):
            self._package(getattr(value, "__module__", None))
            return f"built-in {getattr(value, '__qualname__', value.__name__)}"
        if isinstance(value, functools.partial):
            parts = [value.func, value.args, value.keywords]
            return "partial " + self.describe(parts, level + 1)
        return self._container(value, level)

    def _container(self, value: Any, level: int) -> str:
        name = type(value).__name__
        if isinstance(value, dict):
            items = [
                f"{self.describe(key, level + 1)}: {self.describe(item, level + 1)}"
                for key, item in value.items()
            ]
            return f"{name} {{{', '.join(sorted(items))}}}"
        if isinstance(value, (set, frozenset)):
            return f"{name} {{{', '.join(sorted(self.describe(item, level + 1) for item in value))}}}"
        if isinstance(value, (list, tuple)):
            return f"{name} [{', '.join(self.describe(item, level + 1) for item in value)}]"
        return self._object(value, level)

    def _object(self, value: Any, level: int) -> str:
        try:
            view = memoryview(value)  # NumPy's arrays, bytearray, array.array
        except TypeError:
            view = None
        if view is not None:
            content = hashlib.sha256(view.tobytes()).hexdigest()
            return f"{type(value).__name__} {view.format} {view.shape} {content}"
        label = self._class(type(value))
        code = inspect.unwrap(value) if hasattr(value, "__wrapped__") else None
        code = getattr(value, "py_func", code)  # Numba's
        if code is not None:
            return f"{label} of {self.describe(code, level + 1)}"
        if not _is_users(type(value).__module__):
            return label  # a package's own; what it holds is nothing to compare
        attributes = dict(getattr(value, "__dict__", {}))
        for cls in type(value).__mro__:
            slots = getattr(cls, "__slots__", ())
            for slot in (slots,) if isinstance(slots, str) else slots:
                if hasattr(value, slot):
                    attributes[slot] = getattr(value, slot)
        return f"{label} {self.describe(attributes, level + 1)}"

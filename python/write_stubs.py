"""Writes the option classes in foothold/_core.pyi as the library declares them.

    PYTHONPATH=build/release/python python3 python/write_stubs.py

`./dev docs` does this. The declarations are src/tune/tuner_options.cc and
src/measure/measuring_options.cc; what is outside of the two marks in the stub is written by hand.
"""

import pathlib
import sys
import textwrap

if __name__ == "__main__":  # the package beside this file has no extension module
    sys.path.pop(0)
from foothold import _core

STUB = pathlib.Path(__file__).parent / "foothold" / "_core.pyi"
BEGIN = "# Written by python/write_stubs.py from the declared options: do not edit.\n"
END = "# End of what python/write_stubs.py writes.\n"
CLASSES = (_core.DeviceOptions, _core.RepeatOptions, _core.TunerOptions)


def type_of(owner, option):
    """The attribute's type."""
    if option["type"] == "name":
        return option["name"].capitalize()
    if option["type"] == "part":  # what pybind11 says that the property returns
        returned = getattr(owner, option["name"]).fget.__doc__.split("->")[1].strip()
        return returned.replace("foothold._core.", "").replace("List[", "list[")
    return f"Optional[{option['type']}]" if option["is_optional"] else option["type"]


def argument_of(owner, option):
    """The keyword argument, with its default."""
    kind, default = type_of(owner, option), repr(option["default"])
    if option["type"] == "part":
        kind, default = kind.replace("list[", "Sequence["), "..."
    if option["type"] == "name":
        names = ", ".join(f'"{name}"' for name in option["names"])
        kind, default = f"Union[{kind}, Literal[{names}]]", f'"{option["default"]}"'
    return f"        {option['name']}: {kind} = {default},\n"


def quoted(doc, indent):
    """A docstring of at most 100 columns."""
    lines = textwrap.wrap(doc, 100 - 2 * len(indent), break_on_hyphens=False)
    if len(lines) == 1 and len(lines[0]) + len(indent) <= 94:
        return f'{indent}"""{lines[0]}"""\n'
    return f'{indent}"""{lines[0]}\n' + "".join(indent + x + "\n" for x in lines[1:]) + f'{indent}"""\n'


def stub_of(owner):
    """The class's text in the stub."""
    text = f"class {owner.__name__}:\n" + quoted(owner.__doc__, "    ")
    for option in owner._options:
        text += f"    {option['name']}: {type_of(owner, option)}\n"
        text += quoted(getattr(owner, option["name"]).__doc__, "    ")
    text += "    def __init__(\n        self,\n        *,\n"
    text += "".join(argument_of(owner, option) for option in owner._options)
    return text + "    ) -> None: ...\n"


def rewritten(stub):
    """The stub's text with the classes as they are declared now."""
    before, rest = stub.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n".join(stub_of(owner) for owner in CLASSES) + END + after


if __name__ == "__main__":
    STUB.write_text(rewritten(STUB.read_text(encoding="utf-8")), encoding="utf-8")

"""The references of the C++ library and of the Python package, made from the headers and from the sources."""

import ast
import pathlib
import shutil
import subprocess

MODULES = ("optuna", "kernel_tuner", "mlflow", "tensorboard")


def signature(function):
    arguments = ast.unparse(function.args)
    for first in ("self, ", "cls, ", "self", "cls"):
        if arguments.startswith(first):
            arguments = arguments.removeprefix(first)
            break
    returns = f" -> {ast.unparse(function.returns)}" if function.returns is not None else ""
    return f"{function.name}({arguments}){returns}"


def is_public(name):
    return not name.startswith("_") or name in ("__init__", "__len__", "__iter__", "__getitem__")


def docstring(node):
    text = ast.get_docstring(node)
    return [text, ""] if text else []


def class_entry(node):
    fields = [ast.unparse(one) for one in node.body
              if isinstance(one, ast.AnnAssign) and is_public(one.target.id)]
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and is_public(one.name)]
    lines = [f"## {node.name}", "", *docstring(node)]
    if fields:
        lines += ["```python", *fields, "```", ""]
    for method in methods:
        decorators = [f"@{ast.unparse(one)}" for one in method.decorator_list]
        lines += ["```python", *decorators, signature(method), "```", "", *docstring(method)]
    return lines


def entries(tree):
    """By name, what a source file defines: the lines of each."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = class_entry(node)
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = [f"## {node.name}", "", "```python", signature(node), "```", "", *docstring(node)]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            name = node.targets[0].id
            found[name] = [f"## {name}", "", f"Another name of `{node.value.id}`.", ""]
    return found


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def exported(package):
    """The names in __all__, in the order of the alphabet."""
    for node in parse(package / "__init__.py").body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return sorted((name for name in ast.literal_eval(node.value) if is_public(name)), key=str.lower)
    raise ValueError(f"{package}/__init__.py: there is no __all__")


def python_page(package):
    """Markdown: all that `import foothold` gives, then the modules for other people's tools."""
    known = entries(parse(package / "_core.pyi"))
    for path in sorted(package.glob("_*.py")):
        known.update(entries(parse(path)))
    lines = ["# Python reference", "",
             "All public names of the package, from its sources. [docs/python.md](../docs/python.md) explains them.", ""]
    for name in exported(package):
        if name not in known:
            raise ValueError(f"{package}: __all__ names {name}, which no file defines")
        lines += known[name]
    for module in MODULES:
        tree = parse(package / f"{module}.py")
        lines += [f"# foothold.{module}", "", *docstring(tree)]
        for name, entry in entries(tree).items():
            lines += entry if is_public(name) else []
    return "\n".join(lines) + "\n"


def write_cpp(source, out):
    """HTML by Doxygen; what it complains of, which is empty when all is well. None where it is not installed."""
    if shutil.which("doxygen") is None:
        return None
    out.mkdir(parents=True, exist_ok=True)
    options = (source / "docs" / "site" / "Doxyfile").read_text(encoding="utf-8")
    options += f'INPUT = "{source / "include" / "foothold"}"\nOUTPUT_DIRECTORY = "{out}"\n'
    options += f'STRIP_FROM_PATH = "{source / "include"}"\n'
    made = subprocess.run(["doxygen", "-"], input=options, capture_output=True, text=True, check=False)
    return made.stderr if made.returncode != 0 else ""


def write_python(source, tree):
    page = pathlib.Path(tree) / "api" / "python.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(python_page(source / "python" / "foothold"), encoding="utf-8")

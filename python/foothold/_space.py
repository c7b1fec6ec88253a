"""Values of parameters: any, whole numbers, numbers of a range, and conditional ones."""

from __future__ import annotations

import dataclasses
import inspect
import math
from typing import Any, Callable, Iterable, Optional, Union

from ._core import Constraint

Value = Union[bool, int, float, str]
Condition = Union[str, Callable[..., bool], Constraint]


@dataclasses.dataclass(frozen=True)
class Values:
    """The values of one parameter; made by choice(), real() and whole().

    `ordered`: neighbouring values are more alike than others. `when`: the parameter is there only
    where this condition on parameters before it holds.
    """

    values: tuple[Value, ...]
    ordered: bool
    when: Optional[Condition] = None


def choice(values: Iterable[Value], *, ordered: bool = False, when: Optional[Condition] = None) -> Values:
    """Values of any kind, without an order unless `ordered` says so: names of layouts, flags."""
    return Values(tuple(values), ordered, when)


def real(
    low: float, high: float, *, log: bool = False, steps: int = 64, when: Optional[Condition] = None
) -> Values:
    """`steps` numbers from low to high, both included, at equal distances, or with `log` at equal
    ratios.
    """
    low, high = float(low), float(high)
    _check_range("real", low, high, log, steps)
    return Values(tuple(_grid(low, high, log, steps)), True, when)


def whole(
    low: int,
    high: int,
    *,
    step: int = 1,
    log: bool = False,
    steps: int = 64,
    when: Optional[Condition] = None,
) -> Values:
    """The whole numbers low, low + step, ... up to high; with `log` at most `steps` of them at about
    equal ratios.
    """
    if log and step != 1:
        raise ValueError("whole: log and step exclude each other")
    _check_range("whole", low, high, log, steps)
    if not log:
        return Values(tuple(range(int(low), int(high) + 1, step)), True, when)
    return Values(tuple(sorted({round(x) for x in _grid(low, high, log, steps)})), True, when)


def _check_range(name: str, low: float, high: float, log: bool, steps: int) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{name}: low is {low} and high is {high}, low must be less than high")
    if log and low <= 0:
        raise ValueError(f"{name}: low is {low}, must be above 0 with log")
    if steps < 2:
        raise ValueError(f"{name}: steps is {steps}, must be at least 2")


def _grid(low: float, high: float, log: bool, steps: int) -> list[float]:
    """From low to high exactly; between them with few digits, which are read more easily."""
    parts = [i / (steps - 1) for i in range(1, steps - 1)]
    if log:
        between = [low * (high / low) ** part for part in parts]
    else:
        between = [low + (high - low) * part for part in parts]
    return [low, *(float(f"{x:.6g}") for x in between), high]


def values_of(values: Any, ordered: Optional[bool] = None) -> Values:
    """`values` as they are, or those of any iterable, ordered if all are numbers."""
    if isinstance(values, Values):
        return values
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"values: {values!r} must be several values, such as [1, 2] or range(1, 9)")
    all_values = tuple(values)
    if ordered is None:
        ordered = not any(isinstance(value, (str, bool)) for value in all_values)
    return Values(all_values, ordered)


def rule_of(rule: Any) -> tuple[str, list[str]]:
    """Description and parameters of a callable that is a constraint."""
    if not callable(rule):
        raise TypeError(
            f"constraint: {rule!r} must be an expression, a callable or a foothold.Constraint"
        )
    names = list(inspect.signature(rule).parameters)
    name = getattr(rule, "__name__", type(rule).__name__)
    described = "a rule" if name == "<lambda>" else name
    return f"{described} over {', '.join(names)}", names

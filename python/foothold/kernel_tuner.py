"""strategy(): Foothold's searchers as a strategy of Kernel Tuner (1.5 or later).

    tune_kernel(..., strategy=foothold.kernel_tuner.strategy(), strategy_options={"max_fevals": 200})
"""

from __future__ import annotations

import math
from typing import Any, Iterable

from ._core import AskTell, Constraint, Parameter, Resume, Space


def strategy(*, searcher: str = "foothold", seed: int = 1) -> Any:
    """What tune_kernel takes as `strategy`. Budgets are Kernel Tuner's own: max_fevals, time_limit.

    Configs that do not compile or run are labels of what to avoid. Any objective, of either
    direction, any back end, and simulation mode.
    """
    from kernel_tuner.strategies.wrapper import OptAlgWrapper

    return OptAlgWrapper(_Foothold(searcher, seed))


def space_of(names: Iterable[str], configs: Iterable[tuple[Any, ...]]) -> tuple[Space, list[list[Any]]]:
    """The space of these configs, over the places of each parameter's values; and the values.

    Numbers are in their order, other values without one.
    """
    configs = [tuple(config) for config in configs]
    values = [_ordered(list(dict.fromkeys(column))) for column in zip(*configs)]
    places = [{_key(value): i for i, value in enumerate(column)} for column in values]
    rows = [[at[_key(value)] for at, value in zip(places, config)] for config in configs]
    parameters = []
    for name, column in zip(names, values):
        numbers = all(_is_number(value) for value in column)
        whole = numbers and all(float(value).is_integer() for value in column)
        # Whole numbers keep their ratios, by which searchers compare them.
        codes = [int(value) for value in column] if whole else list(range(len(column)))
        parameters.append(Parameter(name, codes, ordered=numbers))
    coded = [[parameter.values[i] for parameter, i in zip(parameters, row)] for row in rows]
    listed = Constraint.one_of("one of the search space", [p.name for p in parameters], coded)
    return Space(parameters, [listed]), values


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) or hasattr(value, "dtype")


def _ordered(values: list[Any]) -> list[Any]:
    return sorted(values) if all(_is_number(value) for value in values) else values


def _key(value: Any) -> Any:
    return type(value).__name__, value


class _Foothold:
    """An optimisation algorithm as Kernel Tuner's OptAlgWrapper calls it."""

    def __init__(self, searcher: str, seed: int) -> None:
        self.costfunc_kwargs = {
            "scaling": False,
            "snap": False,
            "return_invalid": False,
            "invalid_value": math.inf,
        }
        self.constraint_aware = True
        self.searcher, self.seed = searcher, seed

    def __call__(self, func: Any, searchspace: Any) -> tuple[Any, float]:
        names = list(searchspace.tune_params)
        space, values = space_of(names, searchspace.list)
        codes = [parameter.values for parameter in space.parameters]
        core = AskTell(
            space,
            None,
            name="kernel",
            searcher=self.searcher,
            seed=self.seed,
            objective=("cost", "", False),
            resume=Resume.UNCHANGED,
            dependencies={},
            retry_unfinished=False,
        )
        best: tuple[Any, float] = ((), math.inf)
        while (asked := core.ask()) is not None:
            number, config = asked
            chosen = tuple(
                column[own.index(config[name])] for name, own, column in zip(names, codes, values)
            )
            cost = float(func(chosen))  # raises what ends the tuning when its budget is spent
            if math.isfinite(cost) and abs(cost) < _INVALID:
                core.tell(number, cost, {})
            else:
                core.tell_failed(number, "runtime", "kernel_tuner", "does not compile or run")
            if cost < best[1]:
                best = (chosen, cost)
        return best


_INVALID = 1e300  # what Kernel Tuner gives for a config that fails is the largest double

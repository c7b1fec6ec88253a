"""FootholdSampler: Foothold's searchers inside Optuna (4.0 or later).

    study = optuna.create_study(sampler=foothold.optuna.FootholdSampler(seed=1))
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, Sequence

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, RandomSampler
from optuna.trial import FrozenTrial, TrialState

from ._core import AskTell, Constraint, Parameter, Resume, Rng, Space

if TYPE_CHECKING:
    from optuna.study import Study

_INACTIVE = 0  # the code of a parameter that a trial did not have
_MOST_VALUES = 16  # of a categorical parameter from which conditions are read


class FootholdSampler(BaseSampler):
    """Proposes with a Foothold searcher, and learns from what failed.

    - Failed and pruned trials are labels of what to avoid. So are complete ones that break a
      constraint: `constraints_func(trial)` gives numbers, of which none may be above 0.
    - Parameters that all earlier trials had are proposed together. Those that only some had are
      proposed too: the sampler reads from the trials under which categorical values they are there.
    - A range of numbers is searched on a grid of at most `steps` values.
    - What no earlier trial had, and what has another range than before, is sampled at random.

    One objective only. The sampler keeps nothing between trials: whatever the storage holds counts,
    whoever put it there.
    """

    def __init__(
        self,
        *,
        seed: Optional[int] = None,
        searcher: str = "foothold",
        steps: int = 64,
        constraints_func: Optional[Callable[[FrozenTrial], Sequence[float]]] = None,
    ) -> None:
        if steps < 2:
            raise ValueError(f"steps: is {steps}, must be at least 2")
        self._random = RandomSampler(seed=seed)
        self._rng = Rng(seed if seed is not None else _entropy())
        self._seed = self._rng.below(1 << 32)
        self._searcher, self._steps = searcher, steps
        self._constraints_func = constraints_func
        self._spaces: dict[Any, Space] = {}  # the last one: most trials have that of the one before

    def reseed_rng(self) -> None:
        self._random.reseed_rng()
        self._seed = _entropy()

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        _require_one_objective(study)
        found: dict[str, BaseDistribution] = {}
        changed = set()
        for earlier in study.get_trials(deepcopy=False, states=_FINISHED):
            for name, distribution in earlier.distributions.items():
                if found.setdefault(name, distribution) != distribution:
                    changed.add(name)
        return {name: found[name] for name in sorted(found) if name not in changed}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        _require_one_objective(study)
        if not search_space:
            return {}
        finished = study.get_trials(deepcopy=False, states=_FINISHED)
        axes = [_Axis(name, distribution, self._steps) for name, distribution in search_space.items()]
        for axis in axes:
            axis.is_conditional = any(
                axis.name not in one.params and one.params for one in finished
            )
        configs = [_config(axes, one) for one in finished]
        space = self._space(axes, configs)
        maximise = study.direction == optuna.study.StudyDirection.MAXIMIZE
        core = AskTell(
            space,
            None,
            name=study.study_name[:200] or "optuna",
            searcher=self._searcher,
            seed=(self._seed + trial.number) % (1 << 63),
            objective=("value", "", maximise),
            resume=Resume.UNCHANGED,
            dependencies={},
            retry_unfinished=False,
        )
        for one, config in zip(finished, configs):
            if config is not None:
                self._tell(core, one, config)
        for running in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            config = _config(axes, running) if running.number != trial.number else None
            if config is not None:
                core.ask_for(config)
        asked = core.ask()
        chosen = asked[1] if asked is not None else space.sample(self._rng)
        return {
            axis.name: axis.value_of(int(chosen[axis.name]))
            for axis in axes
            if axis.is_active(int(chosen[axis.name]))
        }

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        _require_one_objective(study)
        return self._random.sample_independent(study, trial, param_name, param_distribution)

    def _space(self, axes: list[_Axis], configs: list[Optional[dict[str, int]]]) -> Space:
        rules = _conditions(axes, [config for config in configs if config is not None])
        key = (tuple((axis.name, axis.size, axis.is_ordered) for axis in axes), tuple(rules))
        if key not in self._spaces:
            parameters = [
                Parameter(axis.name, range(axis.size), ordered=axis.is_ordered) for axis in axes
            ]
            self._spaces = {key: Space(parameters, [_constraint(rule) for rule in rules])}
        return self._spaces[key]

    def _tell(self, core: AskTell, trial: FrozenTrial, config: dict[str, int]) -> None:
        number, _ = core.ask_for(config)
        if trial.state == TrialState.PRUNED:
            core.tell_failed(number, "runtime", "optuna.pruned", "pruned")
        elif trial.state == TrialState.FAIL or trial.value is None or not math.isfinite(trial.value):
            core.tell_failed(number, "runtime", "optuna.failed", "failed")
        elif self._constraints_func is not None and any(
            not number <= 0 for number in self._constraints_func(trial)
        ):
            core.tell_failed(number, "constraints", "optuna.constraints", "breaks a constraint")
        else:
            core.tell(number, trial.value, {})


_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


def _entropy() -> int:
    """A seed for a sampler that was given none."""
    return int.from_bytes(os.urandom(6), "little")


def _require_one_objective(study: Study) -> None:
    if len(study.directions) > 1:
        raise ValueError("FootholdSampler takes studies of one objective, this one has several")


class _Axis:
    """A parameter: codes 0, 1, ... for its values; conditional ones have _INACTIVE before them."""

    def __init__(self, name: str, distribution: BaseDistribution, steps: int) -> None:
        self.name = name
        self.is_ordered = not isinstance(distribution, CategoricalDistribution)
        self.is_conditional = False
        self.values = _grid(distribution, steps)
        self.is_log = bool(getattr(distribution, "log", False))

    @property
    def size(self) -> int:
        return len(self.values) + int(self.is_conditional)

    def is_active(self, code: int) -> bool:
        return not self.is_conditional or code != _INACTIVE

    def value_of(self, code: int) -> Any:
        return self.values[code - int(self.is_conditional)]

    def code_of(self, value: Any) -> int:
        """Of the nearest value, where they are numbers."""
        if not self.is_ordered:
            same = (type(value), value)
            place = next(
                (i for i, one in enumerate(self.values) if (type(one), one) == same), None
            )
            if place is None:
                place = self.values.index(value)
        else:
            scale = math.log if self.is_log else float
            place = min(
                range(len(self.values)),
                key=lambda i: abs(scale(self.values[i]) - scale(value)),
            )
        return place + int(self.is_conditional)


def _grid(distribution: BaseDistribution, steps: int) -> list[Any]:
    if isinstance(distribution, CategoricalDistribution):
        return list(distribution.choices)
    if isinstance(distribution, IntDistribution):
        whole = range(distribution.low, distribution.high + 1, distribution.step)
        if len(whole) <= steps:
            return list(whole)
        if not distribution.log:
            return sorted({whole[round(p * (len(whole) - 1))] for p in _parts(steps)})
        return sorted({round(x) for x in _spread(distribution.low, distribution.high, True, steps)})
    assert isinstance(distribution, FloatDistribution)
    if distribution.low == distribution.high:
        return [distribution.low]
    if distribution.step is not None:
        count = round((distribution.high - distribution.low) / distribution.step) + 1
        places = range(count)
        if count > steps:
            places = sorted({round(p * (count - 1)) for p in _parts(steps)})
        return [min(distribution.low + i * distribution.step, distribution.high) for i in places]
    return _spread(distribution.low, distribution.high, distribution.log, steps)


def _parts(steps: int) -> list[float]:
    return [i / (steps - 1) for i in range(steps)]


def _spread(low: float, high: float, log: bool, steps: int) -> list[float]:
    inner = _parts(steps)[1:-1]
    if log:
        return [low, *(low * (high / low) ** part for part in inner), high]
    return [low, *(low + (high - low) * part for part in inner), high]


def _config(axes: Iterable[_Axis], trial: FrozenTrial) -> Optional[dict[str, int]]:
    """The trial's codes; None when it lacks a parameter that is not conditional."""
    config = {}
    for axis in axes:
        if axis.name in trial.params:
            config[axis.name] = axis.code_of(trial.params[axis.name])
        elif axis.is_conditional and trial.params:
            config[axis.name] = _INACTIVE
        else:
            return None
    return config


# A rule: where parameter `by` has this code, the conditional parameter is there, or is not.
_Rule = tuple[str, int, str, bool]


def _conditions(axes: list[_Axis], configs: list[dict[str, int]]) -> list[_Rule]:
    """What all trials so far agree on."""
    rules = []
    deciding = [a for a in axes if not a.is_ordered and a.size <= _MOST_VALUES]
    for axis in axes:
        for by in deciding if axis.is_conditional else ():
            if by.name == axis.name:
                continue
            seen: dict[int, set[bool]] = {}
            for config in configs:
                active = config[axis.name] != _INACTIVE
                seen.setdefault(config[by.name], set()).add(active)
            for code, states in sorted(seen.items()):
                if len(states) == 1:
                    rules.append((by.name, code, axis.name, states.pop()))
    return rules


def _constraint(rule: _Rule) -> Constraint:
    by, code, name, is_there = rule
    return Constraint.where(
        f"{name} by {by}",
        [by, name],
        lambda other, own: other != code or (own != _INACTIVE) == is_there,
    )

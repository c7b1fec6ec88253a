"""What targets and searchers written in Python derive from, and tasks made of a function."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Callable, Mapping, Sequence, Union

from ._core import (
    BuiltinTarget,
    Measurement,
    RunOptions,
    RunResult,
    Space,
    TargetTask,
    Workload,
    kernel,
)

if TYPE_CHECKING:
    from ._core import Config

    Seconds = Union[float, Sequence[float], RunResult]


class Target(abc.ABC):
    """Hardware together with how to build and run for it."""

    name: str
    description: str = ""

    @abc.abstractmethod
    def prepare(self, workload: Workload) -> TargetTask:
        """The TargetTask of tuning the workload; ValueError when the target cannot run it."""


Target.register(BuiltinTarget)


class Searcher(abc.ABC):
    """Proposes configs and learns from what became of them."""

    name: str

    @abc.abstractmethod
    def propose(self, count: int) -> Sequence[Mapping[str, int]]:
        """Up to count valid configs, none proposed before; none when there is nothing left."""

    @abc.abstractmethod
    def observe(self, measurements: Sequence[Measurement]) -> None:
        """What became of the configs, in the order they were proposed."""

    def retract(self, measurement: Measurement) -> None:
        """A config that was observed as correct is not: what it counts as from now on."""


class _FunctionTask(TargetTask):
    def __init__(
        self, name: str, space: Space, function: Callable[..., Seconds], exact_times: bool
    ) -> None:
        super().__init__(kernel(name), space, exact_times=exact_times)
        self.function = function

    def run(self, program: Config, options: RunOptions) -> Seconds:
        return self.function(**program)


def function_task(
    name: str, space: Space, function: Callable[..., Seconds], *, exact_times: bool = False
) -> TargetTask:
    """The task of tuning function(**config), which returns seconds or raises CandidateFailed.

    exact_times: the same config always gives the same seconds, so it is called once.
    """
    return _FunctionTask(name, space, function, exact_times)

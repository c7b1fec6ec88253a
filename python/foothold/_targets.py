"""What targets and searchers written in Python derive from, and tasks made of a function."""

import abc

from ._core import BuiltinTarget, TargetTask, kernel


class Target(abc.ABC):
    """Hardware together with how to build and run for it."""

    name: str
    description: str = ""

    @abc.abstractmethod
    def prepare(self, workload):
        """The TargetTask of tuning the workload; ValueError when the target cannot run it."""


Target.register(BuiltinTarget)


class Searcher(abc.ABC):
    """Proposes configs and learns from what became of them."""

    name: str

    @abc.abstractmethod
    def propose(self, count):
        """Up to count valid configs, none proposed before; none when there is nothing left."""

    @abc.abstractmethod
    def observe(self, measurements):
        """What became of the configs, in the order they were proposed."""


class _FunctionTask(TargetTask):
    def __init__(self, name, space, function, exact_times):
        super().__init__(kernel(name), space, exact_times=exact_times)
        self._function = function

    def run(self, program, options):
        return self._function(**program)


def function_task(name, space, function, *, exact_times=False):
    """The task of tuning function(**config), which returns seconds or raises CandidateFailed.

    exact_times: the same config always gives the same seconds, so it is called once.
    """
    return _FunctionTask(name, space, function, exact_times)

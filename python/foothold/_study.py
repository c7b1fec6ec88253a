"""Ask and tell, and what is made of it: evaluating a function until its budget is spent."""

from __future__ import annotations

import collections
import dataclasses
import functools
import html
import os
import re
import sys
import time
from typing import Any, Callable, Iterator, Mapping, Optional, Union

from . import _shared
from ._core import AskTell, Resume, Space
from ._errors import Failed
from ._evaluate import Evaluator, Returned, children, inline, threads
from ._space import Value

Config = dict[str, Value]

_MINIMISE = ("minimise", "minimize")
_MAXIMISE = ("maximise", "maximize")


@dataclasses.dataclass(frozen=True)
class Trial:
    """A config that ask() gave out, to be evaluated and told. `config` lacks inactive parameters."""

    number: int
    config: Config

    def __getitem__(self, name: str) -> Value:
        return self.config[name]


@dataclasses.dataclass(frozen=True)
class Told:
    """What became of a config: its value, or why it has none."""

    config: Config
    value: Optional[float]
    outcome: str
    stage: str
    reason: str
    evaluation_s: float
    metrics: dict[str, float]


def _at_owner(method: Any) -> Any:
    """In a forked process, asks the study of the process that was forked."""

    @functools.wraps(method)
    def call(self: Study, *arguments: Any) -> Any:
        if self._process == os.getpid():
            return method(self, *arguments)
        return self._connection().request(method.__name__, *arguments)

    return call


class Study:
    """Minimises or maximises any function by asking for configs and telling what came of them.

    `space` is a Space, or the dict of values that one is made of. `log` is a record log that is
    resumed; without it everything is in memory. What is told is a number: `objective` names it,
    `unit` is its unit, and `goal` is "minimise" or "maximise". With unit="s" it is a time, and the
    log is one of times.

    ask() and tell() may be called from several threads, in any order. Other processes get the study
    as an argument, which is then a connection to it. close(), or leaving a with statement, lets go
    of the log.
    """

    def __init__(
        self,
        space: Union[Space, Mapping[str, Any]],
        log: Optional[str] = None,
        *,
        objective: str = "value",
        unit: str = "",
        goal: str = "minimise",
        name: str = "study",
        searcher: str = "foothold",
        seed: int = 1,
        resume: Resume = Resume.UNCHANGED,
        depends: Optional[Mapping[str, str]] = None,
        retry_unfinished: bool = False,
    ) -> None:
        if goal not in _MINIMISE + _MAXIMISE:
            raise ValueError(f"goal: is {goal!r}, must be 'minimise' or 'maximise'")
        self.objective = objective
        self.unit = unit
        self.is_maximised = goal in _MAXIMISE
        is_time = unit == "s" and not self.is_maximised
        self.name = name
        self._server: Optional[_shared.Server] = None
        self._core: Any = AskTell(
            space if isinstance(space, Space) else Space(dict(space)),
            os.fspath(log) if log is not None else None,
            name=name,
            searcher=searcher,
            seed=seed,
            objective=None if is_time else (objective, unit, self.is_maximised),
            resume=resume,
            dependencies=dict(depends or {}),
            retry_unfinished=retry_unfinished,
        )
        self._process = os.getpid()
        self._connected: Optional[tuple[int, _shared.StudyConnection]] = None
        start = self._core.start
        if log is not None and not start.resumed and str(start):
            print(f"foothold: {start}", file=sys.stderr)

    # --- ask and tell ---

    @_at_owner
    def ask(self, config: Optional[Mapping[str, Value]] = None) -> Optional[Trial]:
        """The next config to evaluate; None when the space has no other one. With `config`: that one,
        to try it first or to tell a result that is known already.
        """
        found = self._core.ask() if config is None else self._core.ask_for(dict(config))
        return None if found is None else Trial(*found)

    @_at_owner
    def tell(
        self,
        trial: Union[Trial, int],
        value: Union[float, Failed],
        metrics: Optional[Mapping[str, float]] = None,
    ) -> None:
        """The value of the trial, or why it failed. `metrics` are other numbers, which are logged."""
        number = trial.number if isinstance(trial, Trial) else int(trial)
        if isinstance(value, Failed):
            self._core.tell_failed(number, str(value.outcome), value.stage, value.reason)
        else:
            self._core.tell(number, float(value), dict(metrics or {}))

    @_at_owner
    def withdraw(self, trial: Union[Trial, int]) -> None:
        """Nobody evaluates the trial any more: ask() gives its config out again."""
        self._core.withdraw(trial.number if isinstance(trial, Trial) else int(trial))

    # --- what is known ---

    @property
    def space(self) -> Space:
        """What is searched."""
        return self._core.space

    @property
    @_at_owner
    def trial_count(self) -> int:
        """How many trials were told, those of the log included."""
        return self._core.trial_count

    @property
    @_at_owner
    def trials(self) -> list[Told]:
        """What was told, those of the log first."""
        return [_told(*pair) for pair in self._core.trials]

    @_at_owner
    def trials_since(self, first: int) -> list[Told]:
        """The trials from the one at `first` on: what a callback has not seen yet."""
        return [_told(*pair) for pair in self._core.trials_since(first)]

    @property
    @_at_owner
    def best(self) -> Optional[Told]:
        """The best value, the first of equals; None while nothing was correct."""
        best = self._core.best
        return None if best is None else _told(*best)

    @property
    @_at_owner
    def pending(self) -> list[Trial]:
        """The trials that were asked for and not told yet."""
        return [Trial(*found) for found in self._core.pending]

    @property
    def resumed(self) -> int:
        """How many trials came from the log."""
        return self._core.start.trials

    def failures(self, top: int = 3) -> list[tuple[int, str]]:
        """The most frequent reasons of failures, numbers aside, with how often: the first of each."""
        return failures(self.trials, top)

    def trials_dataframe(self) -> Any:
        """A pandas data frame with one row a trial; without pandas, a list of dicts."""
        rows = [
            {
                **told.config,
                self.objective: told.value,
                "outcome": told.outcome,
                "stage": told.stage,
                "reason": told.reason,
                "evaluation_s": told.evaluation_s,
                **{"metrics." + name: number for name, number in told.metrics.items()},
            }
            for told in self.trials
        ]
        try:
            import pandas
        except ImportError:
            return rows
        return pandas.DataFrame(rows)

    # --- evaluating a function ---

    def optimize(
        self,
        function: Callable[..., Returned],
        trials: int = 100,
        *,
        max_seconds: Optional[float] = None,
        jobs: int = 1,
        isolate: bool = False,
        timeout_s: Optional[float] = None,
        memory_mb: Optional[int] = None,
        catch: Any = (),
        progress: Optional[bool] = None,
        on_trial: Optional[Callable[[Study], None]] = None,
    ) -> Study:
        """Evaluates function(**config) until the study has `trials` trials, those of the log included,
        `max_seconds` are over, or the space is exhausted. Returns the study.

        The function returns its value, or its value and a dict of metrics. It fails by raising Failed
        or what `catch` names, and with a value that is not finite. Any other exception ends the call.

        `jobs` evaluations run at a time: on threads, or with `isolate` each in a child process, where
        it may crash, take longer than `timeout_s`, or allocate more than `memory_mb` MiB. `progress`
        shows a line in terminals and notebooks; None: if there is one. `on_trial` is called after each
        trial, as foothold.mlflow.MlflowCallback and foothold.tensorboard.TensorBoardCallback are.
        """
        if jobs < 1:
            raise ValueError(f"jobs: is {jobs}, must be at least 1")
        if not isolate and (timeout_s is not None or memory_mb is not None):
            raise ValueError("timeout_s and memory_mb need isolate=True: only a process can be stopped")
        if isolate:
            evaluator = children(function, catch, jobs, timeout_s, memory_mb)
        else:
            evaluator = inline(function, catch) if jobs == 1 else threads(function, catch, jobs)
        show = _display(self, trials, progress)
        deadline = None if max_seconds is None else time.monotonic() + max_seconds
        for _ in self._evaluations(evaluator, trials, deadline):
            show(False)
            if on_trial is not None:
                on_trial(self)
        show(True)
        return self

    def _evaluations(
        self, evaluator: Evaluator, trials: int, deadline: Optional[float]
    ) -> Iterator[None]:
        """One step for each trial told. What is under way at an exception is withdrawn."""
        running: dict[int, Trial] = {}
        try:
            with evaluator:
                is_open = True
                while is_open or running:
                    is_open = is_open and (deadline is None or time.monotonic() < deadline)
                    while is_open and evaluator.free and self.trial_count + len(running) < trials:
                        trial = self.ask()
                        is_open = trial is not None
                        if trial is not None:
                            running[trial.number] = trial
                            evaluator.submit(trial)
                    if not running:
                        return
                    trial, result = evaluator.next()
                    self.tell(trial, *(result if isinstance(result, tuple) else (result,)))
                    del running[trial.number]
                    yield
        finally:
            for trial in running.values():
                self.withdraw(trial)

    # --- other processes ---

    def share(self) -> None:
        """Lets other processes of this user ask and tell, until this one ends. A study that is pickled,
        such as an argument of multiprocessing, is shared by that; one that a forked process inherits
        must be shared before the fork.
        """
        if self._server is None:
            self._server = _shared.Server(self)

    def __reduce__(self) -> tuple[Any, ...]:
        self.share()
        server = self._server
        return _shared.connect, (server.address, server.key)

    def _connection(self) -> _shared.StudyConnection:
        """To the study of the process that was forked; one for each process."""
        if self._server is None:
            raise RuntimeError(
                f"this study belongs to process {self._process}: call its share() before the fork, or "
                "pass the study as an argument that is pickled"
            )
        if self._connected is None or self._connected[0] != os.getpid():
            connection = _shared.connect(self._server.address, self._server.key)
            self._connected = (os.getpid(), connection)
        return self._connected[1]

    def close(self) -> None:
        """Withdraws what was asked for and not told, and lets go of the log. Nothing else may follow."""
        if self._process == os.getpid():
            self._core = None
            if self._server is not None:
                self._server.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    # --- as text ---

    def describe(self, value: Optional[float]) -> str:
        """The value with its unit: "0.931 %"."""
        return "-" if value is None else f"{value:.6g} {self.unit}".rstrip()

    def summary(self) -> str:
        """One line: "12 trials, best value 0.931 (8 correct, 4 runtime)"."""
        told = self.trials
        counts = collections.Counter(trial.outcome for trial in told)
        outcomes = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        best = self.best
        text = f"{len(told)} trials"
        if best is not None:
            text += f", best {self.objective} {self.describe(best.value)}"
        return text + (f" ({outcomes})" if outcomes else "")

    def __repr__(self) -> str:
        best = self.best
        return f"<Study {self.name}: {self.summary()}{f' at {best.config}' if best else ''}>"

    def _repr_html_(self) -> str:
        rows = [("trials", self.summary())]
        best = self.best
        if best is not None:
            rows += [(name, str(value)) for name, value in best.config.items()]
        rows += [(f"failed {count} times", reason) for count, reason in self.failures()]
        return html_table(self.name, rows)


def html_table(title: str, rows: list[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table><caption>{html.escape(title)}</caption>{body}</table>"


def failures(trials: list[Told], top: int) -> list[tuple[int, str]]:
    kinds: dict[tuple[str, str, str], list[Told]] = {}
    for told in trials:
        if told.value is None:
            words = re.sub(r"\d[\d,.]*", "0", told.reason)
            kinds.setdefault((told.outcome, told.stage, words), []).append(told)
    most = sorted(kinds.values(), key=len, reverse=True)[:top]
    return [(len(alike), f"{alike[0].stage}: {alike[0].reason}") for alike in most]


def _told(measurement: Any, value: Optional[float]) -> Told:
    return Told(
        measurement.config,
        value,
        measurement.outcome.name.lower(),
        measurement.stage,
        measurement.reason,
        measurement.run_seconds,
        measurement.metrics,
    )


def _display(study: Study, trials: int, progress: Optional[bool]) -> Callable[[bool], None]:
    """What shows how far the study has come; its argument says whether that is the end."""
    notebook = _notebook_display()
    if progress is False or (progress is None and notebook is None and not sys.stderr.isatty()):
        return lambda is_end: None
    if notebook is not None:
        handle = notebook(study, display_id=True)
        return lambda is_end: handle.update(study)
    shown_at = 0.0

    def show(is_end: bool) -> None:
        nonlocal shown_at
        if not is_end and time.monotonic() - shown_at < 0.1:
            return
        shown_at = time.monotonic()
        text = f"{study.name}: {study.trial_count}/{trials}: {study.summary()}"
        print("\r" + text[:110].ljust(110), end="\n" if is_end else "", file=sys.stderr, flush=True)

    return show


def _notebook_display() -> Any:
    """IPython's display, in a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display

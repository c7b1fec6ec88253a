"""Foothold's C++ library; import its names from the package."""

from typing import Any, Callable, Iterable, Literal, Mapping, Optional, Protocol, Sequence, Union

Config = dict[str, _Value]
_Value = Union[bool, int, float, str]

__version__: str

class Parameter:
    name: str
    values: list[_Value]
    ordered: bool
    def __init__(
        self, name: str, values: Iterable[_Value], ordered: Optional[bool] = ...
    ) -> None: ...

class Constraint:
    description: str
    parameters: list[str]
    @staticmethod
    def where(
        description: str, parameters: Sequence[str], predicate: Callable[..., bool]
    ) -> Constraint: ...
    @staticmethod
    def product_at_most(
        description: str, parameters: Sequence[str], coefficient: int, limit: int
    ) -> Constraint: ...
    @staticmethod
    def one_of(
        description: str, parameters: Sequence[str], rows: Sequence[Sequence[int]]
    ) -> Constraint: ...

class Rng:
    def __init__(self, seed: int) -> None: ...
    def below(self, bound: int) -> int: ...
    def uniform(self) -> float: ...

class Space:
    parameters: list[Parameter]
    raw_size: int
    valid_count: int
    def __init__(
        self,
        parameters: Union[Sequence[Parameter], Mapping[str, Any]],
        constraints: Iterable[Union[str, Constraint, Callable[..., bool]]] = ...,
    ) -> None:
        """parameters: Parameters, or a dict of values by name, such as range(1, 9), choice(), real()
        or whole(). constraints: expressions such as "tile * buffers <= 96", callables whose arguments
        are parameters, or Constraints.
        """
    def __len__(self) -> int: ...
    def is_valid(self, config: Mapping[str, _Value]) -> bool: ...
    def first_broken(self, config: Mapping[str, _Value]) -> Optional[str]: ...
    def unrank(self, rank: int) -> Config: ...
    def rank(self, config: Mapping[str, _Value]) -> Optional[int]: ...
    def at_index(self, index: int) -> Config: ...
    def index_of(self, config: Mapping[str, _Value]) -> int: ...
    def sample(self, rng: Rng) -> Config: ...
    def neighbours(self, config: Mapping[str, _Value]) -> list[Config]: ...

class Workload:
    name: str
    operator: str
    operations: int
    inline: str

class Outcome:
    CONSTRAINTS: Outcome
    COMPILE: Outcome
    RUNTIME: Outcome
    TIMEOUT: Outcome
    CORRECTNESS: Outcome
    CORRECT: Outcome
    SLOW: Outcome
    name: str
    value: int

class RunOptions:
    timeout_s: float
    verify: bool

class RunResult:
    outcome: Outcome
    seconds: list[float]
    metrics: dict[str, float]
    stage: str
    reason: str
    def __init__(self, seconds: Sequence[float], metrics: Mapping[str, float] = ...) -> None: ...

class TargetTask:
    """A subclass has run(program, options), and may have build(config) and known_constraints()."""

    workload: Workload
    space: Space
    def __init__(self, workload: Workload, space: Space, *, exact_times: bool = ...) -> None: ...
    def run_config(
        self, config: Mapping[str, _Value], timeout_s: float = ..., catch: _Exceptions = ...
    ) -> RunResult: ...
    def explain(self, config: Mapping[str, _Value]) -> str: ...

class BuiltinTarget:
    name: str
    description: str
    def prepare(self, workload: Workload) -> TargetTask: ...

class Measurement:
    config: Config
    outcome: Outcome
    stage: str
    reason: str
    seconds: list[float]
    median_seconds: Optional[float]
    slower_than_seconds: Optional[float]
    build_seconds: float
    run_seconds: float
    metrics: dict[str, float]

class RunLog:
    run: int
    target: str
    workload: Workload
    searcher: str
    seed: int
    options: dict[str, str]
    machine: dict[str, str]
    dependencies: Optional[dict[str, str]]
    version: str
    parameters: list[Parameter]
    objective: Optional[tuple[str, str, bool]]
    trials: list[Measurement]

class EarlierRun:
    target: str
    workload: Workload
    parameters: list[Parameter]
    trials: list[Measurement]

class Knowledge:
    BLIND: Knowledge
    COMPILER: Knowledge
    HARDWARE: Knowledge
    name: str
    value: int

class Resume:
    UNCHANGED: Resume
    IGNORE_CHANGES: Resume
    NEVER: Resume
    name: str
    value: int

class RunStart:
    log: str
    run: int
    resumed: bool
    trials: int
    planned: int
    changed_since: Optional[int]
    changes: list[tuple[str, str, str]]
    dependencies_unknown: bool

# Written by python/write_stubs.py from the declared options: do not edit.
class DeviceOptions:
    """How to deal with a device that is slow, unstable or gone."""
    attempts: int
    """Attempts at a build or run before an infrastructure failure ends the tuning. Must be a whole
    number of at least 1.
    """
    first_pause_s: float
    """Pause before the second attempt; doubles with each further one. Must be a number of at least
    0 (s).
    """
    times_best: float
    """Kill a run that takes this many times as long as the best candidate's. Must be a number
    above 1.
    """
    failures_alike: int
    """Stop with a diagnosis when the first failures, this many, are all alike. Must be a whole
    number of at least 1.
    """
    probe: bool
    """Check the device by running the best candidate again after a failed run and now and then.
    Must be true or false.
    """
    def __init__(
        self,
        *,
        attempts: int = 3,
        first_pause_s: float = 1.0,
        times_best: float = 10.0,
        failures_alike: int = 100,
        probe: bool = True,
    ) -> None: ...

class RepeatOptions:
    """How often to run a candidate whose times are not exact."""
    warm_ups: int
    """Warm-up runs of a candidate; their times are discarded. Must be a whole number of at least
    0.
    """
    least_repeats: int
    """Runs before a candidate is judged slower, unless it takes twice as long. Must be a whole
    number of at least 1.
    """
    most_repeats: int
    """Maximum number of runs of a candidate; 1: never repeat. Must be a whole number of at least
    1.
    """
    interval_width: float
    """Stop repeating when half the confidence interval is at most this fraction of the time. Must
    be a number above 0.
    """
    worse_margin: float
    """Relative tolerance. With fewer than six runs the true time is assumed to lie within this
    fraction of the observed ones. Must be a number of at least 0.
    """
    repeat_seconds: float
    """Start no further run of a candidate after this time. Must be a number above 0 (s)."""
    final_rounds: int
    """Maximum rounds of the final, in which the finalists run in turns; 0: no final. Must be a
    whole number of at least 0.
    """
    final_seconds: float
    """Start no further round of the final after this time. Must be a number above 0 (s)."""
    def __init__(
        self,
        *,
        warm_ups: int = 1,
        least_repeats: int = 3,
        most_repeats: int = 20,
        interval_width: float = 0.02,
        worse_margin: float = 0.05,
        repeat_seconds: float = 5.0,
        final_rounds: int = 30,
        final_seconds: float = 30.0,
    ) -> None: ...

class TunerOptions:
    """Budgets and settings of tune()."""
    trials: int
    """Number of trials, including those resumed from the log. Must be a whole number of at least
    1.
    """
    max_seconds: Optional[float]
    """Stop after this time; a resumed run has the whole time again. Must be a number above 0, or
    none (s).
    """
    batch_size: int
    """Trials that the searcher proposes at a time. Another value starts a new run. Must be a whole
    number of at least 1.
    """
    seed: int
    """Same seed, same trials. Another value starts a new run. Must be a whole number of at least
    0.
    """
    timeout_s: float
    """Time limit of one run on the target, by its clock. Another value starts a new run. Must be a
    number above 0 (s).
    """
    jobs: int
    """Threads that build and run; 0: one per core. Never changes the result. Must be a whole
    number of at least 0.
    """
    verify: bool
    """Compare every output with the reference. Another value starts a new run. Must be true or
    false.
    """
    knowledge: Knowledge
    """What searchers may use before a measurement: nothing, builds, or also the target's known
    constraints. Another value starts a new run. Must be blind, compiler or hardware.
    """
    stop_early: bool
    """Stop when the searcher expects nothing better, and say why. Must be true or false."""
    resume: Resume
    """Which run of the same arguments in the log is continued: one whose sources, tools and device
    have not changed, the last one whatever has changed, or none. Must be unchanged,
    ignore-changes or never.
    """
    retry_unfinished: bool
    """Run configs again that were running when the tuner died. Must be true or false."""
    earlier_runs: list[EarlierRun]
    """Runs of other logs that the searcher learns from first. Another value starts a new run."""
    depends: list[str]
    """Files and directories on which results depend beside those that the target knows."""
    device: DeviceOptions
    """How to deal with a device that is slow, unstable or gone."""
    repeats: RepeatOptions
    """How often to run a candidate whose times are not exact."""
    def __init__(
        self,
        *,
        trials: int = 200,
        max_seconds: Optional[float] = None,
        batch_size: int = 8,
        seed: int = 1,
        timeout_s: float = 60.0,
        jobs: int = 0,
        verify: bool = True,
        knowledge: Union[Knowledge, Literal["blind", "compiler", "hardware"]] = "compiler",
        stop_early: bool = True,
        resume: Union[Resume, Literal["unchanged", "ignore-changes", "never"]] = "unchanged",
        retry_unfinished: bool = False,
        earlier_runs: Sequence[EarlierRun] = ...,
        depends: Sequence[str] = ...,
        device: DeviceOptions = ...,
        repeats: RepeatOptions = ...,
    ) -> None: ...
# End of what python/write_stubs.py writes.

class AskTell:
    """What Study is made of."""

    space: Space
    start: RunStart
    trial_count: int
    trials: list[tuple[Measurement, Optional[float]]]
    best: Optional[tuple[Measurement, Optional[float]]]
    pending: list[tuple[int, Config]]
    def __init__(
        self,
        space: Space,
        log: Optional[str],
        *,
        name: str,
        searcher: str,
        seed: int,
        objective: Optional[tuple[str, str, bool]],
        resume: Resume,
        dependencies: Mapping[str, str],
        retry_unfinished: bool,
    ) -> None: ...
    def trials_since(self, first: int) -> list[tuple[Measurement, Optional[float]]]: ...
    def ask(self) -> Optional[tuple[int, Config]]: ...
    def ask_for(self, config: Mapping[str, _Value]) -> tuple[int, Config]: ...
    def tell(self, number: int, value: float, metrics: Mapping[str, float]) -> None: ...
    def tell_failed(self, number: int, outcome: str, stage: str, reason: str) -> None: ...
    def withdraw(self, number: int) -> None: ...

class FinalProgress:
    leaders: int
    tied: int
    rounds: int
    most_rounds: int

class TunerProgress:
    finished: int
    measured: int
    planned: int
    builds: int
    elapsed_s: float
    final: Optional[FinalProgress]
    outcomes: dict[str, int]
    best_seconds: Optional[float]

class TuneResult:
    best: Optional[Measurement]
    tied: list[Measurement]
    stop: str
    conclusion: str
    progress: TunerProgress
    failure_reasons: list[str]
    demoted: dict[int, str]
    start: RunStart
    changed_meanwhile: list[str]
    run: int
    resumed: int

_Exceptions = Union[type[BaseException], tuple[type[BaseException], ...]]

class _Searcher(Protocol):
    def propose(self, count: int) -> Sequence[Mapping[str, _Value]]: ...
    def observe(self, measurements: Sequence[Measurement]) -> None: ...

def workloads(text: str) -> list[Workload]: ...
def kernel(name: str) -> Workload: ...
def make_target(name: str) -> BuiltinTarget: ...
def list_targets() -> list[tuple[str, str]]: ...
def list_searchers() -> list[tuple[str, str]]: ...
def read_log(path: str) -> list[RunLog]: ...
def earlier_runs_of(runs: Sequence[RunLog]) -> list[EarlierRun]: ...
def tune(
    task: TargetTask,
    *,
    searcher: Union[str, _Searcher] = ...,
    log: str = ...,
    options: Optional[TunerOptions] = ...,
    target_name: str = ...,
    on_progress: Optional[Callable[[TunerProgress], None]] = ...,
    on_start: Optional[Callable[[RunStart], None]] = ...,
    catch: _Exceptions = ...,
) -> TuneResult: ...

"""Evaluates a function for the trials of a study: here, on threads, or in child processes."""

from __future__ import annotations

import concurrent.futures
import ctypes
import math
import multiprocessing
import multiprocessing.connection
import os
import pickle
import resource
import signal
import time
import traceback
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Protocol, Union

from ._errors import Failed

if TYPE_CHECKING:
    from ._study import Trial

Metrics = Mapping[str, float]
Returned = Union[float, Failed, tuple[float, Metrics]]
Result = Union[Failed, tuple[float, Metrics]]
Function = Callable[..., Returned]

_PR_SET_PDEATHSIG = 1


class Evaluator(Protocol):
    """Evaluates trials, some at a time. Leaving it ends what is under way."""

    @property
    def free(self) -> bool:
        """Whether another one may be submitted."""

    def submit(self, trial: Trial) -> None: ...

    def next(self) -> tuple[Trial, Result]:
        """Waits for any that was submitted. Raises what it raised that was no failure."""

    def __enter__(self) -> Any: ...

    def __exit__(self, *exception: Any) -> None: ...


def evaluate(function: Function, config: Mapping[str, Any], catch: Any) -> Result:
    try:
        returned = function(**config)
    except Failed as failed:
        return failed
    except catch as error:
        return Failed(_one_line(error))
    return _result(returned, config)


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _result(returned: Any, config: Mapping[str, Any]) -> Result:
    if isinstance(returned, Failed):
        return returned
    value, metrics = returned if isinstance(returned, tuple) and len(returned) == 2 else (returned, {})
    is_number = not isinstance(value, (str, bytes, bool)) and hasattr(value, "__float__")
    if not is_number or not isinstance(metrics, Mapping):
        raise TypeError(
            f"the evaluation of {dict(config)} returned {returned!r}: it must return a number, or a "
            "number and a dict of metrics; raise foothold.Failed for a config that fails"
        )
    number = float(value)
    if not math.isfinite(number):
        return Failed(f"returned {number}", "runtime", "value")
    return number, {str(name): float(metric) for name, metric in metrics.items()}


class _Inline:
    def __init__(self, function: Function, catch: Any) -> None:
        self.function, self.catch = function, catch
        self.trial: Optional[Trial] = None

    @property
    def free(self) -> bool:
        return self.trial is None

    def submit(self, trial: Trial) -> None:
        self.trial = trial

    def next(self) -> tuple[Trial, Result]:
        trial, self.trial = self.trial, None
        assert trial is not None
        return trial, evaluate(self.function, trial.config, self.catch)

    def __enter__(self) -> _Inline:
        return self

    def __exit__(self, *exception: Any) -> None:
        pass


class _Threads:
    def __init__(self, function: Function, catch: Any, jobs: int) -> None:
        self.function, self.catch, self.jobs = function, catch, jobs
        self.pool = concurrent.futures.ThreadPoolExecutor(jobs, thread_name_prefix="foothold")
        self.running: dict[concurrent.futures.Future[Result], Trial] = {}

    @property
    def free(self) -> bool:
        return len(self.running) < self.jobs

    def submit(self, trial: Trial) -> None:
        future = self.pool.submit(evaluate, self.function, trial.config, self.catch)
        self.running[future] = trial

    def next(self) -> tuple[Trial, Result]:
        done, _ = concurrent.futures.wait(
            self.running, return_when=concurrent.futures.FIRST_COMPLETED
        )
        # In the order of the trials, where several are done.
        future = min(done, key=lambda one: self.running[one].number)
        result = future.result()
        return self.running.pop(future), result

    def __enter__(self) -> _Threads:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.pool.shutdown(cancel_futures=True)


class _Child:
    """A process of its own group that evaluates one trial."""

    def __init__(
        self,
        function: Function,
        trial: Trial,
        catch: Any,
        timeout_s: Optional[float],
        memory_mb: Optional[int],
    ) -> None:
        self.trial, self.timeout_s, self.memory_mb = trial, timeout_s, memory_mb
        self.deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
        context = multiprocessing.get_context("fork")  # the function may be of any kind
        self.answer, end = context.Pipe(duplex=False)
        self.process = context.Process(
            target=_in_child, args=(end, function, trial.config, catch, memory_mb, os.getpid())
        )
        self.process.start()
        end.close()

    def end(self) -> None:
        """Kills it with all that it has started, and forgets it."""
        pid = self.process.pid
        assert pid is not None
        for kill in (os.killpg, os.kill):  # it may not lead its group yet
            try:
                kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.join()
        self.answer.close()

    def result(self) -> Result:
        """What it answered, or how it ended. Raises what the function raised that was no failure."""
        if time.monotonic() >= self.deadline and not self.answer.poll():
            self.end()
            return Failed(f"ran longer than {self.timeout_s:g} s", "timeout", "child.timeout")
        try:
            answer = self.answer.recv_bytes()
        except EOFError:
            self.process.join(1)
            self.end()
            return self._death()
        self.end()
        kind, result = pickle.loads(answer)
        if kind == "raised":
            error, trace = result
            raise error from RuntimeError(f"in the child process:\n{trace}")
        return result

    def _death(self) -> Failed:
        code = self.process.exitcode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"signal {-code}"
            return Failed(f"killed by {name}", "runtime", "child.signal")
        return Failed(f"exited with code {code} and without a value", "runtime", "child.exit")


def _in_child(
    answer: Any,
    function: Function,
    config: Mapping[str, Any],
    catch: Any,
    memory_mb: Optional[int],
    parent: int,
) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    if memory_mb is not None:
        limit = _address_space() + (memory_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        message: Any = ("result", evaluate(function, config, catch))
    except MemoryError as error:
        if memory_mb is None:
            message = ("raised", (error, traceback.format_exc()))
        else:
            reason = f"needs more than {memory_mb} MiB of memory"
            message = ("result", Failed(reason, "runtime", "child.memory"))
    except BaseException as error:  # noqa: B902 - the parent raises it again
        message = ("raised", (error, traceback.format_exc()))
    answer.send_bytes(_pickled(message))


def _pickled(message: Any) -> bytes:
    try:
        data = pickle.dumps(message)
        pickle.loads(data)
        return data
    except Exception:  # an exception of the function that cannot be sent
        error, trace = message[1]
        return pickle.dumps((message[0], (RuntimeError(_one_line(error)), trace)))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


class _Children:
    def __init__(
        self,
        function: Function,
        catch: Any,
        jobs: int,
        timeout_s: Optional[float],
        memory_mb: Optional[int],
    ) -> None:
        self.function, self.catch, self.jobs = function, catch, jobs
        self.timeout_s, self.memory_mb = timeout_s, memory_mb
        self.running: list[_Child] = []

    @property
    def free(self) -> bool:
        return len(self.running) < self.jobs

    def submit(self, trial: Trial) -> None:
        child = _Child(self.function, trial, self.catch, self.timeout_s, self.memory_mb)
        self.running.append(child)

    def next(self) -> tuple[Trial, Result]:
        while True:
            deadline = min(child.deadline for child in self.running)
            left = None if math.isinf(deadline) else max(0.0, deadline - time.monotonic())
            ready = multiprocessing.connection.wait([child.answer for child in self.running], left)
            for child in self.running:
                if child.answer in ready or time.monotonic() >= child.deadline:
                    self.running.remove(child)
                    return child.trial, child.result()

    def __enter__(self) -> _Children:
        return self

    def __exit__(self, *exception: Any) -> None:
        for child in self.running:
            child.end()
        self.running.clear()


def inline(function: Function, catch: Any) -> Evaluator:
    return _Inline(function, catch)


def threads(function: Function, catch: Any, jobs: int) -> Evaluator:
    return _Threads(function, catch, jobs)


def children(
    function: Function,
    catch: Any,
    jobs: int,
    timeout_s: Optional[float],
    memory_mb: Optional[int],
) -> Evaluator:
    return _Children(function, catch, jobs, timeout_s, memory_mb)

"""A study of another process of the same user, over a socket that only this user can use."""

from __future__ import annotations

import multiprocessing.connection
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._study import Study

# What the other side may call, and what it may read.
_CALLS = ("ask", "tell", "withdraw")
_READS = ("trials", "best", "pending", "trial_count", "objective", "unit", "name", "is_maximised")


class Server:
    """Answers for a study on threads of its own, until it is closed or the study is gone."""

    def __init__(self, study: Study) -> None:
        self._study = weakref.ref(study)
        self.key = os.urandom(32)
        self._listener = multiprocessing.connection.Listener(None, "AF_UNIX", 16, self.key)
        self.address = str(self._listener.address)
        threading.Thread(target=self._listen, name="foothold-study", daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (EOFError, ConnectionError, multiprocessing.AuthenticationError):
                continue  # of one caller
            except OSError:
                return  # closed
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: Any) -> None:
        """One caller's requests, until it is gone; what it has asked for and not told is withdrawn."""
        asked: dict[int, Any] = {}
        try:
            while True:
                name, arguments = connection.recv()
                try:
                    answer = (True, self._do(name, arguments, asked))
                except Exception as error:  # the caller's to handle
                    answer = (False, error)
                connection.send(answer)
        except (EOFError, OSError):
            study = self._study()
            for trial in asked.values() if study is not None else ():
                study.withdraw(trial)

    def _do(self, name: str, arguments: Any, asked: dict[int, Any]) -> Any:
        study = self._study()
        if study is None:
            raise RuntimeError("the study is gone")
        if name in _READS:
            return getattr(study, name)
        if name not in _CALLS:
            raise AttributeError(name)
        result = getattr(study, name)(*arguments)
        if name != "ask":
            asked.pop(getattr(arguments[0], "number", arguments[0]), None)
        elif result is not None:
            asked[result.number] = result
        return result


class StudyConnection:
    """A study that another process has: ask(), tell(), withdraw(), trials, best, pending, trial_count.

    When this process ends, what it has asked for and not told is given out again elsewhere.
    """

    def __init__(self, address: str, key: bytes) -> None:
        self._address, self._key = address, key
        self._lock = threading.Lock()
        self._socket = multiprocessing.connection.Client(address, "AF_UNIX", key)

    def request(self, name: str, *arguments: Any) -> Any:
        """What the study's method or attribute `name` gives; raises what it raises."""
        with self._lock:
            self._socket.send((name, arguments))
            is_answer, answer = self._socket.recv()
        if not is_answer:
            raise answer
        return answer

    def ask(self, config: Any = None) -> Any:
        """As Study.ask."""
        return self.request("ask", config)

    def tell(self, trial: Any, value: Any, metrics: Any = None) -> None:
        """As Study.tell."""
        self.request("tell", trial, value, metrics)

    def withdraw(self, trial: Any) -> None:
        """As Study.withdraw."""
        self.request("withdraw", trial)

    def __getattr__(self, name: str) -> Any:
        if name not in _READS:
            raise AttributeError(name)
        return self.request(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return connect, (self._address, self._key)


def connect(address: str, key: bytes) -> StudyConnection:
    """What a pickled study becomes."""
    return StudyConnection(address, key)

"""What tasks written in Python raise, and what tune() raises."""


_OUTCOMES = ("constraints", "compile", "runtime", "timeout", "correctness")


class CandidateFailed(Exception):
    """A candidate's failure, raised by build or run: data, recorded with the trial."""

    def __init__(self, reason: str, outcome: str = "runtime", stage: str = "python") -> None:
        super().__init__(reason)
        if str(outcome) not in _OUTCOMES:
            raise ValueError(f"outcome: is {outcome!r}, must be one of {', '.join(_OUTCOMES)}")
        self.reason = reason
        self.outcome = outcome
        self.stage = stage


class UnavailableError(RuntimeError):
    """Something outside did not answer: no fault of the candidate, tried again."""

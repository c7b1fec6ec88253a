"""What tasks written in Python raise, and what tune() raises."""


class CandidateFailed(Exception):
    """A candidate's failure, raised by build or run: data, recorded with the trial."""

    def __init__(self, reason: str, outcome: str = "runtime", stage: str = "python") -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
        self.stage = stage


class UnavailableError(RuntimeError):
    """Something outside did not answer: no fault of the candidate, tried again."""

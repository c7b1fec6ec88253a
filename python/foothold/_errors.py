"""What tasks written in Python raise, what studies are told, and what tune() raises."""


_OUTCOMES = ("constraints", "compile", "runtime", "timeout", "correctness")


class Failed(Exception):
    """A candidate's failure: data, recorded with the trial. Raised by build or run, or by what a
    study evaluates; or told to a study.
    """

    def __init__(self, reason: str, outcome: str = "runtime", stage: str = "python") -> None:
        super().__init__(reason)
        if str(outcome) not in _OUTCOMES:
            raise ValueError(f"outcome: is {outcome!r}, must be one of {', '.join(_OUTCOMES)}")
        self.reason = reason
        self.outcome = outcome
        self.stage = stage

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.outcome, self.stage)


CandidateFailed = Failed


class UnavailableError(RuntimeError):
    """Something outside did not answer: no fault of the candidate, tried again."""

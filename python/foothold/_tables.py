"""Trials as a table."""


from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Union

from ._core import Measurement, RunLog

if TYPE_CHECKING:
    Trials = Union[RunLog, Iterable[Measurement]]


def to_dicts(trials: Trials) -> list[dict[str, Any]]:
    """One flat dict a trial: the config's values, then what became of it, then its metrics.

    `trials` is a RunLog or any number of Measurements.
    """
    rows = []
    for trial in trials.trials if isinstance(trials, RunLog) else trials:
        row: dict[str, Any] = dict(trial.config)
        row["outcome"] = str(trial.outcome)
        row["stage"] = trial.stage
        row["reason"] = trial.reason
        row["seconds"] = trial.median_seconds
        row["build_seconds"] = trial.build_seconds
        row["run_seconds"] = trial.run_seconds
        for name, value in trial.metrics.items():
            row["metrics." + name] = value
        rows.append(row)
    return rows


def table(trials: Trials) -> Any:  # no name of pandas: it need not be there
    """A pandas data frame of to_dicts(); without pandas, its list of dicts."""
    rows = to_dicts(trials)
    try:
        import pandas
    except ImportError:
        return rows
    return pandas.DataFrame(rows)

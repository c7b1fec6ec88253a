"""MlflowCallback: the trials of a study as runs of MLflow.

    with mlflow.start_run():
        study.optimize(function, trials=100, on_trial=foothold.mlflow.MlflowCallback())
"""

from __future__ import annotations

from typing import Optional

import mlflow

from ._study import Study, Told


class MlflowCallback:
    """Logs each trial as a run of its own below the active run, and the best value so far there.

    A trial's run has its config as parameters, its value and other numbers as metrics, and as tags
    its outcome and why it failed: a failed trial is a failed run. `run_name` is the name of the
    parent, where none is active. Trials that a study resumed from its log are not logged again,
    unless `resumed=True`. Call it from the thread that optimizes.
    """

    def __init__(self, run_name: Optional[str] = None, *, resumed: bool = False) -> None:
        self._run_name = run_name
        self._resumed = resumed
        self._logged: Optional[int] = None

    def __call__(self, study: Study) -> None:
        if self._logged is None:
            self._logged = 0 if self._resumed else study.resumed
        if mlflow.active_run() is None:
            mlflow.start_run(run_name=self._run_name or study.name)
        for told in study.trials_since(self._logged):
            self._log(study, self._logged, told)
            self._logged += 1
        best = study.best
        if best is not None and best.value is not None:
            mlflow.log_metric("best " + study.objective, best.value, step=self._logged)

    def _log(self, study: Study, number: int, told: Told) -> None:
        mlflow.start_run(run_name=str(number), nested=True)
        try:
            mlflow.log_params(dict(told.config))
            mlflow.set_tags({"outcome": told.outcome, "stage": told.stage, "reason": told.reason})
            if told.value is not None:
                mlflow.log_metric(study.objective, told.value)
            mlflow.log_metrics({**told.metrics, "evaluation_s": told.evaluation_s})
        finally:
            mlflow.end_run("FINISHED" if told.value is not None else "FAILED")

"""TensorBoardCallback: the trials of a study in TensorBoard, with its HParams page.

    study.optimize(function, trials=100, on_trial=foothold.tensorboard.TensorBoardCallback("runs"))
"""

from __future__ import annotations

import os
from typing import Any, Optional, Union

from ._study import Study


def _writer(folder: str) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            raise ImportError(
                "TensorBoardCallback needs tensorboardX or PyTorch: pip install tensorboardX"
            ) from None
    return SummaryWriter(folder)


class TensorBoardCallback:
    """Writes to `folder`: the value of each correct trial, the best so far, how many failed, and for
    the HParams page each correct trial's config with its value.

    Trials that a study resumed from its log are not written again, unless `resumed=True`. close(),
    or leaving a with statement, writes what is left.
    """

    def __init__(self, folder: Union[str, os.PathLike[str]], *, resumed: bool = False) -> None:
        self._writer = _writer(os.fspath(folder))
        self._resumed = resumed
        self._written: Optional[int] = None
        self._failed = 0

    def __call__(self, study: Study) -> None:
        if self._written is None:
            self._written = 0 if self._resumed else study.resumed
        for told in study.trials_since(self._written):
            number = self._written
            self._written += 1
            if told.value is None:
                self._failed += 1
                self._writer.add_scalar("failed", self._failed, number)
                continue
            self._writer.add_scalar(study.objective, told.value, number)
            self._writer.add_hparams(
                dict(told.config), {study.objective: told.value}, name=f"trial {number}"
            )
        best = study.best
        if best is not None and best.value is not None:
            self._writer.add_scalar("best_" + study.objective, best.value, self._written - 1)
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> TensorBoardCallback:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

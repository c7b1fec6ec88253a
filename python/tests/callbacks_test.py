"""The callbacks inside the real MLflow and tensorboardX; skipped where those are not installed."""

import glob
import os
import tempfile
import unittest
import warnings

import foothold

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow

        import foothold.mlflow
except ImportError:
    mlflow = None
try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import tensorboardX

        import foothold.tensorboard
except ImportError:
    tensorboardX = None


def score(tile, layout):
    if tile == 4:
        raise foothold.Failed("too wide", stage="build")
    return (tile * (2 if layout == "row" else 1), {"watts": tile / 2})


def study(log=None):
    space = {"tile": [1, 2, 3, 4], "layout": ["row", "tiled"]}
    return foothold.Study(space, log, objective="score", searcher="grid")


class Folders(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name


@unittest.skipIf(mlflow is None, "MLflow is not installed: pip install mlflow-skinny")
class MlflowCallbackTest(Folders):
    def setUp(self):
        super().setUp()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
            mlflow.set_tracking_uri("file://" + self.folder)
            mlflow.set_experiment("tests")

    def optimize(self, a_study, trials, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with mlflow.start_run() as run:
                callback = foothold.mlflow.MlflowCallback(**options)
                a_study.optimize(score, trials=trials, on_trial=callback)
            found = mlflow.tracking.MlflowClient().search_runs(
                [run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'"
            )
        return run.info.run_id, sorted(found, key=lambda child: int(child.info.run_name))

    def test_each_trial_is_a_run(self):
        parent, runs = self.optimize(study(), trials=8)
        self.assertEqual(len(runs), 8)
        first = runs[0].data
        self.assertEqual(set(first.params), {"tile", "layout"})
        self.assertEqual(first.tags["outcome"], "correct")
        told = score(int(first.params["tile"]), first.params["layout"])
        self.assertEqual(first.metrics["score"], told[0])
        self.assertEqual(first.metrics["watts"], told[1]["watts"])
        failed = [run for run in runs if run.data.params["tile"] == "4"]
        self.assertEqual([run.info.status for run in failed], ["FAILED"] * 2)
        self.assertEqual(failed[0].data.tags["reason"], "too wide")
        self.assertNotIn("score", failed[0].data.metrics)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            best = mlflow.tracking.MlflowClient().get_metric_history(parent, "best score")
        self.assertEqual(best[-1].value, 1)

    def test_resumed_trials_are_logged_when_asked_for(self):
        log = os.path.join(self.folder, "log.jsonl")
        with study(log) as first:
            self.assertEqual(len(self.optimize(first, trials=3)[1]), 3)
        with study(log) as second:
            names = [run.info.run_name for run in self.optimize(second, trials=5)[1]]
        self.assertEqual(names, ["3", "4"])
        with study(log) as third:
            self.assertEqual(len(self.optimize(third, trials=6, resumed=True)[1]), 6)


@unittest.skipIf(tensorboardX is None, "tensorboardX is not installed: pip install tensorboardX")
class TensorBoardCallbackTest(Folders):
    def events(self, pattern):
        """(tag, step, value) of all scalars in the files below."""
        from tensorboardX.proto.event_pb2 import Event

        found = []
        for path in sorted(glob.glob(os.path.join(self.folder, pattern))):
            with open(path, "rb") as file:
                while len(head := file.read(12)) == 12:
                    event = Event()
                    event.ParseFromString(file.read(int.from_bytes(head[:8], "little")))
                    file.read(4)
                    for value in event.summary.value:
                        found.append((value.tag, event.step, value.simple_value))
        return found

    def test_values_and_the_best_are_scalars(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with foothold.tensorboard.TensorBoardCallback(self.folder) as callback:
                a_study = study().optimize(score, trials=8, on_trial=callback)
        scalars = self.events("events*")
        values = {step: value for tag, step, value in scalars if tag == "score"}
        expected = {i: t.value for i, t in enumerate(a_study.trials) if t.value is not None}
        self.assertEqual(values, expected)
        self.assertEqual(max(value for tag, _, value in scalars if tag == "failed"), 2)
        best = [value for tag, _, value in scalars if tag == "best_score"]
        self.assertEqual(best, sorted(best, reverse=True))
        self.assertEqual(best[-1], 1)
        hparams = [tag for tag, _, _ in self.events("trial *0/events*")]
        self.assertTrue(any("hparams" in tag for tag in hparams), hparams)


if __name__ == "__main__":
    unittest.main()

"""FootholdSampler inside the real Optuna; skipped where it is not installed."""

import os
import tempfile
import unittest
import warnings

try:
    import optuna

    import foothold.optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
except ImportError:
    optuna = None
try:
    import pytest
except ImportError:
    pytest = None

needs_optuna = unittest.skipIf(optuna is None, "Optuna is not installed: pip install optuna")


def sampler(**options):
    return foothold.optuna.FootholdSampler(**{"seed": 1, **options})


def study(**options):
    return optuna.create_study(sampler=sampler(**options))


@needs_optuna
class FootholdSamplerTest(unittest.TestCase):
    def test_finds_what_is_best(self):
        def objective(trial):
            x = trial.suggest_float("x", -10, 10)
            n = trial.suggest_int("n", 1, 64, log=True)
            layout = trial.suggest_categorical("layout", ["row", "column", "tiled"])
            return (x - 2) ** 2 + abs(n - 16) / 4 + (layout != "tiled")

        found = study()
        found.optimize(objective, n_trials=60)
        self.assertLess(found.best_value, 1)
        self.assertEqual(found.best_params["layout"], "tiled")

    def test_maximises(self):
        found = optuna.create_study(sampler=sampler(), direction="maximize")
        found.optimize(lambda trial: -abs(trial.suggest_int("n", 0, 1000) - 700), n_trials=40)
        self.assertGreater(found.best_value, -30)

    def test_failed_and_pruned_trials_and_constraints_are_avoided(self):
        """Two thirds fail; with labels fewer than at random do."""

        def objective(trial):
            x = trial.suggest_float("x", 0, 3)
            y = trial.suggest_float("y", 0, 1)
            if x > 2:
                raise MemoryError
            if x > 1.5:
                raise optuna.TrialPruned
            trial.set_user_attr("excess", x - 1)
            return y - x / 10

        found = study(constraints_func=lambda trial: [trial.user_attrs["excess"]])
        found.optimize(objective, n_trials=60, catch=MemoryError)
        late = found.trials[20:]
        feasible = [trial for trial in late if trial.params["x"] <= 1]
        self.assertGreater(len(feasible), len(late) / 2)

    def test_conditional_parameters_are_proposed_where_they_are_there(self):
        independent = []

        class Counted(foothold.optuna.FootholdSampler):
            def sample_independent(self, study, trial, name, distribution):
                independent.append(trial.number)
                return super().sample_independent(study, trial, name, distribution)

        def objective(trial):
            if trial.suggest_categorical("kind", ["tree", "net"]) == "tree":
                return abs(trial.suggest_int("depth", 1, 32) - 7)
            return 3 + abs(trial.suggest_float("rate", 1e-5, 1, log=True) - 0.01)

        found = optuna.create_study(sampler=Counted(seed=1))
        found.optimize(objective, n_trials=40)
        self.assertEqual([number for number in independent if number > 15], [])
        self.assertEqual(found.best_value, 0)

    def test_the_same_seed_gives_the_same_trials(self):
        def run():
            found = study(seed=3)
            found.optimize(lambda trial: trial.suggest_float("x", 0, 1) ** 2, n_trials=12)
            return [trial.params for trial in found.trials]

        self.assertEqual(run(), run())

    def test_learns_from_what_others_put_into_the_storage(self):
        with tempfile.TemporaryDirectory() as folder:
            storage = "sqlite:///" + os.path.join(folder, "study.db")
            other = optuna.create_study(
                storage=storage, study_name="s", sampler=optuna.samplers.RandomSampler(seed=1)
            )
            other.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=10)
            mine = optuna.load_study(storage=storage, study_name="s", sampler=sampler())
            mine.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=10)
            self.assertLess(min(trial.value for trial in mine.trials[10:]), 0.02)
            del other, mine

    def test_one_objective_only(self):
        found = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler())
        with self.assertRaisesRegex(ValueError, "one objective"):
            found.ask({"x": optuna.distributions.FloatDistribution(0, 1)})


@needs_optuna
class OptunasOwnTests(unittest.TestCase):
    @unittest.skipIf(pytest is None, "pytest is not installed: pip install pytest")
    def test_of_basic_relative_and_single_objective_samplers(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "test_foothold_sampler.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(OWN_TESTS)
            with warnings.catch_warnings():
                warnings.simplefilter("default")
                code = pytest.main(
                    ["-q", "-p", "no:cacheprovider", "-W", "default", "--rootdir", folder, path]
                )
        self.assertEqual(code, 0)


OWN_TESTS = """
import pytest
import foothold.optuna
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase)

class _Ours:
    @pytest.fixture
    def sampler(self):
        return lambda: foothold.optuna.FootholdSampler(seed=1)

class TestBasic(_Ours, BasicSamplerTestCase): pass
class TestRelative(_Ours, RelativeSamplerTestCase): pass
class TestSingleOnly(_Ours, SingleOnlySamplerTestCase): pass
"""


if __name__ == "__main__":
    unittest.main()

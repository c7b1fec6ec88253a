"""Ask and tell, spaces of any values, and the evaluation of functions. Run by ctest."""

import contextlib
import ctypes
import io
import multiprocessing
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

import foothold
from foothold import choice, real, whole


def loss(tile, layout):
    if tile == 32:
        raise foothold.Failed("too large", outcome="compile")
    return (tile - 8) ** 2 / 10 - (layout == "tiled")


def space():
    return foothold.Space({"tile": [1, 2, 4, 8, 16, 32], "layout": ["row", "column", "tiled"]})


class WithLog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "log.jsonl")


class SpaceTest(unittest.TestCase):
    def test_values_of_any_kind(self):
        made = foothold.Space(
            {
                "tile": range(4, 13, 4),
                "layout": ["row", "column"],
                "fast": [False, True],
                "rate": real(0.1, 0.5, steps=3),
                "mixed": choice([1, "1", 1.5, True]),
            }
        )
        self.assertEqual(len(made), 3 * 2 * 2 * 3 * 4)
        values = {parameter.name: parameter.values for parameter in made.parameters}
        self.assertEqual(values["tile"], [4, 8, 12])
        self.assertEqual(values["rate"], [0.1, 0.3, 0.5])
        self.assertEqual(repr(values["mixed"]), "[1, '1', 1.5, True]")
        ordered = {parameter.name: parameter.ordered for parameter in made.parameters}
        self.assertEqual(
            ordered,
            {"tile": True, "layout": False, "fast": False, "rate": True, "mixed": False},
        )
        for rank in range(0, len(made), 7):
            self.assertEqual(made.rank(made.unrank(rank)), rank)

    def test_ranges(self):
        rates = real(1e-4, 1e-1, log=True, steps=4).values
        self.assertEqual(rates, (1e-4, 1e-3, 1e-2, 1e-1))
        self.assertEqual(whole(1, 10, step=3).values, (1, 4, 7, 10))
        sizes = whole(1, 1000, log=True, steps=10).values
        self.assertEqual((sizes[0], sizes[-1]), (1, 1000))
        self.assertEqual(sorted(set(sizes)), list(sizes))
        for wrong in (
            lambda: real(1, 1),
            lambda: real(0, 1, log=True),
            lambda: real(0, 1, steps=1),
            lambda: whole(1, 8, step=2, log=True),
            lambda: real(0, float("inf")),
        ):
            with self.assertRaises(ValueError):
                wrong()

    def test_constraints_are_expressions_or_callables(self):
        def fits(tile, layout):
            return layout == "row" or tile <= 4

        made = foothold.Space(
            {"tile": [2, 4, 8], "layout": ["row", "column"]}, ["tile * 2 != 4", fits]
        )
        configs = [made.unrank(rank) for rank in range(len(made))]
        self.assertCountEqual(
            configs,
            [
                {"tile": 4, "layout": "row"},
                {"tile": 4, "layout": "column"},
                {"tile": 8, "layout": "row"},
            ],
        )
        self.assertEqual(
            made.first_broken({"tile": 8, "layout": "column"}), "fits over tile, layout"
        )
        self.assertEqual(made.first_broken({"tile": 2, "layout": "row"}), "tile * 2 != 4")

    def test_conditional_parameters_are_left_out_where_they_are_inactive(self):
        made = foothold.Space(
            {
                "layout": ["row", "tiled"],
                "tile": choice([4, 8], ordered=True, when="layout == 'tiled'"),
                "unroll": choice([1, 2], when=lambda tile: tile == 8),
            }
        )
        self.assertCountEqual(
            [made.unrank(rank) for rank in range(len(made))],
            [
                {"layout": "row"},
                {"layout": "tiled", "tile": 4},
                {"layout": "tiled", "tile": 8, "unroll": 1},
                {"layout": "tiled", "tile": 8, "unroll": 2},
            ],
        )
        self.assertTrue(made.is_valid({"layout": "row"}))
        self.assertFalse(made.is_valid({"layout": "row", "tile": 4}))

    def test_wrong_input_says_what_would_be_right(self):
        with self.assertRaisesRegex(ValueError, "space: 'tile <': column 7"):
            foothold.Space({"tile": [1, 2]}, ["tile <"])
        with self.assertRaisesRegex(ValueError, '"tiel" is no parameter'):
            foothold.Space({"tile": [1, 2]}, ["tiel < 2"])
        with self.assertRaisesRegex(TypeError, "must be an expression, a callable"):
            foothold.Space({"tile": [1, 2]}, [3])
        with self.assertRaisesRegex(TypeError, "several values"):
            foothold.Space({"tile": "12"})
        with self.assertRaisesRegex(TypeError, "must be a number, a truth value or a text"):
            foothold.Space({"tile": [None]})
        with self.assertRaisesRegex(ValueError, "finite"):
            foothold.Space({"tile": [float("nan")]})
        with self.assertRaisesRegex(ValueError, "the values of 'layout' are 'row', 'column'"):
            foothold.Space({"layout": ["row", "column"]}).is_valid({"layout": "diagonal"})
        with self.assertRaises(ZeroDivisionError):
            foothold.Space({"tile": [0, 1]}, [lambda tile: 1 / tile])

    def test_values_of_any_kind_can_be_tuned(self):
        def seconds(tile, layout):
            return tile * (2 if layout == "row" else 1)

        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log.jsonl")
            task = foothold.function_task("f", space(), seconds, exact_times=True)
            result = foothold.tune(task, log=log, options=foothold.TunerOptions(trials=18))
            self.assertEqual(result.best.config["tile"], 1)
            self.assertIn(result.best.config["layout"], ("column", "tiled"))
            run = foothold.read_log(log)[0]
            self.assertEqual(run.trials[0].config.keys(), {"tile", "layout"})
            self.assertIsNone(run.objective)


class AskTellTest(WithLog):
    def test_finds_the_best(self):
        study = foothold.Study(space())
        while (trial := study.ask()) is not None:
            try:
                study.tell(trial, loss(**trial.config))
            except foothold.Failed as failed:
                study.tell(trial, failed)
        self.assertEqual(study.trial_count, 18)
        self.assertEqual(study.best.config, {"tile": 8, "layout": "tiled"})
        self.assertEqual(study.best.value, -1)
        self.assertEqual(study.failures(), [(3, "python: too large")])
        outcomes = {told.outcome for told in study.trials}
        self.assertEqual(outcomes, {"correct", "compile"})

    def test_maximises(self):
        study = foothold.Study(space(), goal="maximize", objective="score", unit="%")
        study.optimize(lambda tile, layout: tile * 10, trials=18)
        self.assertEqual(study.best.value, 320)
        self.assertEqual(study.describe(study.best.value), "320 %")
        self.assertIn("18 trials, best score 320 % (18 correct)", repr(study))

    def test_takes_answers_in_any_order_and_withdraws(self):
        study = foothold.Study(space(), self.log)
        trials = [study.ask() for _ in range(5)]
        self.assertEqual([trial.number for trial in study.pending], [0, 1, 2, 3, 4])
        for trial in (trials[3], trials[0], trials[4]):
            study.tell(trial, float(trial["tile"]), {"guess": 0.5})
        study.withdraw(trials[1])
        self.assertEqual(study.ask().config, trials[1].config)
        told = [told.config for told in study.trials]
        self.assertEqual(told, [trials[3].config, trials[0].config, trials[4].config])
        self.assertEqual(study.trials[0].metrics["guess"], 0.5)
        study.close()
        self.assertEqual([t.config for t in foothold.read_log(self.log)[0].trials], told)

    def test_known_results_and_first_guesses(self):
        study = foothold.Study(space())
        study.tell(study.ask({"tile": 8, "layout": "tiled"}), -1)
        self.assertEqual(study.best.value, -1)
        with self.assertRaisesRegex(ValueError, "not in the space"):
            study.ask({"tile": 9, "layout": "tiled"})
        rest = []
        while (trial := study.ask()) is not None:
            rest.append(trial.config)
        self.assertEqual(len(rest), 17)
        self.assertNotIn({"tile": 8, "layout": "tiled"}, rest)

    def test_resumes(self):
        with foothold.Study(space(), self.log) as study:
            study.optimize(loss, trials=7)
        calls = []

        def counted(tile, layout):
            calls.append((tile, layout))
            return loss(tile, layout)

        study = foothold.Study(space(), self.log)
        self.assertEqual(study.resumed, 7)
        study.optimize(counted, trials=12)
        self.assertEqual(len(calls), 5)
        self.assertEqual(study.trial_count, 12)
        run = foothold.read_log(self.log)[0]
        self.assertEqual(run.objective, ("value", "", False))
        self.assertEqual(len({str(trial.config) for trial in run.trials}), 12)

    def test_times_are_seconds(self):
        study = foothold.Study(space(), self.log, unit="s")
        study.tell(study.ask(), 0.25)
        with self.assertRaisesRegex(ValueError, "the time is -1, must be finite and above 0"):
            study.tell(study.ask(), -1)
        run = foothold.read_log(self.log)[0]
        self.assertIsNone(run.objective)
        self.assertEqual(run.trials[0].median_seconds, 0.25)

    def test_another_space_begins_another_run_and_says_so(self):
        foothold.Study(space(), self.log).optimize(loss, 2)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            study = foothold.Study({"tile": [1, 2]}, self.log)
        self.assertEqual(study.resumed, 0)
        self.assertIn("parameter tile (1, 2, 4, 8, 16, 32 -> 1, 2)", said.getvalue())

    def test_wrong_calls_say_what_would_be_right(self):
        study = foothold.Study(space())
        trial = study.ask()
        with self.assertRaisesRegex(ValueError, "trial 9 was never asked for"):
            study.tell(9, 1)
        study.tell(trial.number, 1)
        with self.assertRaisesRegex(ValueError, "not under way any more"):
            study.tell(trial, 1)
        with self.assertRaisesRegex(ValueError, "goal: is 'best'"):
            foothold.Study(space(), goal="best")
        with self.assertRaisesRegex(LookupError, "nobody"):
            foothold.Study(space(), searcher="nobody")

    def test_shows_itself(self):
        study = foothold.Study(space(), name="a<b")
        study.optimize(loss, trials=18)
        shown = study._repr_html_()
        self.assertIn("a&lt;b", shown)
        self.assertIn("<td style='text-align:left'>tiled</td>", shown)
        self.assertIn("failed 3 times", shown)
        rows = study.trials_dataframe()
        self.assertEqual(len(rows), 18)

    def test_from_several_threads(self):
        study = foothold.Study(space(), self.log)

        def work():
            while (trial := study.ask()) is not None:
                study.tell(trial, float(trial["tile"]))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({str(told.config) for told in study.trials}), 18)


def work_for(study):
    """What another process does with a study; how many trials it told."""
    told = 0
    while (trial := study.ask()) is not None:
        study.tell(trial, float(trial["tile"]))
        told += 1
    return told


class OtherProcessesTest(WithLog):
    def test_a_pickled_study_is_a_connection(self):
        study = foothold.Study(space(), self.log)
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            told = pool.map(work_for, [study, study])
        self.assertEqual(sum(told), 18)
        self.assertEqual(study.trial_count, 18)
        self.assertEqual(len(foothold.read_log(self.log)[0].trials), 18)

    def test_a_connection_says_what_the_study_says(self):
        study = foothold.Study(space())
        other = pickle.loads(pickle.dumps(study))
        trial = other.ask()
        with self.assertRaisesRegex(ValueError, "must be finite"):
            other.tell(trial, float("nan"))
        other.tell(trial, foothold.Failed("too large", outcome="compile"))
        self.assertEqual(other.trials[0].reason, "too large")
        self.assertEqual(other.trial_count, 1)
        self.assertIsNone(other.best)
        with self.assertRaises(AttributeError):
            other.optimize

    def test_what_a_dead_process_asked_for_is_given_out_again(self):
        study = foothold.Study(space())
        other = pickle.loads(pickle.dumps(study))
        trial = other.ask()
        other._socket.close()
        deadline = time.monotonic() + 60
        while study.pending and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(study.ask().config, trial.config)

    def forked(self, study):
        """What a forked process with this study ends with."""
        process = multiprocessing.get_context("fork").Process(target=work_for, args=(study,))
        with contextlib.redirect_stderr(io.StringIO()):
            process.start()
        process.join(60)
        return process.exitcode

    def test_a_forked_study_is_a_connection_if_it_was_shared(self):
        study = foothold.Study(space(), self.log)
        self.assertEqual(self.forked(study), 1)
        self.assertEqual(study.trial_count, 0)
        study.share()
        self.assertEqual(self.forked(study), 0)
        self.assertEqual(study.trial_count, 18)


class OptimizeTest(WithLog):
    def test_what_is_no_failure_ends_it_and_loses_nothing(self):
        def wrong(tile, layout):
            if tile > 4:
                raise KeyError("typo")
            return tile

        study = foothold.Study(space(), self.log)
        with self.assertRaises(KeyError):
            study.optimize(wrong, 18)
        self.assertEqual(study.pending, [])
        known = study.trial_count
        self.assertEqual(len(foothold.read_log(self.log)[0].trials), known)
        study.optimize(wrong, 18, catch=KeyError)
        self.assertEqual(study.trial_count, 18)
        self.assertEqual(study.failures(), [(9, "python: KeyError: 'typo'")])

    def test_a_returned_value_must_be_a_number(self):
        for returned in (None, "fast", True, [1]):
            with self.assertRaisesRegex(TypeError, "must return a number"):
                foothold.Study(space()).optimize(lambda returned=returned, **_: returned, 1)
        study = foothold.Study(space()).optimize(lambda **_: float("nan"), 2)
        self.assertEqual(study.failures(), [(2, "value: returned nan")])
        study = foothold.Study(space()).optimize(lambda **_: (1, {"watts": 3}), 1)
        self.assertEqual(study.best.metrics, {"watts": 3, "value": 1})

    def test_ends_in_time(self):
        study = foothold.Study(space())
        study.optimize(lambda **_: time.sleep(0.05) or 1, max_seconds=0.1)
        self.assertLess(study.trial_count, 18)

    def test_on_threads_several_run_at_a_time(self):
        barrier = threading.Barrier(3)

        def together(tile, layout):
            barrier.wait(60)
            return tile

        study = foothold.Study(space()).optimize(together, 18, jobs=3)
        self.assertEqual(study.trial_count, 18)

    def test_shows_progress(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            foothold.Study(space()).optimize(loss, 18, progress=True)
        self.assertIn("study: 18/18: 18 trials, best value -1 (3 compile, 15 correct)", said.getvalue())
        with contextlib.redirect_stderr(said := io.StringIO()):
            foothold.Study(space()).optimize(loss, 18)
        self.assertEqual(said.getvalue(), "")

    def test_limits_need_processes(self):
        for limit in ({"timeout_s": 1}, {"memory_mb": 100}):
            with self.assertRaisesRegex(ValueError, "need isolate=True"):
                foothold.Study(space()).optimize(loss, 1, **limit)


# The processes that evaluations leave behind are what is tested.
warnings.filterwarnings("ignore", "subprocess .* is still running", ResourceWarning)


def misbehave(kind):
    if kind == "crashes":
        ctypes.string_at(0)
    elif kind == "hangs":
        time.sleep(600)
    elif kind == "exits":
        os._exit(3)
    elif kind == "eats":
        return float(len(bytearray(2 << 30)))
    elif kind == "raises":
        raise foothold.Failed("wrong sum", outcome="correctness", stage="check")
    elif kind == "leaves":
        return 1.0, {"left": subprocess.Popen(["sleep", "600"]).pid}
    return 1.0


class IsolationTest(WithLog):
    def test_what_a_config_does_to_its_process(self):
        kinds = ["works", "crashes", "hangs", "exits", "eats", "raises", "leaves"]
        study = foothold.Study({"kind": kinds}, self.log)
        study.optimize(misbehave, isolate=True, jobs=2, timeout_s=10, memory_mb=512)
        told = {told.config["kind"]: (told.outcome, told.stage, told.reason) for told in study.trials}
        self.assertEqual(
            told,
            {
                "works": ("correct", "", ""),
                "crashes": ("runtime", "child.signal", "killed by SIGSEGV"),
                "hangs": ("timeout", "child.timeout", "ran longer than 10 s"),
                "exits": ("runtime", "child.exit", "exited with code 3 and without a value"),
                "eats": ("runtime", "child.memory", "needs more than 512 MiB of memory"),
                "raises": ("correctness", "check", "wrong sum"),
                "leaves": ("correct", "", ""),
            },
        )
        self.assertEqual(len(foothold.read_log(self.log)[0].trials), 7)
        left = next(told.metrics["left"] for told in study.trials if told.config["kind"] == "leaves")
        self.assertTrue(self.is_gone(int(left)))

    def is_gone(self, pid):
        """Within a minute; a zombie is gone."""
        for _ in range(6000):
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                    if file.read().rpartition(")")[2].split()[0] == "Z":
                        return True
            except FileNotFoundError:
                return True
            time.sleep(0.01)
        return False

    def test_an_exception_that_is_no_failure_comes_out(self):
        def wrong(tile, layout):
            raise LookupError("no such file")

        study = foothold.Study(space())
        with self.assertRaisesRegex(LookupError, "no such file") as raised:
            study.optimize(wrong, isolate=True)
        self.assertIn("in wrong", str(raised.exception.__cause__))
        self.assertEqual(study.pending, [])

    def test_the_same_seed_gives_the_same_trials_in_one_process_or_another(self):
        runs = [
            [told.config for told in foothold.Study(space()).optimize(loss, 9, isolate=i).trials]
            for i in (False, True)
        ]
        self.assertEqual(*runs)


if __name__ == "__main__":
    unittest.main()

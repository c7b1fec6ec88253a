"""The bindings: spaces, tasks, tuning, logs. Run by ctest, which sets PYTHONPATH."""

import math
import sys
import threading
import traceback
import unittest
import warnings
from unittest import mock

import foothold
from foothold import Constraint, Parameter, Space
from shared import WithLog, small_space


class SpaceTest(unittest.TestCase):
    def test_counts_and_numbers_the_valid_configs(self):
        space = small_space()
        self.assertEqual((space.raw_size, space.valid_count), (12, 9))
        configs = [space.unrank(i) for i in range(9)]
        self.assertEqual([space.rank(config) for config in configs], list(range(9)))
        self.assertTrue(all(config["a"] + config["b"] < 60 for config in configs))
        self.assertEqual(space.at_index(4), {"a": 2, "b": 20})
        self.assertEqual(space.index_of({"b": 20, "a": 2}), 4)

    def test_knows_what_a_config_breaks(self):
        space = small_space()
        self.assertFalse(space.is_valid({"a": 1, "b": 80}))
        self.assertEqual(space.first_broken({"a": 1, "b": 80}), "a + b is below 60")
        self.assertIsNone(space.rank({"a": 1, "b": 80}))
        self.assertIsNone(space.first_broken({"a": 1, "b": 40}))

    def test_neighbours_differ_by_one_step(self):
        neighbours = small_space().neighbours({"a": 1, "b": 20})
        self.assertEqual(neighbours, [{"a": 2, "b": 20}, {"a": 1, "b": 10}, {"a": 1, "b": 40}])

    def test_the_same_seed_draws_the_same_configs(self):
        space = small_space()
        draws = [[space.sample(rng) for _ in range(5)] for rng in (foothold.Rng(3), foothold.Rng(3))]
        self.assertEqual(*draws)

    def test_the_other_constraints(self):
        parameters = [Parameter("a", [1, 2, 3]), Parameter("b", [1, 2, 3])]
        product = Constraint.product_at_most("area", ["a", "b"], 2, 8)
        self.assertEqual(Space(parameters, [product]).valid_count, 6)
        listed = Constraint.one_of("listed", ["a", "b"], [[1, 1], [3, 2]])
        self.assertEqual(Space(parameters, [listed]).valid_count, 2)

    def test_wrong_input_is_a_value_error(self):
        with self.assertRaisesRegex(ValueError, "a"):
            Space([Parameter("a", [1, 1])])
        with self.assertRaisesRegex(ValueError, 'no value for the parameter "b"'):
            small_space().is_valid({"a": 1})
        with self.assertRaisesRegex(ValueError, "more values"):
            small_space().is_valid({"a": 1, "b": 10, "c": 3})
        with self.assertRaises(ValueError):
            small_space().is_valid({"a": 7, "b": 10})
        with self.assertRaises(IndexError):
            small_space().unrank(9)
        with self.assertRaisesRegex(ValueError, "one value for each"):
            Constraint.one_of("listed", ["a", "b"], [[1]])

    def test_an_exception_of_a_predicate_comes_out(self):
        with self.assertRaisesRegex(ZeroDivisionError, "division"):
            Space([Parameter("a", [0, 1])], [Constraint.where("1 / a", ["a"], lambda a: 1 / a)])


class FunctionTaskTest(WithLog):
    def test_finds_the_best_config(self):
        task = foothold.function_task(
            "sum", small_space(), lambda a, b: 1e-3 * (a + b), exact_times=True
        )
        result = self.tune(task, trials=20)
        self.assertEqual(result.best.config, {"a": 1, "b": 10})
        self.assertAlmostEqual(result.best.median_seconds, 0.011)
        self.assertEqual(result.progress.outcomes, {"correct": 9})
        self.assertEqual(result.stop, "space exhausted")

    def test_measured_times_are_repeated(self):
        calls = []

        def measure(a, b):
            calls.append((a, b))
            return 1e-3 * (a + b + 0.001 * len(calls))

        rules = foothold.RepeatOptions(least_repeats=3, final_rounds=0)
        self.tune(foothold.function_task("f", small_space(), measure), trials=4, repeats=rules)
        self.assertGreaterEqual(len(calls), 4 * 3)

    def test_goes_on_where_the_log_ends(self):
        calls = []

        def measure(a, b):
            calls.append((a, b))
            return 1e-3 * a * b

        task = foothold.function_task("f", small_space(), measure, exact_times=True)
        self.tune(task, trials=4)
        self.assertEqual(self.tune(task, trials=9).resumed, 4)
        self.assertEqual(len(calls), 9)
        self.assertEqual(len(set(calls)), 9)

    def test_earlier_runs_make_another_run(self):
        def task(name, factor):
            return foothold.function_task(
                name, small_space(), lambda a, b: factor * (a + b), exact_times=True
            )

        self.tune(task("f", 1e-3), trials=9)
        earlier = foothold.earlier_runs_of(foothold.read_log(self.log))
        self.assertEqual([run.workload.name for run in earlier], ["f"])
        self.assertEqual(len(earlier[0].trials), 9)
        self.assertEqual([parameter.name for parameter in earlier[0].parameters], ["a", "b"])

        warm = self.tune(task("g", 2e-3), trials=4, earlier_runs=earlier)
        self.assertEqual(warm.best.config, {"a": 1, "b": 10})
        self.assertIn("earlier_runs", foothold.read_log(self.log)[1].options)
        self.assertEqual(self.tune(task("g", 2e-3), trials=4, earlier_runs=earlier).resumed, 4)
        self.assertEqual(self.tune(task("g", 2e-3), trials=4).resumed, 0)

    def test_every_searcher_takes_it(self):
        for name, _ in foothold.list_searchers():
            task = foothold.function_task(name, small_space(), lambda a, b: a * b, exact_times=True)
            result = self.tune(task, trials=9, searcher=name, stop_early=False)
            self.assertEqual(result.progress.finished, 9, name)

    def test_failures_that_are_named_are_outcomes(self):
        def fail(a, b):
            if b == 10:
                raise foothold.CandidateFailed("too narrow", "correctness", "verify")
            if a == 2:
                raise OSError("the device\nis on fire")
            return 1.0

        task = foothold.function_task("f", small_space(), fail, exact_times=True)
        result = foothold.tune(task, searcher="random", log=self.log, catch=(OSError, KeyError))
        self.assertEqual(
            result.progress.outcomes, {"correct": 4, "runtime": 2, "correctness": 3}
        )
        trials = foothold.read_log(self.log)[0].trials
        by_config = {tuple(trial.config.values()): trial for trial in trials}
        narrow = by_config[(1, 10)]
        self.assertEqual((narrow.stage, narrow.reason), ("verify", "too narrow"))
        self.assertEqual(narrow.outcome, foothold.Outcome.CORRECTNESS)
        self.assertIsNone(narrow.median_seconds)
        fire = by_config[(2, 20)]
        self.assertEqual(fire.stage, "python.run")
        self.assertRegex(fire.reason, r"^OSError: the device is on fire \(bindings_test.py:\d+\)$")
        self.assertEqual(result.failure_reasons, [])
        self.assertRegex(repr(result), r"^<TuneResult: best 1.0 s at \{'a': .* of 9 trials>$")

    def test_any_other_exception_ends_the_tuning(self):
        def typo(a, b):
            return 1.0 if a == 1 else undefined_name  # noqa: F821

        def wrong_signature(a):
            return 1.0

        for function, error in [
            (typo, NameError),
            (wrong_signature, TypeError),
            (lambda a, b: 1 / (3 - a), ZeroDivisionError),
        ]:
            for exact_times in (True, False):
                with self.subTest(error=error, exact_times=exact_times):
                    task = foothold.function_task(
                        error.__name__, small_space(), function, exact_times=exact_times
                    )
                    try:  # assertRaises would drop the traceback
                        self.tune(task)
                        self.fail("no exception")
                    except error as raised:
                        frames = [frame.name for frame in traceback.extract_tb(raised.__traceback__)]
                    self.assertIn("run", frames, "the traceback is that of the task's code")
        run = foothold.read_log(self.log)[0]
        self.assertTrue(all(trial.outcome == foothold.Outcome.CORRECT for trial in run.trials))

    def test_reading_a_damaged_log_warns(self):
        task = foothold.function_task("f", small_space(), lambda a, b: 1e-3 * (a + b))
        self.tune(task)
        with open(self.log, "rb") as file:
            lines = file.read().splitlines(keepends=True)
        with open(self.log, "wb") as file:
            file.writelines([lines[0], lines[1], b"garbage\n", *lines[2:]])
        with self.assertWarnsRegex(RuntimeWarning, ":3:.*log repair"):
            runs = foothold.read_log(self.log)
        self.assertTrue(runs[0].trials)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with self.assertRaises(RuntimeWarning):
                foothold.read_log(self.log)

    def test_what_was_measured_before_an_exception_is_kept(self):
        broken = [True]

        def measure(a, b):
            if broken[0] and (a, b) == (2, 20):
                raise ZeroDivisionError("mine")
            return 1e-3 * (a + b)

        task = foothold.function_task("f", small_space(), measure, exact_times=True)
        with self.assertRaisesRegex(ZeroDivisionError, "mine"):
            self.tune(task, batch_size=1, jobs=1)
        kept = len(foothold.read_log(self.log)[0].trials)
        broken[0] = False  # not the code: what it depends on has changed all the same
        result = foothold.tune(
            task,
            searcher="random",
            log=self.log,
            options=foothold.TunerOptions(
                trials=12, batch_size=1, resume=foothold.Resume.IGNORE_CHANGES
            ),
            on_start=lambda start: None,
        )
        self.assertEqual((result.resumed, result.progress.outcomes), (kept, {"correct": 9}))

    def test_values_that_are_no_times_are_errors(self):
        for value, error, message in [
            (None, TypeError, "returned None: it must return seconds"),
            ({"time": 1.0}, TypeError, "it must return seconds"),
            ("0.5", TypeError, "it must return seconds"),
            (True, TypeError, "it must return seconds"),
            ([], ValueError, "seconds must be finite and above 0"),
            (0, ValueError, "seconds must be finite and above 0"),
            (-1.0, ValueError, r"the run of a=\d b=\d+ returned -1.0: seconds must be finite"),
            (float("nan"), ValueError, "seconds must be finite and above 0"),
            ([1.0, float("inf")], ValueError, "seconds must be finite and above 0"),
            (foothold.RunResult([-1.0]), ValueError, "seconds must be finite and above 0"),
        ]:
            with self.subTest(value=value):
                task = foothold.function_task(
                    f"f {value}", small_space(), lambda a, b: value, exact_times=True
                )
                with self.assertRaisesRegex(error, message):
                    self.tune(task)

    def test_when_nothing_is_correct_the_reasons_are_said(self):
        def fail(a, b):
            raise foothold.CandidateFailed(f"reason {'xyz'[a - 1]}")

        task = foothold.function_task("f", small_space(), fail, exact_times=True)
        with self.assertWarnsRegex(RuntimeWarning, r"nothing correct in 9 trials: python: reason [xyz]; "):
            result = self.tune(task)
        self.assertIsNone(result.best)
        self.assertEqual(len(result.failure_reasons), 3)
        self.assertRegex(repr(result), "nothing correct in 9 trials: python: reason ")

    def test_exceptions_that_cannot_be_shown(self):
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError("no")

        class Dumb(Mute):
            __repr__ = Mute.__str__

        for error, said in [
            (OSError("name \udcff\n\x1b]0;title"), r"OSError: name \\udcff  \]0;title"),
            (Mute(), r"Mute: Mute\(\)"),
            (Dumb(), r"Dumb: \(it cannot be shown as text\)"),
        ]:
            with self.subTest(error=type(error)):

                def fail(a, b):
                    raise error

                task = foothold.function_task(type(error).__name__, small_space(), fail, exact_times=True)
                with self.assertWarns(RuntimeWarning):
                    result = foothold.tune(task, log=self.log, searcher="random", catch=Exception)
                self.assertEqual(result.progress.outcomes, {"runtime": 9})
                self.assertRegex(result.failure_reasons[0], said)

    def test_wrong_candidate_failures_and_catches_are_errors(self):
        with self.assertRaisesRegex(ValueError, "outcome: is 'slow', must be one of constraints"):
            foothold.CandidateFailed("x", outcome="slow")

        def fail(a, b):
            failed = foothold.CandidateFailed("x")
            failed.outcome = "correct"
            raise failed

        task = foothold.function_task("f", small_space(), fail, exact_times=True)
        with self.assertRaisesRegex(ValueError, 'CandidateFailed.outcome: is "correct"'):
            self.tune(task)
        with self.assertRaisesRegex(TypeError, "catch: is 3, must be an exception class"):
            foothold.tune(task, log=self.log, catch=3)

    def test_unavailable_is_no_outcome(self):
        def gone(a, b):
            raise foothold.UnavailableError("no board")

        task = foothold.function_task("f", small_space(), gone)
        device = foothold.DeviceOptions(attempts=2, first_pause_s=0)
        with self.assertRaisesRegex(foothold.UnavailableError, "no board"):
            self.tune(task, device=device)
        self.assertEqual(foothold.read_log(self.log)[0].trials, [])

    def test_progress_tells_of_the_final(self):
        finals = []
        task = foothold.function_task("f", small_space(), lambda a, b: 1e-3 * (a + b))
        rules = foothold.RepeatOptions(least_repeats=3, final_rounds=4)
        foothold.tune(
            task,
            log=self.log,
            options=foothold.TunerOptions(trials=9, repeats=rules),
            on_progress=lambda progress: finals.append(progress.final),
        )
        self.assertIsNone(finals[0])
        of_rounds = [final for final in finals if final is not None]
        self.assertTrue(of_rounds)
        for final in of_rounds:
            self.assertEqual(final.most_rounds, 4)
            self.assertLessEqual(final.tied, final.leaders)
            self.assertLessEqual(final.rounds, 4)

    def test_progress_and_its_exceptions(self):
        seen = []
        task = foothold.function_task("f", small_space(), lambda a, b: 1.0, exact_times=True)
        foothold.tune(task, log=self.log, on_progress=lambda progress: seen.append(progress.finished))
        self.assertEqual(seen[-1], 9)

        def stop(progress):
            raise RuntimeError("enough")

        other = foothold.function_task("g", small_space(), lambda a, b: 1.0, exact_times=True)
        with self.assertRaisesRegex(RuntimeError, "enough"):
            foothold.tune(other, log=self.log, on_progress=stop)

    def test_wrong_options_are_errors(self):
        with self.assertRaisesRegex(TypeError, r"'trails' \(did you mean trials\?\)"):
            foothold.TunerOptions(trails=3)
        with self.assertRaisesRegex(TypeError, r"'devise' \(did you mean device\?\)"):
            foothold.TunerOptions(devise=foothold.DeviceOptions())
        with self.assertRaisesRegex(ValueError, "trials: is 0, must be a whole number of at least 1"):
            foothold.TunerOptions(trials=0)
        with self.assertRaisesRegex(TypeError, 'trials: is "9", must be a whole number'):
            foothold.TunerOptions(trials="9")
        with self.assertRaisesRegex(TypeError, "verify: is 1, must be true or false"):
            foothold.TunerOptions(verify=1)
        with self.assertRaisesRegex(ValueError, "seed: is 18446744073709551616, must be"):
            foothold.TunerOptions(seed=2**64)
        with self.assertRaisesRegex(ValueError, 'knowledge: is "clairvoyant", must be blind, '):
            foothold.TunerOptions(knowledge="clairvoyant")
        with self.assertRaisesRegex(TypeError, "knowledge: is <Resume.NEVER"):
            foothold.TunerOptions(knowledge=foothold.Resume.NEVER)
        options = foothold.TunerOptions()
        with self.assertRaisesRegex(ValueError, "timeout_s: is nan, must be finite"):
            options.timeout_s = math.nan
        self.assertEqual(options.timeout_s, 60.0)
        task = foothold.function_task("f", small_space(), lambda a, b: 1.0)
        with self.assertRaisesRegex(ValueError, "trials"):
            self.tune(task, trials=0)
        with self.assertRaisesRegex(LookupError, "clairvoyant"):
            self.tune(task, searcher="clairvoyant")

    def test_options_are_those_that_are_declared(self):
        options = foothold.TunerOptions(
            seed=2**64 - 1, max_seconds=3, knowledge="hardware", resume=foothold.Resume.IGNORE_CHANGES
        )
        self.assertEqual(options.seed, 2**64 - 1)
        self.assertEqual(options.max_seconds, 3.0)
        self.assertEqual(options.knowledge, foothold.Knowledge.HARDWARE)
        self.assertEqual(options.resume, foothold.Resume.IGNORE_CHANGES)
        options.max_seconds = None
        self.assertIsNone(options.max_seconds)
        options.device.attempts = 5
        self.assertEqual(options.device.attempts, 5)
        self.assertIn("Another value starts a new run.", foothold.TunerOptions.batch_size.__doc__)
        self.assertNotIn("new run", foothold.TunerOptions.jobs.__doc__)
        for owner in (foothold.TunerOptions, foothold.DeviceOptions, foothold.RepeatOptions):
            for option in owner._options:
                if option["type"] != "part":
                    setattr(owner(), option["name"], option["default"])
                for name in option["names"]:
                    value = getattr(owner(**{option["name"]: name}), option["name"])
                    self.assertEqual(value.name, name.upper().replace("-", "_"))

    def test_other_threads_go_on_meanwhile(self):
        ticks = []
        done = threading.Event()

        def tick():
            while not done.wait(0.001):
                ticks.append(1)

        thread = threading.Thread(target=tick)
        thread.start()
        task = foothold.make_target("vta:pynq").prepare(foothold.workloads("resnet18.C8")[0])
        self.tune(task, trials=64, jobs=1)
        done.set()
        thread.join()
        self.assertGreater(len(ticks), 0)


class DemotionTest(WithLog):
    def test_who_fails_in_the_final_is_not_the_best(self):
        in_final = False

        def measure(a, b):
            if in_final and (a, b) == (1, 10):
                raise foothold.CandidateFailed("only before", stage="count")
            return 9.9 if (a, b) == (1, 10) else 10.0

        def watch(progress):
            nonlocal in_final
            in_final = progress.final is not None

        options = foothold.TunerOptions(trials=12)
        task = foothold.function_task("f", small_space(), measure)
        result = foothold.tune(
            task, searcher="random", log=self.log, options=options, on_progress=watch
        )
        self.assertNotEqual(result.best.config, {"a": 1, "b": 10})
        ((trial, reason),) = result.demoted.items()
        self.assertRegex(reason, "^count: was correct, and failed .*: only before$")
        (run,) = foothold.read_log(self.log)
        self.assertEqual(run.trials[trial].outcome, foothold.Outcome.RUNTIME)


class TableTest(WithLog):
    def tuned(self):
        def measure(a, b):
            if a == 3:
                raise foothold.CandidateFailed("three", stage="count")
            return foothold.RunResult([a * b], {"cycles": 7})

        self.tune(foothold.function_task("f", small_space(), measure, exact_times=True))
        return foothold.read_log(self.log)[0]

    def test_without_pandas_it_is_a_list_of_dicts(self):
        with mock.patch.dict(sys.modules, {"pandas": None}):
            rows = foothold.table(self.tuned())
        self.assertEqual(len(rows), 9)
        best = min((row for row in rows if row["seconds"]), key=lambda row: row["seconds"])
        self.assertEqual((best["a"], best["b"], best["outcome"]), (1, 10, "correct"))
        self.assertEqual(best["metrics.cycles"], 7)
        failed = next(row for row in rows if row["a"] == 3)
        self.assertEqual((failed["stage"], failed["reason"]), ("count", "three"))

    def test_with_pandas_it_is_a_frame(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas (Debian: python3-pandas) is not there")
        frame = foothold.table(self.tuned())
        self.assertEqual(len(frame), 9)
        best = frame.loc[frame["seconds"].idxmin()]
        self.assertEqual((best["a"], best["b"]), (1, 10))
        self.assertEqual(frame["outcome"].value_counts()["correct"], 6)


if __name__ == "__main__":
    unittest.main()

"""Tasks and searchers that are classes of the user's own. Run by ctest, which sets PYTHONPATH."""

import unittest

import foothold
from foothold import Constraint
from shared import WithLog, small_space


class TargetTaskTest(WithLog):
    class Task(foothold.TargetTask):
        def __init__(self):
            super().__init__(foothold.kernel("own"), small_space(), exact_times=True)

        def known_constraints(self):
            return [Constraint.where("b is below 40", ["b"], lambda b: b < 40)]

        def build(self, config):
            if config["b"] >= 40:
                raise foothold.CandidateFailed("too long", "compile", "fit")
            return [config["a"], config["b"]]

        def run(self, program, options):
            return foothold.RunResult([program[0] * 1e-3, program[1] * 1e-3], {"a": program[0]})

    def test_builds_and_runs(self):
        result = self.tune(self.Task())
        self.assertEqual(result.progress.outcomes, {"correct": 6, "compile": 3})
        self.assertEqual(result.best.seconds, [1e-3, 10e-3])
        self.assertEqual(result.best.metrics, {"a": 1.0})

    def test_known_constraints_are_used_when_asked_for(self):
        result = self.tune(self.Task(), knowledge=foothold.Knowledge.HARDWARE)
        self.assertEqual(result.progress.outcomes, {"correct": 6})

    def test_one_config_without_tuning(self):
        task = self.Task()
        self.assertEqual(task.run_config({"a": 2, "b": 20}).seconds, [2e-3, 20e-3])
        self.assertEqual(task.run_config({"a": 2, "b": 40}).stage, "fit")

    def test_an_exception_of_one_config_comes_out(self):
        task = foothold.function_task("f", small_space(), lambda a, b: 1 / 0)
        with self.assertRaises(ZeroDivisionError):
            task.run_config({"a": 1, "b": 10})
        failed = task.run_config({"a": 1, "b": 10}, catch=ZeroDivisionError)
        self.assertEqual(failed.outcome, foothold.Outcome.RUNTIME)
        other = foothold.function_task("g", small_space(), lambda a, b: 1.0, exact_times=True)
        self.assertEqual(self.tune(other).progress.outcomes, {"correct": 9})

    def test_a_task_without_run_fails_by_name(self):
        task = foothold.TargetTask(foothold.kernel("own"), small_space(), exact_times=True)
        with self.assertRaisesRegex(TypeError, "the task has no method run"):
            task.run_config({"a": 1, "b": 10})

    def test_a_builtin_target(self):
        self.assertIn("vta:pynq", [name for name, _ in foothold.list_targets()])
        target = foothold.make_target("vta:pynq")
        self.assertIsInstance(target, foothold.Target)
        workload = foothold.workloads("resnet18.C8")[0]
        task = target.prepare(workload)
        del target
        result = self.tune(task, trials=100)
        self.assertGreater(result.progress.outcomes["correct"], 0)
        self.assertEqual(foothold.read_log(self.log)[0].workload, workload)
        with self.assertRaisesRegex(LookupError, "no-such"):
            foothold.make_target("no-such")
        with self.assertRaises(ValueError):
            foothold.workloads("dense:nonsense")


class OwnSearcherTest(WithLog):
    class Listed(foothold.Searcher):
        name = "listed"

        def __init__(self, configs):
            self.configs = list(configs)
            self.observed = []

        def propose(self, count):
            taken, self.configs = self.configs[:count], self.configs[count:]
            return taken

        def observe(self, measurements):
            self.observed += [(m.config, m.median_seconds) for m in measurements]

    def task(self):
        return foothold.function_task("f", small_space(), lambda a, b: a * b, exact_times=True)

    def test_proposes_and_observes(self):
        searcher = self.Listed([{"a": 3, "b": 20}, {"a": 1, "b": 10}])
        result = self.tune(self.task(), searcher=searcher)
        self.assertEqual(searcher.observed, [({"a": 3, "b": 20}, 60.0), ({"a": 1, "b": 10}, 10.0)])
        self.assertEqual(result.best.config, {"a": 1, "b": 10})
        self.assertEqual(foothold.read_log(self.log)[0].searcher, "listed")

    def test_wrong_proposals_are_errors(self):
        for configs, message in [
            ([{"a": 1, "b": 80}], "invalid config"),
            ([{"a": 1, "b": 10}, {"a": 1, "b": 10}], "twice"),
            ([{"a": 1}], "no value"),
        ]:
            with self.assertRaisesRegex(ValueError, message):
                self.tune(self.task(), searcher=self.Listed(configs))

    def test_its_exceptions_come_out(self):
        class Broken(self.Listed):
            def observe(self, measurements):
                raise KeyError("lost")

        with self.assertRaisesRegex(KeyError, "lost"):
            self.tune(self.task(), searcher=Broken([{"a": 1, "b": 10}]))


if __name__ == "__main__":
    unittest.main()

"""An edited function is another one: a new run. The same one is resumed, which is said."""

import contextlib
import importlib
import io
import os
import sys
import tempfile
import textwrap
import unittest

import foothold
from foothold import Parameter, Space, _identity

SPACE = Space([Parameter("a", [1, 2, 3, 4])])


class EditedModule:
    """A module of the user's, written anew under the same name as an editor would."""

    def __init__(self, folder, name="edited"):
        self.path = os.path.join(folder, name + ".py")
        self.name = name

    def load(self, text):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
        sys.modules.pop(self.name, None)
        importlib.invalidate_caches()
        return importlib.import_module(self.name)


class IdentityTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.log = os.path.join(self.folder, "log.jsonl")
        sys.path.insert(0, self.folder)
        self.addCleanup(sys.path.remove, self.folder)
        self.addCleanup(sys.modules.pop, "edited", None)
        bytecode = sys.dont_write_bytecode
        sys.dont_write_bytecode = True
        self.addCleanup(setattr, sys, "dont_write_bytecode", bytecode)

    def tune(self, function, **more):
        self.said = ""
        task = function
        if not isinstance(function, foothold.TargetTask):
            task = foothold.function_task("f", SPACE, function, exact_times=True)
        options = foothold.TunerOptions(trials=4, **more)

        def on_start(start):
            self.said = str(start)

        return foothold.tune(
            task, searcher="random", log=self.log, options=options, on_start=on_start
        )

    def edit(self, before, after):
        """The runs of both texts' function `measure`, and what was said of the second."""
        module = EditedModule(self.folder)
        first = self.tune(module.load(before).measure)
        again = self.tune(module.load(before).measure)
        self.assertEqual((again.run, again.resumed), (first.run, 4))
        self.assertRegex(self.said, r"^resuming run \d+ of .*.jsonl: 4 of 4 trials$")
        return first, self.tune(module.load(after).measure)

    def assert_new(self, before, after, name):
        first, second = self.edit(before, after)
        self.assertEqual((second.run, second.resumed), (first.run + 1, 0), self.said)
        self.assertIn(name, [change[0] for change in second.start.changes])
        self.assertIn(f" changed since run {first.run} of ", self.said)

    def test_an_edited_function_is_no_stale_answer(self):
        first, second = self.edit(
            "def measure(a): return a * 1.0", "def measure(a): return 5.0 - a"
        )
        self.assertEqual(first.best.config, {"a": 1})
        self.assertEqual(second.best.config, {"a": 4})
        self.assertEqual(second.run, 2)
        self.assertEqual(second.start.changes[0][0], "function edited.measure")

    def test_where_it_stands_and_its_comments_do_not_matter(self):
        first, second = self.edit(
            "def measure(a): return a * 1.0",
            "# why\n\ndef measure(a):\n    # this\n    return a * 1.0",
        )
        self.assertEqual((second.run, second.resumed), (first.run, 4))

    def test_all_that_it_refers_to_counts(self):
        base = """
            from collections import namedtuple
            TABLE = {"n": [1, 2]}
            N = 2
            def helper(a, factor=2): return a * factor
            class Machine:
                cost = 3
                def seconds(self, a): return self.cost * helper(a) + N + len(TABLE["n"])
            def make():
                machine, offset = Machine(), 1
                return lambda a: 1.0 * machine.seconds(a) + offset
            measure = make()
            """
        for i, (before, after, name) in enumerate([
            ("[1, 2]", "[1, 2, 3]", "global TABLE"),
            ("N = 2", "N = 4", "global N"),
            ("a * factor", "a + factor", "function edited.helper"),
            ("factor=2", "factor=3", "function edited.helper"),
            ("cost = 3", "cost = 4", "class edited.Machine"),
            ("+ N", "- N + 4", "function edited.Machine.seconds"),
            ("offset = Machine(), 1", "offset = Machine(), 2", "variable offset of function edited.<lambda>"),
            ("1.0 *", "2.0 *", "function edited.<lambda>"),
        ]):
            with self.subTest(after=after):
                self.log = os.path.join(self.folder, f"log{i}.jsonl")
                self.assert_new(base, base.replace(before, after, 1), name)

    def test_modules_of_the_user_count_by_their_files(self):
        helper = EditedModule(self.folder, "edited_helper")
        self.addCleanup(sys.modules.pop, "edited_helper", None)
        main = "import edited_helper\ndef measure(a): return edited_helper.cost(a)"
        helper.load("def cost(a): return 1.0 * a")
        self.assertEqual(self.tune(EditedModule(self.folder).load(main).measure).run, 1)
        helper.load("def cost(a): return 2.0 * a")
        second = self.tune(EditedModule(self.folder).load(main).measure)
        self.assertEqual(second.run, 2)
        self.assertEqual([change[0] for change in second.start.changes], ["module edited_helper"])

    def test_data_that_the_function_itself_changes_does_not_count(self):
        calls = []

        def measure(a):
            calls.append(a)
            return 1.0 * a

        self.assertEqual(self.tune(measure).run, 1)
        self.assertEqual(len(calls), 4)
        self.assertEqual(self.tune(measure).resumed, 4)
        calls.append("by somebody else")
        self.assertEqual(self.tune(measure).run, 2)

    def test_attributes_of_a_task_count(self):
        class Task(foothold.TargetTask):
            def __init__(self, size):
                super().__init__(foothold.kernel("own"), SPACE, exact_times=True)
                self.size = size

            def run(self, program, options):
                self.last = program
                return 1.0 * self.size * program["a"]

        self.assertEqual(self.tune(Task(2)).run, 1)
        self.assertEqual(self.tune(Task(2)).resumed, 4)
        second = self.tune(Task(3))
        self.assertEqual((second.run, second.start.changes), (2, [("attribute size", "2", "3")]))

    def test_a_task_may_say_itself_what_it_depends_on(self):
        class Task(foothold.TargetTask):
            version = 1

            def __init__(self):
                super().__init__(foothold.kernel("own"), SPACE, exact_times=True)
                self.unstable = object()

            def depends_on(self):
                return {"board firmware": self.version}

            def run(self, program, options):
                return 1.0

        self.tune(Task())
        self.assertEqual(self.tune(Task()).resumed, 4)
        dependencies = foothold.read_log(self.log)[0].dependencies
        self.assertEqual(dependencies["board firmware"], "1")
        self.assertNotIn("class Task", dependencies)
        Task.version = 2
        self.assertEqual(self.tune(Task()).run, 2)

    def test_files_that_are_listed_count(self):
        path = os.path.join(self.folder, "data")
        for text, run in [("one", 1), ("one", 1), ("two", 2)]:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(self.tune(lambda a: 1.0 * a, depends=[path]).run, run)

    def test_resuming_is_printed_unless_it_is_taken(self):
        task = foothold.function_task("f", SPACE, lambda a: 1.0 * a, exact_times=True)
        for expected in ["", f"foothold: resuming run 1 of {self.log}: 4 of 4 trials\n"]:
            with contextlib.redirect_stderr(io.StringIO()) as stderr:
                foothold.tune(task, searcher="random", log=self.log)
            self.assertEqual(stderr.getvalue(), expected)

    def test_a_fresh_run_and_one_that_ignores_changes(self):
        def task(factor):
            return lambda a: 1.0 * a * factor

        self.assertEqual(self.tune(task(1)).run, 1)
        self.assertEqual(self.tune(task(1), resume=foothold.Resume.NEVER).run, 2)
        ignored = self.tune(task(3), resume=foothold.Resume.IGNORE_CHANGES)
        self.assertEqual((ignored.run, ignored.resumed), (2, 4))
        self.assertIn("though variable factor", self.said)

    def test_a_searcher_of_ones_own_counts(self):
        class InOrder(foothold.Searcher):
            name = "in order"

            def __init__(self, configs):
                self.left = list(configs)

            def propose(self, count):
                taken, self.left = self.left[:count], self.left[count:]
                return [{"a": a} for a in taken]

            def observe(self, measurements):
                pass

        task = foothold.function_task("f", SPACE, lambda a: 1.0 * a, exact_times=True)

        def tune(configs):
            return foothold.tune(
                task, searcher=InOrder(configs), log=self.log, on_start=lambda start: None
            )

        self.assertEqual(tune([1, 2, 3]).run, 1)
        self.assertEqual(tune([1, 2, 3]).resumed, 3)
        self.assertEqual(tune([3, 2, 1]).run, 2, "it would propose something else")

    def test_any_value_can_be_described(self):
        class Rude:
            def __getattribute__(self, name):
                raise RuntimeError("leave me alone")

        circle = []
        circle.append(circle)
        deep = []
        for _ in range(200):
            deep = [deep]
        for value in [Rude(), circle, deep, {1, "a"}, print, len, [].append, io, Rude, b"\xff", "\udcff"]:
            walk = _identity._Walk()
            self.assertIsInstance(walk.describe(value), str)
            self.assertEqual(_identity._Walk().describe(value), walk.describe(value))
        same = _identity._Walk().describe
        self.assertEqual(same({"a": 1, "b": 2}), same({"b": 2, "a": 1}))
        self.assertNotEqual(same(1), same(1.0))
        self.assertNotEqual(same(bytearray(b"1")), same(bytearray(b"2")))
        self.assertTrue(_identity._shown("'a secret'").startswith("sha256 "))


if __name__ == "__main__":
    unittest.main()

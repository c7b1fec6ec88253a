"""The programs of examples/python work as they are."""

import contextlib
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import unittest

EXAMPLES = os.path.join(os.environ["FOOTHOLD_SOURCES"], "examples", "python")


def run(name):
    """What the example prints."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(EXAMPLES, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(printed):
        module.main(os.path.join(folder, "log.jsonl"))
    return printed.getvalue()


class ExamplesTest(unittest.TestCase):
    def test_any_function(self):
        printed = run("any_function")
        self.assertIn("60 trials, best score 92.", printed)
        self.assertIn("runtime", printed)

    def test_ask_and_tell(self):
        self.assertRegex(run("ask_and_tell"), r"best: [0-4]\.0 ")

    def test_isolated(self):
        printed = run("isolated")
        self.assertIn("best: {'block': 32, 'unroll': 1}", printed)
        self.assertIn("3 failed: child.signal: killed by SIGSEGV", printed)
        self.assertIn("4 failed: child.timeout: ran longer than 0.5 s", printed)

    def test_conditional(self):
        printed = run("conditional")
        self.assertIn("14 configs\n", printed)
        self.assertIn("best: 4 ms {'layout': 'tiled', 'tile': 32, 'prefetch': 2}", printed)

    def test_constraints(self):
        printed = run("constraints")
        self.assertRegex(printed, r"^\d+ of 480 configs are valid\n")
        self.assertIn("broken: tile * buffers <= 128", printed)
        self.assertRegex(printed, "best: {'tile': 1[12].*'vector': (8|16), 'buffers': 1}")

    def test_many_processes(self):
        # The worker processes import the example by its name.
        path = os.path.join(EXAMPLES, "many_processes.py")
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log.jsonl")
            printed = subprocess.run(
                [sys.executable, "-B", path, log], check=True, capture_output=True, text=True
            ).stdout
        self.assertRegex(printed, "^True trials enough; the best is [0-9]")

    @unittest.skipIf(importlib.util.find_spec("optuna") is None, "Optuna is not installed")
    def test_in_optuna(self):
        self.assertRegex(run("in_optuna"), r"best: [01]\.")

    def test_all_of_them_are_tested(self):
        examples = {name[:-3] for name in os.listdir(EXAMPLES) if name.endswith(".py")}
        tests = {name[5:] for name in dir(self) if name.startswith("test_")}
        self.assertEqual(examples - tests, set())

    def test_tune_function(self):
        printed = run("tune_function")
        self.assertIn("best: {'block': ", printed)
        self.assertIn("'correctness': 4", printed)  # blocks of 7 and 50 leave a rest

    def test_own_target(self):
        # 48 tiles of 1,800 weights, the largest that fit, take 48 * (2 + 9) us.
        self.assertIn(", 0.528 ms\n", run("own_target"))

    def test_own_searcher(self):
        printed = run("own_searcher")
        self.assertRegex(printed, r"hill-climber +\d")
        self.assertRegex(printed, r"random +\d")


if __name__ == "__main__":
    unittest.main()

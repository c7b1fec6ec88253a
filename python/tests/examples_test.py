"""The programs of examples/python work as they are."""

import contextlib
import importlib.util
import io
import os
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

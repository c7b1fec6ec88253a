"""What several tests of the bindings use."""

import os
import tempfile
import unittest

import foothold
from foothold import Constraint, Parameter, Space


def small_space():
    return Space(
        [Parameter("a", [1, 2, 3]), Parameter("b", [10, 20, 40, 80])],
        [Constraint.where("a + b is below 60", ["a", "b"], lambda a, b: a + b < 60)],
    )


class WithLog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "log.jsonl")

    def tune(self, task, trials=12, searcher="random", **fields):
        options = foothold.TunerOptions(trials=trials, **fields)
        return foothold.tune(task, searcher=searcher, log=self.log, options=options)

"""Ctrl-C ends the tuning, also in the middle of a candidate, and the log goes on."""

import os
import signal
import tempfile
import unittest

import foothold


class InterruptTest(unittest.TestCase):
    def test_ends_a_candidate_that_never_ends(self):
        calls = []

        def measure(a):
            calls.append(a)
            if len(calls) == 5:
                os.kill(os.getpid(), signal.SIGINT)
                while True:
                    pass
            return float(a)

        space = foothold.Space([foothold.Parameter("a", list(range(1, 21)))])
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log.jsonl")
            rules = foothold.RepeatOptions(warm_ups=0, most_repeats=1, final_rounds=0)
            device = foothold.DeviceOptions(probe=False)
            options = foothold.TunerOptions(trials=20, jobs=1, repeats=rules, device=device)
            task = foothold.function_task("f", space, measure)
            with self.assertRaises(KeyboardInterrupt):
                foothold.tune(task, searcher="random", log=log, options=options)
            self.assertEqual(len(calls), 5)
            self.assertEqual(len(foothold.read_log(log)[0].trials), 4)

            result = foothold.tune(task, searcher="random", log=log, options=options)
            self.assertEqual((result.resumed, result.progress.finished), (4, 20))
            self.assertEqual(result.best.config, {"a": 1})

    def test_an_exit_of_a_candidate_ends_the_tuning(self):
        def leave(a):
            raise SystemExit(3)

        space = foothold.Space([foothold.Parameter("a", [1, 2])])
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log.jsonl")
            task = foothold.function_task("f", space, leave)
            with self.assertRaises(SystemExit):
                foothold.tune(task, searcher="random", log=log)
            self.assertEqual(foothold.read_log(log)[0].trials, [])


if __name__ == "__main__":
    unittest.main()

"""strategy() inside the real Kernel Tuner; skipped where it is not installed."""

import contextlib
import io
import json
import math
import os
import shutil
import tempfile
import unittest
import warnings

try:
    from kernel_tuner import tune_kernel
except ImportError:
    tune_kernel = None

import foothold.kernel_tuner

PARAMETERS = {
    "block_size_x": [16, 32, 64, 128, 256, 512],
    "tile": [1, 2, 3, 4, 5, 6, 7, 8],
    "unroll": [0.5, 1.0, 2.0],
    "layout": ["row", "column"],
}


def milliseconds(block, tile, unroll, layout):
    """None for what does not run: more than half."""
    if block * tile > 512:
        return None
    return 1 + abs(math.log2(block) - 6) + abs(tile - 6) / 4 + unroll / 10 + (layout == "row") / 2


def write_cache(path):
    cache = {}
    for block in PARAMETERS["block_size_x"]:
        for tile in PARAMETERS["tile"]:
            for unroll in PARAMETERS["unroll"]:
                for layout in PARAMETERS["layout"]:
                    config = (block, tile, unroll, layout)
                    time = milliseconds(*config)
                    entry = dict(zip(PARAMETERS, config))
                    entry |= {
                        "time": "RuntimeFailedConfig" if time is None else time,
                        "times": [] if time is None else [time],
                        "compile_time": 10,
                        "verification_time": 0,
                        "benchmark_time": 5,
                        "strategy_time": 0,
                        "framework_time": 0,
                        "timestamp": "2026-01-01 00:00:00+00:00",
                    }
                    cache[",".join(map(str, config))] = entry
    with open(path, "w", encoding="utf-8") as file:
        json.dump(
            {
                "schema_version": "1.0.0",
                "device_name": "Simulated",
                "kernel_name": "kernel",
                "problem_size": 4096,
                "tune_params_keys": list(PARAMETERS),
                "tune_params": PARAMETERS,
                "objective": "time",
                "cache": cache,
            },
            file,
        )


class SpaceTest(unittest.TestCase):
    def test_whole_numbers_keep_their_ratios_and_names_have_no_order(self):
        configs = [(64, "b", 0.5), (8, "a", 2.0), (8, "b", 0.5)]
        space, values = foothold.kernel_tuner.space_of(["x", "name", "f"], configs)
        self.assertEqual(len(space), 3)
        self.assertEqual(values, [[8, 64], ["b", "a"], [0.5, 2.0]])
        self.assertEqual([p.values for p in space.parameters], [[8, 64], [0, 1], [0, 1]])
        self.assertEqual([p.ordered for p in space.parameters], [True, False, True])


@unittest.skipIf(tune_kernel is None, "Kernel Tuner is not installed: pip install kernel_tuner")
class StrategyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = os.path.join(folder.name, "cache.json")

    def simulate(self, evaluations, seed=1, searcher="foothold"):
        """Results of Kernel Tuner's simulation mode."""
        write_cache(self.cache)
        with contextlib.redirect_stdout(io.StringIO()):
            results, _ = tune_kernel(
                "kernel",
                "",
                4096,
                [],
                dict(PARAMETERS),
                lang="C",
                cache=self.cache,
                simulation_mode=True,
                strategy=foothold.kernel_tuner.strategy(searcher=searcher, seed=seed),
                strategy_options={"max_fevals": evaluations},
                verbose=False,
            )
        return results

    def test_finds_the_best_of_a_recorded_space(self):
        results = self.simulate(100)
        self.assertEqual(len(results), 100)
        keys = {tuple(result[name] for name in PARAMETERS) for result in results}
        self.assertEqual(len(keys), 100)
        times = [result["time"] for result in results if isinstance(result["time"], float)]
        self.assertAlmostEqual(min(times), milliseconds(64, 6, 0.5, "column"))
        # Of the space, 60 in 100 fail.
        self.assertGreater(len(times), 60)

    def test_the_same_seed_gives_the_same_configs(self):
        def configs(seed):
            return [tuple(r[name] for name in PARAMETERS) for r in self.simulate(20, seed)]

        self.assertEqual(configs(3), configs(3))
        self.assertNotEqual(configs(3), configs(4))

    def test_ends_when_the_space_is_exhausted(self):
        self.assertEqual(len(self.simulate(100_000, searcher="random")), 6 * 8 * 3 * 2)

    @unittest.skipIf(shutil.which("g++") is None, "there is no g++")
    def test_tunes_a_c_function(self):
        # What is missing are arguments and thread blocks, which it needs none of.
        warnings.simplefilter("ignore", UserWarning)
        source = "extern \"C\" float kernel() { return 1.0f + (TILE - 3) * (TILE - 3); }"
        with contextlib.redirect_stdout(io.StringIO()):
            results, _ = tune_kernel(
                "kernel",
                source,
                1,
                [],
                {"TILE": [1, 2, 3, 4, 5]},
                lang="C",
                strategy=foothold.kernel_tuner.strategy(),
                strategy_options={"max_fevals": 5},
            )
        best = min(results, key=lambda result: result["time"])
        self.assertEqual((best["TILE"], best["time"]), (3, 1.0))


if __name__ == "__main__":
    unittest.main()

"""The README's picture shows what the command measures today, and a drawing shows what a run did.

usage: pictures_test.py [FOOTHOLD]      without a command to run, the committed picture is not compared
"""

import importlib.util
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

SOURCE = pathlib.Path(__file__).parents[2]
PICTURES = SOURCE / "docs" / "pictures"
FOOTHOLD = sys.argv.pop() if len(sys.argv) > 1 else None

spec = importlib.util.spec_from_file_location("draw_runs", PICTURES / "draw_runs.py")
draw_runs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(draw_runs)


class PicturesTest(unittest.TestCase):
    def test_the_committed_picture_is_what_the_command_measures(self):
        if FOOTHOLD is None:
            self.skipTest("needs a release build with XGBoost")
        with tempfile.TemporaryDirectory() as folder:
            draw_runs.main(FOOTHOLD, folder)
            for drawn in pathlib.Path(folder).iterdir():
                committed = (PICTURES / drawn.name).read_text(encoding="utf-8")
                self.assertEqual(drawn.read_text(encoding="utf-8"), committed, "run ./dev docs")

    def test_draws_the_best_so_far_and_each_failure(self):
        run = draw_runs.Run("foothold", [None, 10.0, None, 8.0, 20.0], builds=7)
        self.assertEqual(run.best_so_far(), [0, 10, 10, 10, 20])
        self.assertEqual(
            draw_runs.strip_label(run),
            "foothold: 2 of 5 measurements failed, after 7 builds without a measurement; then it stopped by itself",
        )
        svg = xml.etree.ElementTree.fromstring(draw_runs.draw([run], draw_runs.THEMES["light"]))
        strokes = {path.get("stroke"): path.get("d") for path in svg.iter("{http://www.w3.org/2000/svg}path")}
        self.assertEqual(strokes[draw_runs.THEMES["light"]["failed"]].count("M"), 2)
        self.assertEqual(strokes[draw_runs.THEMES["light"]["foothold"]].count("M"), 3)

    def test_a_run_without_a_correct_config_is_a_flat_line(self):
        svg = draw_runs.draw([draw_runs.Run("random", [None] * 4, builds=0)], draw_runs.THEMES["dark"])
        self.assertIn("random: 4 of 4 measurements failed", svg)


if __name__ == "__main__":
    unittest.main()

"""The picture and the table of docs/architecture.md are those of the declared modules, and the check can fail.

usage: architecture_test.py MODULES_TXT
"""

import importlib.util
import pathlib
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).parents[2]

spec = importlib.util.spec_from_file_location("floors", SOURCE / "docs" / "pictures" / "floors.py")
floors = importlib.util.module_from_spec(spec)
spec.loader.exec_module(floors)

MODULES = "base||status.h\ncore/space|base|space.h\ncore/target|base;core/space|\ntune|base;core/target|\n"


class ArchitectureTest(unittest.TestCase):
    def test_page_is_up_to_date(self):
        if floors.leaves_out_modules(modules_txt, SOURCE):
            self.skipTest("this build leaves out some modules")
        self.assertEqual(floors.main(modules_txt, SOURCE / "docs", check=True), 0)

    def test_floors_stand_on_what_they_use(self):
        read = floors.read_floors(MODULES)
        floors.set_heights(read)
        self.assertEqual({name: floor.height for name, floor in read.items()}, {"base": 0, "core": 1, "tune": 2})
        self.assertEqual(read["core"].modules, ["space", "target"])
        self.assertEqual(floors.drawn_arrows(read), [("core", "base"), ("tune", "core")])

    def test_circles_and_unknown_floors_are_errors(self):
        read = floors.read_floors("base|tune|\ntune|base|\n")
        with self.assertRaisesRegex(ValueError, "a circle of floors: base uses tune uses base"):
            floors.set_heights(read)
        with self.assertRaisesRegex(ValueError, "tune uses core, which is not declared"):
            floors.read_floors("tune|core/space|\n")

    def test_check_finds_what_is_out_of_date(self):
        with tempfile.TemporaryDirectory() as folder:
            docs = pathlib.Path(folder)
            (docs / "pictures").mkdir()
            page = docs / "architecture.md"
            page.write_text(f"# A\n\n{floors.BEGIN}\n{floors.END}\nbehind\n", encoding="utf-8")
            modules = docs / "modules.txt"
            modules.write_text(MODULES, encoding="utf-8")
            self.assertEqual(floors.main(modules, docs, check=True), 1)
            self.assertNotIn("`space`", page.read_text(encoding="utf-8"))
            self.assertEqual(floors.main(modules, docs, check=False), 0)
            self.assertEqual(floors.main(modules, docs, check=True), 0)
            self.assertIn("`space`, `target`", page.read_text(encoding="utf-8"))
            self.assertTrue(page.read_text(encoding="utf-8").endswith("behind\n"))
            modules.write_text(MODULES + "cli|tune|\n", encoding="utf-8")
            self.assertEqual(floors.main(modules, docs, check=True), 1)


if __name__ == "__main__":
    modules_txt = pathlib.Path(sys.argv.pop(1))
    unittest.main()

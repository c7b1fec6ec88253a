"""The site can be built from the pages, and its link check finds what is broken."""

import importlib.util
import pathlib
import shutil
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).parents[2]

sys.path.insert(0, str(SOURCE / "docs" / "site"))  # what it imports
spec = importlib.util.spec_from_file_location("build_site", SOURCE / "docs" / "site" / "build_site.py")
build_site = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build_site)


class SiteTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_is_built_without_broken_links(self):
        if shutil.which("mkdocs") is None:
            self.skipTest("mkdocs (Debian: mkdocs) is not installed")
        self.assertEqual(build_site.main(SOURCE, self.folder), 0)
        site = self.folder / "html"
        self.assertIn("Foothold", (site / "index.html").read_text(encoding="utf-8"))
        self.assertTrue((site / "include" / "foothold" / "tuner.html").exists())

    def test_the_python_reference_has_every_public_name(self):
        package = SOURCE / "python" / "foothold"
        page = build_site.api_reference.python_page(package)
        for name in build_site.api_reference.exported(package):
            self.assertIn(f"## {name}\n", page)
        self.assertIn("tell(", page)
        self.assertIn("# foothold.optuna", page)
        self.assertNotIn("## _", page)

    def test_a_public_name_that_nothing_defines_is_found(self):
        for name, text in {
            "__init__.py": '__all__ = ["Here", "There"]', "_core.pyi": "class Here:\n    size: int",
            "optuna.py": "", "kernel_tuner.py": "", "mlflow.py": "", "tensorboard.py": "",
        }.items():
            (self.folder / name).write_text(text)
        with self.assertRaisesRegex(ValueError, "names There"):
            build_site.api_reference.python_page(self.folder)

    def test_the_cpp_reference_is_made_without_a_complaint(self):
        complaints = build_site.api_reference.write_cpp(SOURCE, self.folder)
        if complaints is None:
            self.skipTest("doxygen (Debian: doxygen) is not installed")
        self.assertEqual(complaints, "")
        self.assertTrue((self.folder / "classfoothold_1_1Space.html").exists())

    def test_finds_broken_links_and_anchors(self):
        (self.folder / "a.html").write_text(
            '<p id="here"><a href="b.html#there">b</a><a href="#here">a</a></p>'
            '<a href="c.html">c</a><a href="b.html#nowhere">b</a><a href="https://example.org">x</a>'
        )
        (self.folder / "b.html").write_text('<p id="there"></p>')
        self.assertEqual(
            list(build_site.broken_links(self.folder)),
            [
                "a.html: c.html: there is no such file",
                "a.html: b.html#nowhere: there is no such anchor",
            ],
        )

    def test_links_to_what_the_site_does_not_have_become_text(self):
        (self.folder / "examples").mkdir()
        (self.folder / "examples" / "README.md").write_text("# Examples\n")
        text = "[a](examples) [b](src/x) [c](#d)\n```sh\n[a](examples)\n```\n[e](examples/README.md#f)\n"
        self.assertEqual(
            build_site.with_site_links(self.folder, pathlib.Path("page.md"), text),
            "[a](examples/README.md) b [c](#d)\n```sh\n[a](examples)\n```\n[e](examples/README.md#f)\n",
        )


if __name__ == "__main__":
    unittest.main()

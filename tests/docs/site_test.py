"""The site can be built from the pages, and its link check finds what is broken."""

import importlib.util
import pathlib
import shutil
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).parents[2]

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

"""The example of the README works as it stands there, and prints what stands below it."""

import contextlib
import io
import os
import re
import tempfile
import unittest

README = os.path.join(os.environ["FOOTHOLD_SOURCES"], "README.md")
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class ReadmeTest(unittest.TestCase):
    def test_the_example_prints_what_stands_below_it(self):
        with open(README, encoding="utf-8") as file:
            examples = EXAMPLE.findall(file.read())
        self.assertEqual(len(examples), 1)
        code, shown = examples[0]
        printed = io.StringIO()
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(printed):
            os.chdir(folder)
            try:
                exec(compile(code, README, "exec"), {})
            finally:
                os.chdir(before)
        self.assertEqual(printed.getvalue(), shown)


if __name__ == "__main__":
    unittest.main()

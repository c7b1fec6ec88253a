"""The package carries the command, and starting it from Python changes nothing about it."""

import os
import subprocess
import sys
import tempfile
import unittest

import foothold

COMMAND = [sys.executable, "-m", "foothold"]


class CommandTest(unittest.TestCase):
    def run_command(self, *arguments, **options):
        return subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, **options
        )

    def test_has_the_version_of_the_package(self):
        done = self.run_command("--version")
        self.assertEqual((done.returncode, done.stdout), (0, f"foothold {foothold.__version__}\n"))

    def test_hands_on_arguments_and_the_exit_code(self):
        done = self.run_command("tune", "no such layer", "--target", "vta:pynq")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such layer", done.stderr)

    def test_tunes_in_the_current_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_command(
                *"tune lstm.dense --target vta:pynq --trials 8 --log here.jsonl".split(), cwd=folder
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            runs = foothold.read_log(os.path.join(folder, "here.jsonl"))
        self.assertEqual(len(runs), 1)

    def test_ends_when_nobody_reads_on(self):
        # As the command does without Python between: it says what it could not write.
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "w") as closed:
            done = subprocess.run(
                [*COMMAND, "list", "workloads"], stdout=closed, stderr=subprocess.PIPE, text=True, timeout=120
            )
        self.assertEqual(
            (done.returncode, done.stderr), (3, "foothold: standard output: cannot write: Broken pipe\n")
        )


if __name__ == "__main__":
    unittest.main()

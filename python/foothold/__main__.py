"""The command foothold: as `python -m foothold`, and as the script that pip installs."""

import os
import signal
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "foothold")


def main() -> None:
    """Becomes the program that lies in the package, so that signals and the exit code are its own."""
    # Python ignores these, and what a process ignores stays ignored in the program that it becomes.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execv(PROGRAM, [PROGRAM, *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"foothold: cannot start {PROGRAM}: {error.strerror}; install the package again")


if __name__ == "__main__":
    main()

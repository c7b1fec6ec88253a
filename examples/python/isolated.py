"""Evaluates configs that crash, hang and eat memory, each in a child process of its own."""

import os
import signal
import sys
import time

import foothold


def unreliable(block, unroll):
    if block * unroll > 64:
        os.kill(os.getpid(), signal.SIGSEGV)  # stands for native code that writes out of bounds
    if block == 3:
        time.sleep(60)
    return 10 / block + unroll / 10


def main(log):
    study = foothold.Study({"block": [1, 2, 3, 4, 8, 16, 32], "unroll": [1, 2, 4, 8]}, log)
    study.optimize(unreliable, trials=28, jobs=2, isolate=True, timeout_s=0.5, memory_mb=256)
    print("best:", study.best.config)
    for count, reason in study.failures():
        print(f"{count} failed: {reason}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "isolated.jsonl")

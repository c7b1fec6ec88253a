"""Tunes a function: a blocked sum of products whose blocks must divide its length."""

import sys
import time

import foothold

LENGTH = 960
LEFT = [1 + i % 7 for i in range(LENGTH)]
RIGHT = [1 + i % 5 for i in range(LENGTH)]
EXPECTED = sum(a * b for a, b in zip(LEFT, RIGHT))


def blocked_product(block, by_index):
    total = 0
    for start in range(0, LENGTH - block + 1, block):  # a rest is left out: wrong, and found out
        if by_index:
            for i in range(start, start + block):
                total += LEFT[i] * RIGHT[i]
        else:
            end = start + block
            total += sum(a * b for a, b in zip(LEFT[start:end], RIGHT[start:end]))
    return total


def measure(block, by_index):
    start = time.perf_counter()
    product = blocked_product(block, by_index)
    seconds = time.perf_counter() - start
    if product != EXPECTED:
        raise foothold.CandidateFailed(f"{product} instead of {EXPECTED}", outcome="correctness")
    return seconds


def main(log):
    space = foothold.Space(
        [
            foothold.Parameter("block", [1, 4, 7, 16, 50, 64, 120, 480, 960]),
            foothold.Parameter("by_index", [0, 1]),
        ]
    )
    task = foothold.function_task("blocked product", space, measure)
    options = foothold.TunerOptions(trials=18, repeats=foothold.RepeatOptions(final_seconds=1))
    result = foothold.tune(task, log=log, options=options)
    print("best:", result.best.config)
    print("outcomes:", result.progress.outcomes)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tune_function.jsonl")

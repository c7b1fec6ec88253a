"""One study, several worker processes: each gets the study as an argument and asks it for work."""

import concurrent.futures
import multiprocessing
import sys

import foothold


def work(study, trials):
    while study.trial_count < trials:
        trial = study.ask()
        if trial is None:
            return
        study.tell(trial, abs(trial["a"] * trial["b"] - 391))


def main(log):
    study = foothold.Study({"a": range(2, 40), "b": range(2, 40)}, log)
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(3, mp_context=spawn) as pool:
        for done in [pool.submit(work, study, 60) for _ in range(3)]:
            done.result()
    print(study.trial_count >= 60, "trials enough; the best is", study.best.value, "away from 391")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "many_processes.jsonl")

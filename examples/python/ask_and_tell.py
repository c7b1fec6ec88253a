"""Evaluates configs where and when it suits, and tells what came of them in any order."""

import random
import sys

import foothold


def main(log):
    study = foothold.Study({"x": range(-20, 21), "y": range(-20, 21)}, log)
    # What is known already need not be evaluated.
    study.tell(study.ask({"x": 0, "y": 0}), 25 + 9)
    under_way = []
    dice = random.Random(1)
    while study.trial_count < 60:
        while len(under_way) < 4:  # four machines
            under_way.append(study.ask())
        trial = under_way.pop(dice.randrange(4))  # whoever is done first
        if dice.random() < 0.1:
            study.withdraw(trial)  # its machine was lost: it is asked again
        else:
            study.tell(trial, (trial["x"] - 5) ** 2 + (trial["y"] + 3) ** 2)
    print("best:", study.best.value, study.best.config)
    study.close()  # withdraws what is under way


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "ask_and_tell.jsonl")

"""Maximises any number: here the score of a classifier of which nobody knows how it depends on its settings."""

import math
import sys

import foothold


def score(layers, activation, rate, normalise):
    if activation == "gelu" and not normalise:
        raise foothold.Failed("the loss is no number")
    best_rate = 0.003 if activation == "relu" else 0.03
    return 90 - (layers - 6) ** 2 - 5 * abs(math.log10(rate / best_rate)) + 3 * normalise


def main(log):
    study = foothold.Study(
        {
            "layers": range(1, 13),
            "activation": ["relu", "gelu", "tanh"],  # no order
            "rate": foothold.real(1e-5, 1, log=True),
            "normalise": [False, True],
        },
        log,
        objective="score",
        unit="%",
        goal="maximise",
    )
    study.optimize(score, trials=60)
    print(study.summary())
    print("best:", study.best.config)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "any_function.jsonl")

"""What configs must meet, as expressions and as functions; and what a space can say of itself."""

import sys

import foothold


def divides(tile, vector):
    return tile % vector == 0


def main(log):
    space = foothold.Space(
        {"tile": range(4, 129, 4), "vector": [1, 2, 4, 8, 16], "buffers": [1, 2, 3]},
        ["tile * buffers <= 128", "vector <= 8 or buffers == 1", divides],
    )
    print(len(space), "of", space.raw_size, "configs are valid")
    print("broken:", space.first_broken({"tile": 68, "vector": 4, "buffers": 2}))
    study = foothold.Study(space, log, unit="s")
    study.optimize(lambda tile, vector, buffers: 1 / (tile * vector) + 0.001 * buffers, trials=40)
    print("best:", study.best.config)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "constraints.jsonl")

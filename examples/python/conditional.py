"""Parameters that are there only where another one has a certain value."""

import sys

import foothold


def milliseconds(layout, tile=1, prefetch=0):
    if layout == "row":
        return 9.0
    return 4 + abs(tile - 32) / 8 + abs(prefetch - 2) / 2


def main(log):
    study = foothold.Study(
        {
            "layout": ["row", "tiled"],
            "tile": foothold.choice([8, 16, 32, 64], ordered=True, when="layout == 'tiled'"),
            "prefetch": foothold.whole(1, 4, when=lambda tile: tile >= 16),
        },
        log,
        unit="ms",
    )
    print(len(study.space), "configs")  # 1 by row, 1 of tiles of 8, 3 * 4 of larger ones
    study.optimize(milliseconds, trials=14)
    print("best:", study.describe(study.best.value), study.best.config)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "conditional.jsonl")

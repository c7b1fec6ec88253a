"""A target of our own: a machine with a scratchpad of 2 KiB, as examples/library/own_target.cc."""

import sys

import foothold

SCRATCHPAD_BYTES = 2048
SECONDS_PER_TRANSFER = 2e-6
BYTES_PER_SECOND = 200e6
OUT, IN = 240, 360


def divisors(number):
    return [i for i in range(1, number + 1) if number % i == 0]


class Program:
    """What our compiler makes of a config. Its metrics are features for the searchers."""

    def __init__(self, tile_out, tile_in):
        self.tile_bytes = tile_out * tile_in
        self.tiles = (OUT // tile_out) * (IN // tile_in)
        self.metrics = {"tiles": self.tiles, "tile_bytes": self.tile_bytes}


class ScratchpadTask(foothold.TargetTask):
    def __init__(self, workload):
        space = foothold.Space(
            [
                foothold.Parameter("tile_out", divisors(OUT)),
                foothold.Parameter("tile_in", divisors(IN)),
            ]
        )
        super().__init__(workload, space, exact_times=True)

    def build(self, config):
        out, inner = config["tile_out"], config["tile_in"]
        needed = out * inner + inner + 4 * out
        if needed > SCRATCHPAD_BYTES:
            raise foothold.CandidateFailed(
                f"scratchpad: needs {needed} B of {SCRATCHPAD_BYTES} B", "compile", "fit"
            )
        return Program(out, inner)

    def run(self, program, options):
        transfer = SECONDS_PER_TRANSFER + program.tile_bytes / BYTES_PER_SECOND
        return program.tiles * transfer


class ScratchpadTarget(foothold.Target):
    name = "scratchpad"

    def prepare(self, workload):
        if workload.operator != "dense":
            raise ValueError("scratchpad takes dense layers")
        return ScratchpadTask(workload)


def main(log):
    target = ScratchpadTarget()
    task = target.prepare(foothold.workloads(f"dense:1x{IN},{OUT}")[0])
    result = foothold.tune(
        task,
        searcher="foothold",
        log=log,
        target_name=target.name,
        options=foothold.TunerOptions(trials=100),
    )
    print(f"best: {result.best.config}, {result.best.median_seconds * 1e3:.3f} ms")
    print(foothold.table(foothold.read_log(log)[0]))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "own_target.jsonl")

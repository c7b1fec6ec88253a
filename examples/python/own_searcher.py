"""A searcher of our own, compared with `random` on a layer of ResNet-18 and the simulated VTA."""

import sys

import foothold


class HillClimber(foothold.Searcher):
    """Climbs from the best config to its neighbours; from a summit it goes elsewhere."""

    name = "hill-climber"

    def __init__(self, space, seed):
        self.space = space
        self.rng = foothold.Rng(seed)
        self.proposed = set()
        self.top = None

    def propose(self, count):
        proposals = []
        if self.top is not None:
            for neighbour in self.space.neighbours(self.top.config):
                self.add(neighbour, count, proposals)
        if not proposals:
            self.top = None
        while len(proposals) < count and len(self.proposed) < self.space.valid_count:
            self.add(self.space.sample(self.rng), count, proposals)
        return proposals

    def observe(self, measurements):
        for measurement in measurements:
            if measurement.outcome != foothold.Outcome.CORRECT:
                continue
            if self.top is None or measurement.median_seconds < self.top.median_seconds:
                self.top = measurement

    def add(self, config, count, proposals):
        index = self.space.index_of(config)
        if len(proposals) < count and index not in self.proposed:
            self.proposed.add(index)
            proposals.append(config)


def main(log):
    task = foothold.make_target("vta:pynq").prepare(foothold.workloads("resnet18.C8")[0])
    options = foothold.TunerOptions(trials=200)
    for searcher in (HillClimber(task.space, options.seed), "random"):
        result = foothold.tune(
            task, searcher=searcher, log=log, options=options, target_name="vta:pynq"
        )
        name = searcher if isinstance(searcher, str) else searcher.name
        print(f"{name:12} {result.best.median_seconds * 1e3:.3f} ms")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "own_searcher.jsonl")

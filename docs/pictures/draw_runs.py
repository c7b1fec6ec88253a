#!/usr/bin/env python3
"""Draws the README's picture: what three searchers measure on one layer, for light and dark pages.

usage: draw_runs.py FOOTHOLD FOLDER      writes FOLDER/runs-light.svg and FOLDER/runs-dark.svg

FOOTHOLD is the command, which is run for the figures. The layer and the machine are simulated, so the same version of
Foothold makes the same picture everywhere. `./dev docs` calls this.
"""

import html
import json
import pathlib
import subprocess
import sys
import tempfile

LAYER = "deepbench.05"
TARGET = "vta:pynq:extended"
TRIALS = 300
SEARCHERS = ("foothold", "autotvm", "random")

THEMES = {
    "light": {
        "text": "#1f2328", "faint": "#656d76", "grid": "#d8dee4", "failed": "#e4e7ea",
        "foothold": "#0072b2", "autotvm": "#c35500", "random": "#6e7781",
    },
    "dark": {
        "text": "#e6edf3", "faint": "#9198a1", "grid": "#30363d", "failed": "#2b3138",
        "foothold": "#56b4e9", "autotvm": "#e69f00", "random": "#9da5ae",
    },
}

WIDTH, HEIGHT = 880, 460
LEFT, RIGHT = 64, 800  # of the measurements' axis
TOP, BOTTOM = 56, 280  # of the speeds' axis
STRIP, STRIP_STEP, STRIP_HEIGHT = 350, 36, 16


class Run:
    """One searcher's measurements in order: the speed of each in GOPS, None for those that failed.

    builds: how many configs it had built and not run.
    """

    def __init__(self, name, speeds, builds):
        self.name = name
        self.speeds = speeds
        self.builds = builds

    def best_so_far(self):
        """The best speed after each measurement; 0 before the first correct one."""
        best, after = 0, []
        for speed in self.speeds:
            best = max(best, speed or 0)
            after.append(best)
        return after

    def failed(self):
        return self.speeds.count(None)


def measure(foothold, searcher, folder):
    log = folder / f"{searcher}.jsonl"
    command = [foothold, "tune", LAYER, "--target", TARGET, "--searcher", searcher, "--json"]
    command += ["--trials", str(TRIALS), "--seed", "1", "--log", str(log)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    best = json.loads(done.stdout)["results"][0]["best"]
    giga_operations = best["gops"] * best["seconds"]
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    trials = [record for record in records if record["type"] == "trial"]
    speeds = [giga_operations / trial["seconds"][0] if trial["outcome"] == "correct" else None for trial in trials]
    return Run(searcher, speeds, sum(record["type"] == "build" for record in records))


class Drawing:
    """SVG elements, one a line."""

    def __init__(self, title, description):
        self.lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="system-ui, sans-serif" font-size="13">',
            f"<title>{html.escape(title)}</title>",
            f"<desc>{html.escape(description)}</desc>",
        ]

    def text(self, x, y, text, colour, anchor="start", extra=""):
        self.lines.append(
            f'<text x="{x:g}" y="{y:g}" fill="{colour}" text-anchor="{anchor}"{extra}>{html.escape(text)}</text>'
        )

    def path(self, steps, colour, width, extra=""):
        self.lines.append(f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{width}"{extra}/>')

    def to_svg(self):
        return "\n".join([*self.lines, "</svg>", ""])


def x_of(measurement):
    return LEFT + (RIGHT - LEFT) * measurement / TRIALS


def y_of(speed, top_speed):
    return BOTTOM - (BOTTOM - TOP) * speed / top_speed


def draw_axes(drawing, theme, top_speed):
    for speed in range(0, top_speed + 1, 10):
        y = y_of(speed, top_speed)
        drawing.path(f"M{LEFT} {y:g}H{RIGHT}", theme["grid"], 1)
        drawing.text(LEFT - 8, y + 4, str(speed), theme["faint"], "end")
    for measurement in range(0, TRIALS + 1, 50):
        drawing.text(x_of(measurement), BOTTOM + 18, str(measurement), theme["faint"], "middle")
    drawing.text(LEFT, TOP - 14, "best speed so far, GOPS", theme["faint"])
    drawing.text(RIGHT, BOTTOM + 36, "measurements", theme["faint"], "end")


def draw_best(drawing, theme, run, top_speed):
    steps, y = f"M{x_of(0):g} {y_of(0, top_speed):g}", None
    for i, best in enumerate(run.best_so_far()):
        if y_of(best, top_speed) != y:
            y = y_of(best, top_speed)
            steps += f"H{x_of(i + 1):.1f}V{y:.1f}"
    end = x_of(len(run.speeds))
    drawing.path(steps + f"H{end:.1f}", theme[run.name], 2.5, ' stroke-linejoin="round"')
    if len(run.speeds) < TRIALS:
        drawing.lines.append(f'<circle cx="{end:.1f}" cy="{y:.1f}" r="4.5" fill="{theme[run.name]}"/>')


def draw_strip(drawing, theme, run, y):
    """One cell a measurement: filled where the config worked."""
    for colour, worked in ((theme["failed"], False), (theme[run.name], True)):
        cells = [i for i, speed in enumerate(run.speeds) if (speed is not None) == worked]
        width = x_of(1) - x_of(0)
        steps = "".join(f"M{x_of(i) + width / 2:.1f} {y}v{STRIP_HEIGHT}" for i in cells)
        if steps:
            drawing.path(steps, colour, f"{width * 0.8:.2f}")
    drawing.text(LEFT, y - 5, strip_label(run), theme[run.name])


def strip_label(run):
    count = len(run.speeds)
    label = f"{run.name}: {run.failed()} of {count} measurements failed"
    if run.builds > 0:
        label += f", after {run.builds:,} builds without a measurement"
    return label if count == TRIALS else label + "; then it stopped by itself"


def draw(runs, theme):
    top_speed = max(10, -(-max(run.best_so_far()[-1] for run in runs) // 10) * 10)
    description = "; ".join(f"{strip_label(run)}, best {run.best_so_far()[-1]:.1f} GOPS" for run in runs)
    drawing = Drawing(f"Tuning {LAYER} on {TARGET} with three searchers", description)
    heading = f"Tuning {LAYER} on {TARGET}: one run of each searcher"
    drawing.text(LEFT, 22, heading, theme["text"], extra=' font-size="16" font-weight="600"')
    draw_axes(drawing, theme, int(top_speed))
    for run in reversed(runs):
        draw_best(drawing, theme, run, top_speed)
    for i, run in enumerate(runs):
        draw_strip(drawing, theme, run, STRIP + i * STRIP_STEP)
    return drawing.to_svg()


def main(foothold, out):
    with tempfile.TemporaryDirectory() as folder:
        runs = [measure(foothold, searcher, pathlib.Path(folder)) for searcher in SEARCHERS]
    for name, theme in THEMES.items():
        (pathlib.Path(out) / f"runs-{name}.svg").write_text(draw(runs, theme), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: draw_runs.py FOOTHOLD FOLDER")
    main(*sys.argv[1:])

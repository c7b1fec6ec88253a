"""Draws the floors of docs/architecture.md from the modules that the CMakeLists.txt files declare.

usage: floors.py MODULES_TXT DOCS [--check]

MODULES_TXT is modules.txt of a build tree. Writes DOCS/pictures/floors.svg and the table between the markers of
DOCS/architecture.md. With --check it writes nothing, and fails where a file is not what it would write. A build that
leaves out some modules changes nothing.
"""

import pathlib
import sys
from xml.sax.saxutils import escape

# What each floor is for, in the order in which a newcomer reads them.
PURPOSES = {
    "base": "errors, random numbers, JSON, options, statistics, tables",
    "process": "the outside world: files, clocks, child processes and their limits, cgroups",
    "core": "the shared vocabulary: spaces, workloads, targets",
    "models": "what is fitted and predicts; no searcher inside",
    "search": "searchers: they propose configs and learn from what became of them",
    "records": "Foothold's own files: record logs, explorations",
    "formats": "files of other programs: tuners' results, networks",
    "targets": "one folder for each kind of hardware; none knows another",
    "measure": "runners: they build and run candidates, with repeats and time limits",
    "tune": "the loop: propose, measure, log, observe",
    "network": "whole networks: graphs, their passes, and what they compute",
    "report": "reads records; runs nothing",
    "cli": "the commands",
    "studies": "`foothold-study`: may use everything, used by nothing",
}
BEGIN = "<!-- Written by docs/pictures/floors.py: do not edit. -->"
END = "<!-- End of what docs/pictures/floors.py writes. -->"

BOX_WIDTH, LINE, GAP_X, GAP_Y, MARGIN = 230, 15, 26, 46, 12
MODULES_A_LINE = 2
SWEEPS = 8


class Floor:
    """A folder of modules. `uses` are the floors whose modules its modules use."""

    def __init__(self, name):
        self.name = name
        self.modules = []
        self.uses = set()
        self.height = 0  # 0 uses nothing; every other floor is one above the highest that it uses


def read_floors(text):
    """The floors of a modules.txt, in its order, which is from the bottom up."""
    floors = {}
    for line in text.splitlines():
        module, uses, *_rest = line.split("|")
        name = module.split("/")[0]
        floor = floors.setdefault(name, Floor(name))
        if module != name:
            floor.modules.append(module.removeprefix(name + "/"))
        floor.uses |= {used.split("/")[0] for used in uses.split(";") if used} - {name}
    for floor in floors.values():
        unknown = floor.uses - set(floors)
        if unknown:
            raise ValueError(f"{floor.name} uses {', '.join(sorted(unknown))}, which is not declared")
    return floors


def set_heights(floors):
    """Puts each floor above those that it uses. ValueError when they use each other in a circle."""

    def height_of(floor, above):
        if floor.name in above:
            raise ValueError("a circle of floors: " + " uses ".join([*above, floor.name]))
        return max((height_of(floors[used], [*above, floor.name]) + 1 for used in floor.uses), default=0)

    for floor in floors.values():
        floor.height = height_of(floor, [])


def reachable(floors, name):
    found = set()
    for used in floors[name].uses:
        found |= {used} | reachable(floors, used)
    return found


def drawn_arrows(floors):
    """What each floor uses, without what it reaches through another floor anyway."""
    arrows = []
    for floor in floors.values():
        through_others = set()
        for used in floor.uses:
            through_others |= reachable(floors, used)
        arrows += [(floor.name, used) for used in sorted(floor.uses - through_others)]
    return arrows


def lines_of(floor):
    """The text below a floor's name: its modules, a few a line."""
    names = floor.modules
    return [", ".join(names[i : i + MODULES_A_LINE]) for i in range(0, len(names), MODULES_A_LINE)]


def centres(row):
    """Where a row's boxes stand, in box widths from the picture's middle."""
    return {floor.name: i - (len(row) - 1) / 2 for i, floor in enumerate(row)}


def rows_of(floors):
    """The floors by height, each row ordered so that arrows are short: near the mean of their other ends."""
    rows = {}
    for floor in floors.values():
        rows.setdefault(floor.height, []).append(floor)
    ends = {name: [] for name in floors}
    for above, below in drawn_arrows(floors):
        ends[above].append(below)
        ends[below].append(above)
    for _ in range(SWEEPS):
        for height in sorted(rows):
            at = {name: x for row in rows.values() for name, x in centres(row).items()}
            rows[height].sort(key=lambda floor: sum(at[end] for end in ends[floor.name]) / max(1, len(ends[floor.name])))
    return rows


def place(floors):
    """The boxes as name -> (x, y, height), and the size of the picture."""
    rows = rows_of(floors)
    widest = max(len(row) for row in rows.values())
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    boxes = {}
    y = MARGIN
    for height in sorted(rows, reverse=True):
        row = rows[height]
        box_height = 30 + LINE * max(len(lines_of(floor)) for floor in row)
        x = (width - len(row) * BOX_WIDTH - (len(row) - 1) * GAP_X) / 2
        for floor in row:
            boxes[floor.name] = (x, y, box_height)
            x += BOX_WIDTH + GAP_X
        y += box_height + GAP_Y
    return boxes, (width, y - GAP_Y + MARGIN)


def svg_arrow(boxes, above, below):
    x1, y1, height = boxes[above]
    x2, y2, _ = boxes[below]
    return (
        f'<line x1="{x1 + BOX_WIDTH / 2:.0f}" y1="{y1 + height:.0f}" x2="{x2 + BOX_WIDTH / 2:.0f}" '
        f'y2="{y2 - 4:.0f}" stroke="#888" stroke-width="1.5" marker-end="url(#head)"/>'
    )


def svg_box(floor, box):
    x, y, height = box
    middle = x + BOX_WIDTH / 2
    out = [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX_WIDTH}" height="{height}" rx="6" fill="#f4f7fa" stroke="#0072b2"/>',
        f'<text x="{middle:.0f}" y="{y + 20:.0f}" font-weight="bold" font-size="15">{escape(floor.name)}</text>',
    ]
    for i, line in enumerate(lines_of(floor)):
        out.append(f'<text x="{middle:.0f}" y="{y + 36 + i * LINE:.0f}" font-size="11">{escape(line)}</text>')
    return out


def to_svg(floors):
    boxes, (width, height) = place(floors)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        'aria-label="The floors of Foothold and which uses which" font-family="sans-serif" text-anchor="middle">',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#888"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    out += [svg_arrow(boxes, above, below) for above, below in drawn_arrows(floors)]
    for floor in floors.values():
        out += svg_box(floor, boxes[floor.name])
    return "\n".join([*out, "</svg>", ""])


def to_table(floors):
    """The Markdown between the markers."""
    order = list(PURPOSES)
    out = [BEGIN, "", "| floor | what it holds | modules | uses |", "|---|---|---|---|"]
    for floor in floors.values():
        if floor.name not in PURPOSES:
            raise ValueError(f"say in docs/pictures/floors.py what {floor.name} is for")
        uses = ", ".join(sorted(floor.uses, key=order.index))
        folder = floor.name if floor.name == "studies" else "src/" + floor.name
        modules = ", ".join(f"`{module}`" for module in floor.modules)
        out.append(f"| [`{floor.name}`](../{folder}) | {PURPOSES[floor.name]} | {modules} | {uses} |")
    return "\n".join([*out, "", END])


def leaves_out_modules(modules_txt, source):
    """Whether the build has fewer modules than the source tree declares: without XGBoost, or without the studies."""
    lists = [path for folder in ("src", "studies") for path in (source / folder).rglob("CMakeLists.txt")]
    declared = sum("foothold_module(NAME" in path.read_text(encoding="utf-8") for path in lists)
    return len(modules_txt.read_text(encoding="utf-8").splitlines()) < declared


def with_table(page, table):
    begin, end = page.find(BEGIN), page.find(END)
    if begin < 0 or end < begin:
        raise ValueError(f"architecture.md has lost its markers: {BEGIN} ... {END}")
    return page[:begin] + table + page[end + len(END) :]


def main(modules_txt, docs, check):
    """Returns the exit status."""
    floors = read_floors(modules_txt.read_text(encoding="utf-8"))
    set_heights(floors)
    page = docs / "architecture.md"
    wanted = {
        docs / "pictures" / "floors.svg": to_svg(floors),
        page: with_table(page.read_text(encoding="utf-8"), to_table(floors)),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"{path} is out of date: run ./dev docs", file=sys.stderr)
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--check"]):
        sys.exit(__doc__)
    declarations, pages = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if leaves_out_modules(declarations, pages.resolve().parent):
        print("architecture.md: left as it is, because this build leaves out some modules", file=sys.stderr)
        sys.exit(0)
    sys.exit(main(declarations, pages, len(sys.argv) == 4))

#!/usr/bin/env python3
"""Makes the documentation site: docs/ and the pages beside it, by MkDocs, with every link checked.

usage: build_site.py SOURCE BUILD      the site is then in BUILD/html, for a browser or a server

The pages are those of the source tree, so that they read the same in an editor. What they link to
and the site does not have (folders of source code) becomes plain text; the public headers become
pages. The references are beside them: of the Python package in api/python.html, of the C++ library
in api/cpp/, where Doxygen is installed. Exits with 77 where MkDocs is not installed.
"""

import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

import api_reference

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\!)\[([^\]]*)\]\(([^)\s]+)\)")


def pages_and_assets(source):
    """Paths of the site's pages, pictures and example sources, relative to the source tree."""
    paths = [source / "README.md", source / "CONTRIBUTING.md", source / "CHANGELOG.md", source / "LICENSE"]
    for folder in ("docs", "examples"):
        paths += [path for path in (source / folder).rglob("*") if path.is_file()]
    site = source / "docs" / "site"
    paths = [path for path in paths if site not in path.parents and "__pycache__" not in path.parts]
    return sorted(path.relative_to(source) for path in paths)


def link_target(tree, page, target):
    """Where a link leads in the site's tree; None when there is nothing."""
    path, _, anchor = target.partition("#")
    if not path:
        return target
    found = (tree / page).parent / path
    if found.is_dir() and (found / "README.md").exists():
        path, found = path.rstrip("/") + "/README.md", found / "README.md"
    if not found.is_file():
        return None
    return path + ("#" + anchor if anchor else "")


def with_site_links(tree, page, text):
    def rewrite(match):
        label, target = match.groups()
        if "://" in target or target.startswith("mailto:"):
            return match.group(0)
        target = link_target(tree, page, target)
        return label if target is None else f"[{label}]({target})"

    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(rewrite, text[end : fence.start()]), fence.group(0)]
        end = fence.end()
    return "".join(parts + [LINK.sub(rewrite, text[end:])])


def write_header_pages(source, tree):
    """One page a public header, and the page that lists them."""
    folder = tree / "include" / "foothold"
    folder.mkdir(parents=True)
    index = ["# The public headers\n", "What they say is promised; everything else may change.\n"]
    for header in sorted((source / "include" / "foothold").glob("*.h")):
        code = header.read_text(encoding="utf-8")
        (folder / f"{header.stem}.md").write_text(f"# {header.name}\n\n```cpp\n{code}```\n", encoding="utf-8")
        index.append(f"- [{header.name}]({header.stem}.md)")
    (folder / "README.md").write_text("\n".join(index) + "\n", encoding="utf-8")


def assemble(source, tree):
    shutil.rmtree(tree, ignore_errors=True)
    write_header_pages(source, tree)
    api_reference.write_python(source, tree)
    paths = pages_and_assets(source)
    for path in paths:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, tree / path)
    for path in paths:
        if path.suffix == ".md":
            page = tree / path
            page.write_text(with_site_links(tree, path, page.read_text(encoding="utf-8")), encoding="utf-8")


class Page(html.parser.HTMLParser):
    """The links and anchors of an HTML page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])
        if attributes.get("id"):
            self.anchors.add(attributes["id"])


def broken_links(site):
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            if link == "#nested-classes" and path.parent.name == "cpp":  # Doxygen's, where it sums up none
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                yield f"{path.relative_to(site.resolve())}: {link}: there is no such file"
            elif parts.fragment and target in pages and parts.fragment not in pages[target].anchors:
                yield f"{path.relative_to(site.resolve())}: {link}: there is no such anchor"


def main(source, build):
    if shutil.which("mkdocs") is None:
        print("the site is not built: mkdocs (Debian: mkdocs) is not installed")
        return 77
    source, build = pathlib.Path(source).resolve(), pathlib.Path(build).resolve()
    assemble(source, build / "pages")
    shutil.copyfile(source / "docs" / "site" / "mkdocs.yml", build / "mkdocs.yml")
    # Its warnings are about links alone, which are looked at below, in what it made.
    made = subprocess.run(
        ["mkdocs", "--quiet", "build", "--clean", "--config-file", build / "mkdocs.yml"],
        capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
    )
    if made.returncode != 0:
        print(made.stdout + made.stderr)
        return 1
    complaints = api_reference.write_cpp(source, build / "html" / "api" / "cpp")
    if complaints is None:
        print("site: without the C++ reference: doxygen (Debian: doxygen) is not installed")
    elif complaints:
        print(complaints)
        return 1
    broken = list(broken_links(build / "html"))
    print("\n".join(broken) or f"site: {build / 'html' / 'index.html'}")
    return 1 if broken else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

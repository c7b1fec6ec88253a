"""Adds the licence notices of the libraries that auditwheel put into a wheel.

usage: add_notices.py WHEEL FOLDER

auditwheel names the Debian packages that it copied from in dist-info/sboms; their copyright files go into
dist-info/licenses. The completed wheel is written into FOLDER.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import unquote


def bundled_packages(dist_info):
    """The names of the packages whose files are in the wheel, as the bill of materials gives them."""
    bill = json.loads((dist_info / "sboms" / "auditwheel.cdx.json").read_text(encoding="utf-8"))
    urls = [component["purl"] for component in bill["components"]]
    return sorted({unquote(url.split("@")[0].split("/")[-1]) for url in urls if url.startswith("pkg:deb/")})


def add_notices(dist_info):
    for package in bundled_packages(dist_info):
        notice = pathlib.Path("/usr/share/doc") / package / "copyright"
        if not notice.exists():
            sys.exit(f"add_notices.py: {notice} is missing, and {package} may not be handed on without it")
        folder = dist_info / "licenses" / package
        folder.mkdir(parents=True)
        shutil.copyfile(notice, folder / "copyright")


def main(wheel, out):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "wheel", "unpack", "--dest", folder, wheel], check=True)
        (unpacked,) = pathlib.Path(folder).iterdir()
        (dist_info,) = unpacked.glob("*.dist-info")
        add_notices(dist_info)
        subprocess.run([sys.executable, "-m", "wheel", "pack", "--dest-dir", out, str(unpacked)], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

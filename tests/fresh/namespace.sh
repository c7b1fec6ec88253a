#!/usr/bin/env bash
# What fresh.sh does with a root folder, as the first process of new mount and process namespaces: whatever is mounted
# here, the machine does not see, and all of it goes when this process ends.
#
#   namespace.sh make ROOT SUITE MIRROR CACHE                   debootstrap ROOT, and pack it as CACHE/SUITE.tar
#   namespace.sh run ROOT FOLDER LINE COMPILER_CACHE TIME_FILE  the command line LINE in FOLDER below ROOT
#   namespace.sh beside ROOT COMMAND [ARGUMENT...]              a command of this machine, with ROOT ready for chroot
set -euo pipefail

# A /dev with the few devices that programs expect. Never the machine's own: removing files there would remove its
# devices.
mount_dev() {
  local dev=$1/dev device
  mount -t tmpfs -o mode=755,size=1m none "$dev"
  for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
    # shellcheck disable=SC2086  # name, major, minor
    set -- $device
    mknod -m 666 "$dev/$1" c "$2" "$3"
  done
  mkdir "$dev/pts" "$dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666 none "$dev/pts"
  mount -t tmpfs -o mode=1777 none "$dev/shm"
  ln -s pts/ptmx "$dev/ptmx"
  ln -s /proc/self/fd "$dev/fd"
  ln -s /proc/self/fd/0 "$dev/stdin"
  ln -s /proc/self/fd/1 "$dev/stdout"
  ln -s /proc/self/fd/2 "$dev/stderr"
}

mount_root() {
  mount_dev "$1"
  mount -t proc none "$1/proc"
  mount -t sysfs -o ro none "$1/sys" 2>/dev/null || true  # a container may not
}

make() {  # ROOT SUITE MIRROR CACHE
  local root=$1 suite=$2 mirror=$3 cache=$4
  mount -t proc none /proc  # that of this namespace
  mkdir "$root"
  debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$root" "$mirror"
  rm -f "$root"/var/cache/apt/archives/*.deb
  # Only files of this file system: not what debootstrap has mounted in the root. /dev is made anew for each use.
  tar -C "$root" --numeric-owner --one-file-system --exclude='./dev/*' -cf "$cache/$suite.tar.new" .
  mv "$cache/$suite.tar.new" "$cache/$suite.tar"
}

# What the network needs of this machine's environment; a compiler cache; CI, with which warnings are errors.
passed_on() {
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY CI FOOTHOLD_JOBS PIP_INDEX_URL; do
    [[ -z ${!name:-} ]] || printf '%s\n' "$name=${!name}"
  done
  [[ -z ${compiler_cache:-} ]] || echo CCACHE_DIR=/var/cache/ccache
}

run() {  # ROOT FOLDER LINE COMPILER_CACHE TIME_FILE
  local root=$1 folder=$2 line=$3 compiler_cache=$4 time_file=$5 environment
  mount_root "$root"
  if [[ -n $compiler_cache ]]; then
    mkdir -p "$compiler_cache" "$root/var/cache/ccache"
    mount --bind "$compiler_cache" "$root/var/cache/ccache"
  fi
  mapfile -t environment < <(passed_on)
  local TIMEFORMAT='%R %U %S'
  { time chroot "$root" env -i HOME=/root TERM=dumb LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${environment[@]}" \
      bash -c "cd '$folder' && $line" 2>&3; } 3>&2 2>"$time_file"
}

beside() {  # ROOT COMMAND...
  mount_root "$1"
  "${@:2}"
}

"$@"

# shellcheck shell=bash
# What a new Debian root takes over from this machine: where packages come from, and how to reach that place. Sourced.

# The mirror that apt here uses for a suite, whichever way its sources are written; nothing where it uses none.
mirror_of() {  # SUITE
  command -v apt-get >/dev/null || return 0
  apt-get indextargets --format "\$(RELEASE) \$(SITE)" "Created-By: Packages" 2>/dev/null |
    awk -v suite="$1" '$1 == suite && $2 ~ /^https?:/ && !found {print $2; found = 1}'
}

write_apt_configuration() {  # ROOT SUITE MIRROR
  local root=$1 suite=$2 mirror=$3 extra site
  echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
  for extra in "$suite-updates" "$suite-security"; do
    site=$(mirror_of "$extra")
    [[ -z $site ]] || echo "deb $site $extra main" >>"$root/etc/apt/sources.list"
  done
  copy_apt_network_settings "$root"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# Proxies, certificates, retries, dates: what apt here needs to reach its mirror, and the files that these name.
copy_apt_network_settings() {  # ROOT
  command -v apt-config >/dev/null || return 0
  local settings=$1/etc/apt/apt.conf.d/00network file
  apt-config dump | grep -E '^Acquire::(https?|Check-|Retries|ForceIPv)' >"$settings" || true
  sed -nE 's#.*(CaInfo|CaPath|SslCert|SslKey) "(/[^"]*)";#\2#p' "$settings" | while read -r file; do
    mkdir -p "$1$(dirname "$file")"
    cp -RL "$file" "$1$(dirname "$file")/"
  done
}

# A machine behind a proxy that opens TLS trusts that proxy's certificate; so must what runs in the root, where
# update-ca-certificates adds what this copies. Fails where there is nothing to copy.
copy_certificates() {  # ROOT
  local certificate
  for certificate in /usr/local/share/ca-certificates/*.crt; do
    [[ -e $certificate ]] || return 1
    cp -L "$certificate" "$1/usr/local/share/ca-certificates/"
  done
}

# Packages that were downloaded before need no download. Links where both are on one file system, else copies.
link_packages() {  # FROM TO
  find "$1" -maxdepth 1 -name '*.deb' -exec sh -c 'cp -ln "$@" "$0" 2>/dev/null || cp -n "$@" "$0" || true' "$2" {} +
}

lend_packages() { link_packages "$1" "$2/var/cache/apt/archives"; }  # CACHE ROOT

keep_packages() {  # ROOT CACHE
  link_packages "$1/var/cache/apt/archives" "$2"
  find "$2" -name '*.deb' -ctime +60 -delete  # no run has used them for so long
}

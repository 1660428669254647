#!/bin/bash
# The part of tree.sh that runs in its own namespaces: fills a directory with Debian 13.
#
#     tree-in-namespace.sh DIRECTORY MIRROR
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/trixie/settings.sh
. scripts/trixie/apt-source.sh
new=$1 mirror=$2

# Prints the packages for this architecture: a name may end with ":ARCHITECTURE".
wanted_packages() {
  awk -F : -v here="$(dpkg --print-architecture)" \
    '!/^#/ && $1 != "" && ($2 == "" || $2 == here) { print $1 }' scripts/trixie/packages
}

# Only the build downloads. What follows runs programs of the repository, which need no passwords of proxies and no keys.
add_download_settings() {
  local file
  download_settings >"$new/etc/apt/apt.conf.d/90host"
  for file in $(certificate_files); do install -D -m 644 "$file" "$new$file"; done
}
remove_download_settings() {
  local file
  rm -f "$new/etc/apt/apt.conf.d/90host"
  for file in $(certificate_files); do rm -f "$new$file"; done
}

# Documentation is a third of the files, and nothing in the suite reads it.
configure_dpkg() {
  mkdir -p "$new/etc/dpkg/dpkg.cfg.d"
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' \
    'path-exclude=/usr/share/locale/*' >"$new/etc/dpkg/dpkg.cfg.d/90muvm"
}

# Packages must start no services: this status of policy-rc.d forbids it.
forbid_services() {
  printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"
  chmod 755 "$new/usr/sbin/policy-rc.d"
}

in_tree() {
  chroot "$new" env -i ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    LC_ALL=C DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin "$@" </dev/null
}

install_packages() {
  mount -t proc proc "$new/proc"
  mount --rbind /dev "$new/dev"
  mount -t tmpfs tmpfs "$new/tmp"
  in_tree apt-get -q update
  # shellcheck disable=SC2046
  in_tree apt-get -q install -y --no-install-recommends $(wanted_packages)
  in_tree apt-get clean
  rm -rf "$new"/var/lib/apt/lists/*
}

add_tester() {
  echo 'tester:x:1000:1000:muvm tester:/home/tester:/bin/bash' >>"$new/etc/passwd"
  echo 'tester:x:1000:' >>"$new/etc/group"
  echo trixie >"$new/etc/hostname"
  printf '%s\n' '127.0.0.1 localhost trixie' '::1 localhost' >"$new/etc/hosts"
  : >"$new/etc/resolv.conf"
}

rm -rf "$tree".*
mkdir "$new"
mount -t tmpfs -o mode=700 tmpfs "$cache/mount"
wget_settings >"$cache/mount/wgetrc"
WGETRC=$cache/mount/wgetrc debootstrap --variant=minbase trixie "$new" "$mirror"
add_download_settings
configure_dpkg
forbid_services
install_packages
remove_download_settings
add_tester

#!/bin/bash
# Builds the Debian 13 tree, unless the one in the cache has the current recipe. Runs as root.
#
#     tree.sh [--is-current]        --is-current: builds nothing; status 0 if the tree is there and current
#
# The recipe is the list of packages and the scripts that install them. Its hash is in the tree, which gets its name by
# rename(2) when it is complete, so an interrupted build never passes for a tree.
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
. scripts/trixie/settings.sh
. scripts/trixie/apt-source.sh

recipe=$(cat scripts/trixie/{packages,tree.sh,apt-source.sh,tree-in-namespace.sh} | sha256sum | cut -d ' ' -f 1)

is_current() { [ "$(cat "$tree/etc/muvm-recipe" 2>/dev/null)" = "$recipe" ]; }

install_debootstrap() {
  ! command -v debootstrap >/dev/null || [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ] || return 0
  say 'installing for the system: debootstrap debian-archive-keyring'
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends debootstrap debian-archive-keyring </dev/null
}

build_tree() {
  local mirror started=$SECONDS
  mirror=${TRIXIE_MIRROR:-$(debian_mirror)}
  [ -n "$mirror" ] || fail 'Cannot find a Debian archive in the configuration of apt' 'TRIXIE_MIRROR=URI make test-trixie'
  export_proxies
  say "building the Debian 13 tree in $tree"
  # A tree that is removed only in part must not keep its name.
  [ ! -e "$tree" ] || mv "$tree" "$tree.old-$$"
  # debootstrap mounts file systems and starts programs in the tree: none of them outlives the namespaces.
  run_in_namespaces --mount-proc scripts/trixie/tree-in-namespace.sh "$tree.new" "$mirror" >"$cache/build.log" 2>&1
  echo "$recipe" >"$tree.new/etc/muvm-recipe"
  sync -f "$tree.new"
  mv "$tree.new" "$tree"
  say "built the tree in $((SECONDS - started)) s, $(du -sm "$tree" | cut -f 1) MB"
}

if [ "${1-}" = --is-current ]; then
  is_current || exit 1
  exit 0
fi
mkdir -p "$cache/mount"
exec 9<>"$cache/lock"
flock -n 9 || { say 'waiting for the runs that use the tree'; flock 9; }
! is_current || exit 0
command -v apt-get >/dev/null || fail 'Cannot build a Debian 13 tree on a host without apt: its configuration names the archive'
install_debootstrap
trap 'tail -n 20 "$cache/build.log" >&2; say "Cannot build the tree: see $cache/build.log" >&2' ERR
build_tree

#!/bin/sh
# Puts what was built into PREFIX, below DESTDIR where one is given:
#
#     install.sh PREFIX [DESTDIR]
#
#     PREFIX/bin/muvm        link to the launcher
#     PREFIX/lib/muvm/       launcher, bundles with their code caches, koffi's add-on, licences
#     PREFIX/lib/muvm/lib/   libkrunfw and libkrun, where the system has none
set -eu
cd "$(dirname "$0")/../.."
prefix=$1
case "$prefix" in /*) ;; *) echo "install: PREFIX must be an absolute path: current value is \"$prefix\"" >&2; exit 1 ;; esac
library="${2-}$prefix/lib/muvm"

# Anew, so that no file of an older version stays. A program that runs keeps the files it has open.
rm -rf "$library"
install -d "$library/lib" "${2-}$prefix/bin"
install -m 755 host/bin/muvm.cjs "$library/launch.cjs"
install -m 644 dist/*.cjs dist/LICENCES.txt LICENSE "$library"
install -m 755 dist/koffi.node "$library"
install -m 644 dist/*.cache "$library"
ln -sf ../lib/muvm/launch.cjs "${2-}$prefix/bin/muvm"

has_library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1"; }

copy_library() {
  has_library "$1" && return
  for file in node_modules/@superradcompany/*/lib/"$1"* node_modules/@earendil-works/*/lib/"$1"; do
    if [ -f "$file" ]; then
      install -m 755 "$file" "$library/lib/$1"
      echo "install: $1 comes from npm, as the system has none"
      return
    fi
  done
}
copy_library libkrunfw.so.5
copy_library libkrun.so.1
echo "install: muvm is in ${2-}$prefix/bin"

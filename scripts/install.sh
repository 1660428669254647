#!/bin/sh
# Installs the build into PREFIX, below DESTDIR if given:
#
#     install.sh PREFIX [DESTDIR]
#
#     PREFIX/bin/muvm        link to the launcher
#     PREFIX/lib/muvm/       launcher, bundles with their code caches, koffi's add-on, licences
#     PREFIX/lib/muvm/lib/   libkrunfw and libkrun, if the system has none
#     PREFIX/share/          man page, completion for bash, zsh and fish, documentation
#
# uninstall.sh removes exactly this.
set -eu
cd "$(dirname "$0")/.."
prefix=$1
case "$prefix" in /*) ;; *) echo "install: PREFIX must be an absolute path: current value is \"$prefix\"" >&2; exit 1 ;; esac
library="${2-}$prefix/lib/muvm"

# Removed first, so that no file of an older version stays. Running programs keep their open files.
rm -rf "$library"
install -d "$library/lib" "${2-}$prefix/bin"
install -m 755 host/bin/muvm.cjs "$library/launch.cjs"
install -m 644 dist/*.cjs dist/LICENCES.txt LICENSE "$library"
install -m 755 dist/koffi.node "$library"
install -m 644 dist/*.cache "$library"
ln -sf ../lib/muvm/launch.cjs "${2-}$prefix/bin/muvm"

share="${2-}$prefix/share"
(cd dist/share && find . -type f) | while read -r file; do
  install -d "$share/$(dirname "$file")"
  install -m 644 "dist/share/$file" "$share/$file"
done
rm -rf "$share/doc/muvm"
install -d "$share/doc/muvm/docs/features" "$share/doc/muvm/docs/decisions"
install -m 644 README.md CHANGELOG.md CONTRIBUTING.md "$share/doc/muvm"
install -m 644 docs/*.md "$share/doc/muvm/docs"
install -m 644 docs/features/*.md "$share/doc/muvm/docs/features"
install -m 644 docs/decisions/*.md "$share/doc/muvm/docs/decisions"

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

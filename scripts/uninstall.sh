#!/bin/sh
# Removes what install.sh has put into PREFIX, below DESTDIR where one is given:
#
#     uninstall.sh PREFIX [DESTDIR]
#
# Directories that others use as well stay, and so does what belongs to users: settings, logs, caches.
set -eu
prefix=$1
case "$prefix" in /*) ;; *) echo "uninstall: PREFIX must be an absolute path: current value is \"$prefix\"" >&2; exit 1 ;; esac
root="${2-}$prefix"

rm -rf "$root/lib/muvm" "$root/share/doc/muvm"
rm -f "$root/bin/muvm" "$root/share/man/man1/muvm.1" "$root/share/bash-completion/completions/muvm" \
  "$root/share/zsh/site-functions/_muvm" "$root/share/fish/vendor_completions.d/muvm.fish"
echo "uninstall: muvm is no longer in $root"

#!/bin/sh
# Removes the files that install.sh installed in PREFIX, below DESTDIR if given:
#
#     uninstall.sh PREFIX [DESTDIR]
#
# Keeps directories that other packages use, and the users' settings, logs and caches.
set -eu
prefix=$1
case "$prefix" in /*) ;; *) echo "uninstall: PREFIX must be an absolute path: current value is \"$prefix\"" >&2; exit 1 ;; esac
root="${2-}$prefix"

rm -rf "$root/lib/muvm" "$root/share/doc/muvm"
rm -f "$root/bin/muvm" "$root/share/man/man1/muvm.1" "$root/share/bash-completion/completions/muvm" \
  "$root/share/zsh/site-functions/_muvm" "$root/share/fish/vendor_completions.d/muvm.fish"
echo "uninstall: muvm is no longer in $root"

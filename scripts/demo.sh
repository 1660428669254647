#!/bin/sh
# Runs a program in a VM to show another kernel and the same files. Arguments: options for muvm.
set -eu
cd "$(dirname "$0")/.."
echo "host:  $(uname -r)"
node host/bin/muvm.cjs "$@" -v -- sh -c 'echo "guest: $(uname -r)"; echo "       $(ls -d "$0") is here too"' "$PWD"

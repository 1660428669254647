#!/bin/sh
# Succeeds if at least the given version of Rust is installed; otherwise prints the reason.
#
#     rust.sh VERSION
set -eu
if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
  echo "Rust is not installed: install $1 or later with rustup, or cargo and rustc of the distribution"
  exit 1
fi
found=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n' "$1" "$found" | sort -V | head -1)" != "$1" ]; then
  echo "Rust $found is too old: install $1 or later with rustup, or cargo and rustc of a newer distribution"
  exit 1
fi

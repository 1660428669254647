#!/bin/bash
# Builds a libkrun that has a GPU, from its crate, and prints its path: for tests, and to try what distributions may not have.
# It needs Rust, and lies outside of this repository, in the cache of the user. What is there is not built again.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=1.19.7
FEATURES='"net", "blk", "gpu"'
RUST_MIN=1.87

say() { echo "libkrun-gpu: $*" >&2; }

if ! command -v cargo >/dev/null; then
  say "Cannot build libkrun as there is no \"cargo\": install Rust $RUST_MIN or later. Only the tests of the GPU need it"
  exit 1
fi

scripts/deps.sh --gpu >&2

target=${XDG_CACHE_HOME:-$HOME/.cache}/muvm/libkrun-gpu/$VERSION
library=$target/libkrun.so.1
work=$target/build
recipe="libkrun $VERSION, features $FEATURES, $(rustc --version), virglrenderer $(pkg-config --modversion virglrenderer)"

if [ -e "$library" ] && [ "$(cat "$target/recipe" 2>/dev/null)" = "$recipe" ]; then
  echo "$library"
  exit 0
fi

# The crate is built as it is: cargo wants a package around it, whose only thing is to name it.
rm -rf "$work" "$target/recipe"
mkdir -p "$work/src"
: >"$work/src/lib.rs"
cat >"$work/Cargo.toml" <<END
[package]
name = "libkrun-with-gpu"
version = "0.0.0"
edition = "2021"

[dependencies]
libkrun = { version = "=$VERSION", features = [$FEATURES] }
END

say "building $recipe, which takes some minutes"
cargo rustc --quiet --manifest-path "$work/Cargo.toml" --release -p libkrun --lib --crate-type cdylib >&2
cp "$work/target/release/libkrun.so" "$library.new"
mv "$library.new" "$library"
echo "$recipe" >"$target/recipe"
rm -rf "$work"
echo "$library"

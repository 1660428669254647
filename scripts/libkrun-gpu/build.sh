#!/bin/bash
# Builds libkrun with a GPU from its crate into the user's cache and prints the library's path.
#
# Distributions may package libkrun without a GPU, and the tests of the GPU need one. Cargo.lock pins every dependency. A
# library that the same recipe built is not built again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

: "${HOME:=$(getent passwd "$(id -u)" | cut -d : -f 6)}"
RUST_MIN=1.87

say() { echo "libkrun-gpu: $*" >&2; }

"$here/rust.sh" "$RUST_MIN" >&2 || exit 1
"$here/../system-packages.sh" --install gpu >&2

version=$(sed -n 's/^libkrun = .*version = "=\([0-9.]*\)".*/\1/p' "$here/Cargo.toml")
target=${XDG_CACHE_HOME:-$HOME/.cache}/muvm/libkrun-gpu/$version
library=$target/libkrun.so.1
recipe_hash=$(cat "$here/Cargo.lock" "$here/Cargo.toml" "$here/build.sh" | sha256sum | cut -c1-16)
recipe="libkrun $version, recipe $recipe_hash, $(rustc --version), virglrenderer $(pkg-config --modversion virglrenderer)"

mkdir -p "$target"
exec 9>"$target/lock"
flock -n 9 || { say "waiting for another build in $target"; flock 9; }

if [ -e "$library" ] && [ "$(cat "$target/recipe" 2>/dev/null)" = "$recipe" ]; then
  echo "$library"
  exit 0
fi

say "building $recipe; this takes some minutes"
work=$target/build
trap 'rm -rf "$work"' EXIT
rm -rf "$work" "$target/recipe"
mkdir "$work"
# Cargo must not write beside the recipe, because the repository may be read-only.
cp -r "$here/Cargo.toml" "$here/Cargo.lock" "$here/src" "$work"
CARGO_TARGET_DIR=$work/target cargo rustc --quiet --locked --manifest-path "$work/Cargo.toml" --release \
  -p libkrun --lib --crate-type cdylib >&2 9>&-
mv "$work/target/release/libkrun.so" "$library.new"
mv "$library.new" "$library"
echo "$recipe" >"$target/recipe"
echo "$library"

# Paths that tree.sh and test.sh share. Sourced after a change to the root of the repository.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/muvm/trixie
tree=$cache/tree

say() { echo "trixie: $*"; }

fail() {
  echo "trixie: $1" >&2
  [ -z "${2-}" ] || echo "    $2" >&2
  exit 1
}

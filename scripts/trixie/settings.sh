# Shared settings and functions of this directory. Scripts source it in the root of the repository.

: "${HOME:=$(getent passwd "$(id -u)" | cut -d : -f 6)}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/muvm/trixie
tree=$cache/tree

say() { echo "trixie: $*"; }

fail() {
  echo "trixie: $1" >&2
  [ -z "${2-}" ] || echo "    $2" >&2
  exit 1
}

# Runs a command as PID 1 of new namespaces. They end with this process: traps cover its signals, and the kernel's signals
# for the death of a parent (--pdeathsig, --kill-child) cover SIGKILL. Arguments: options of unshare(1), the command.
run_in_namespaces() {
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private "$@" <&0 8<&- 9<&- &
  local run=$!
  # shellcheck disable=SC2064
  trap "kill -KILL $run 2>/dev/null; wait $run 2>/dev/null; exit 130" INT TERM HUP
  wait "$run"
}

#!/bin/bash
# Runs muvm on Debian 13 as an ordinary user: "make demo", the smoke suite (test/smoke) and cold starts in a row.
#
#     test.sh [COMMAND…]
#
# COLD_STARTS sets the number of cold starts (default 0). A COMMAND replaces the suite: "test.sh bash" opens a shell, and
# "test.sh make -s demo" runs one step.
#
# The first run builds the tree. Reports go to test/results/trixie. The script needs root for the mounts. However it ends, it
# leaves nothing behind: all mounts and processes belong to namespaces whose first process ends with this one.
set -uo pipefail
cd "$(dirname "$0")/../.."
. scripts/trixie/settings.sh

if [ "$(id -u)" -ne 0 ]; then
  fail 'Cannot mount a Debian 13 tree as an ordinary user. Run it as root:' "sudo ${COLD_STARTS:+COLD_STARTS=$COLD_STARTS }make test-trixie"
fi
[ -e node_modules/.muvm-lock.json ] || fail 'Cannot find the npm packages' 'npm run build'

# Two runs of one clone would write the same reports. A lock on a directory needs no file.
exec 8<scripts/trixie
flock -n 8 || { say 'waiting for another run in this clone'; flock 8; }

# Shared with all runs, so that none rebuilds the tree that another one uses.
mkdir -p "$cache/mount"
exec 9<>"$cache/lock"
until flock -s 9 && scripts/trixie/tree.sh --is-current; do
  flock -u 9
  setpriv --pdeathsig KILL scripts/trixie/tree.sh || exit 1
done

results=test/results/trixie
rm -rf "$results"
mkdir -p "$results"
chown --reference=. test/results "$results"

started=$SECONDS
run_in_namespaces --ipc --uts --net scripts/trixie/enter.sh "$PWD/$results" "$@"
status=$?
say "the run took $((SECONDS - started)) s"
exit "$status"

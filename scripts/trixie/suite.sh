#!/bin/bash
# Runs in the Debian 13 tree, as the tester: "make demo", the smoke suite, and COLD_STARTS starts in a row.
set -uo pipefail
cd "$(dirname "$0")/../.."
exec </dev/null
results=$MUVM_TEST_RESULTS
failures=0

# Runs a step and prints its duration. Arguments: the name of the step, its command.
step() {
  local name=$1 started=$SECONDS
  shift
  if "$@"; then
    echo "trixie: $name passed in $((SECONDS - started)) s"
  else
    echo "trixie: $name failed after $((SECONDS - started)) s" >&2
    failures=$((failures + 1))
  fi
}

build() { node scripts/run.mjs build --tests >"$results/build.log" 2>&1 || { tail -n 40 "$results/build.log" >&2; return 1; }; }

smoke() {
  node_modules/.bin/jest --selectProjects smoke --runInBand --verbose --cacheDirectory "$results/jest" \
    --json --outputFile "$results/smoke.json" >/dev/null
}

# Each start must exit with status 0. A start that fails once in thirty is a bug, so there is no retry.
cold_starts() {
  local wanted=$1 good=0 count
  for ((count = 1; count <= wanted; count++)); do
    local log=$results/cold-start-$count.log
    if timeout 120 node host/bin/muvm.cjs -v -- true >"$log" 2>&1; then
      good=$((good + 1))
      rm "$log"
    else
      echo "trixie: cold start $count: status $?, see cold-start-$count.log" >&2
    fi
  done
  echo "trixie: $good of $wanted cold starts succeeded"
  [ "$good" -eq "$wanted" ]
}

echo "trixie: Debian $(cat /etc/debian_version), Linux $(uname -r), $(nproc) CPU, Node $(node -v), as user $(id -u);" \
  "$(dpkg-query -W -f '${Package} ${Version}, ' qemu-system-x86 qemu-system-arm virtiofsd passt libxshmfence1 2>/dev/null)"
step 'build' build
step 'make demo' make -s demo
step 'smoke suite' smoke
[ "${COLD_STARTS:-0}" -eq 0 ] || step 'cold starts' cold_starts "$COLD_STARTS"
[ "$failures" -eq 0 ]

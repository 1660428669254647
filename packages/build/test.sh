#!/bin/bash
# Runs suites of jest and ends with one line of totals.
#
#     test.sh SUITE…        of unit, house, vm (see jest.config.js)
#
# The machines of the vm suite get the cores to themselves: one test file at a time.
set -uo pipefail
cd "$(dirname "$0")/../.."
mkdir -p test/results

status=0
reports=()
for suite in "$@"; do
  report="test/results/$suite.json"
  rm -f "$report"
  arguments=(--selectProjects "$suite" --json --outputFile "$report" --passWithNoTests)
  [ "$suite" = vm ] && arguments+=(--runInBand --verbose)
  node_modules/.bin/jest "${arguments[@]}" >/dev/null </dev/null || status=1
  reports+=("$report")
done

node packages/build/test-totals.mjs "${reports[@]}" || status=1
exit "$status"

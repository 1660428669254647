#!/bin/bash
# Runs suites of jest and ends with one line of totals.
#
#     test.sh SUITE…        of unit, house, vm (see jest.config.js), and libkrun: vm on the other driver
#
# The machines of the vm suites get the cores to themselves: one test file at a time.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p test/results

status=0
reports=()
for suite in "$@"; do
  case "$suite" in
    libkrun)
      report="test/results/libkrun/vm.json"
      scripts/test-libkrun.sh libkrun node_modules/.bin/jest --selectProjects vm --runInBand --verbose \
        --cacheDirectory /tmp/results/jest --json --outputFile /tmp/results/vm.json >test/results/libkrun.out </dev/null || status=1
      grep '^suite of ' test/results/libkrun.out
      rm -f test/results/libkrun.out
      ;;
    *)
      report="test/results/$suite.json"
      rm -f "$report"
      arguments=(--selectProjects "$suite" --json --outputFile "$report" --passWithNoTests)
      [ "$suite" != vm ] || arguments+=(--runInBand --verbose)
      [ "$suite" != vm ] || echo "suite of qemu: on Linux $(uname -r), $(nproc) CPU, as user $(id -u)"
      node_modules/.bin/jest "${arguments[@]}" >/dev/null </dev/null || status=1
      ;;
  esac
  reports+=("$report")
done

node scripts/test-totals.mjs "${reports[@]}" || status=1
exit "$status"

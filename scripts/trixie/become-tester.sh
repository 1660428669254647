#!/bin/bash
# PID 1 of a run, as root in the Debian 13 tree: runs the suite as an ordinary user, then puts its reports on the host.
#
#     become-tester.sh [COMMAND…]        COMMAND: what to run in the copy of the repository instead of the suite
set -euo pipefail
[ $# -gt 0 ] || set -- bash scripts/trixie/suite.sh
owner=$(stat -c %u:%g /mnt/host/results)
cd /home/tester/muvm

install -d -o 1000 -g 1000 -m 700 /run/user/1000 /tmp/results
mkdir -m 1777 /tmp/.X11-unix

status=0
setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all -- \
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/home/tester USER=tester LOGNAME=tester SHELL=/bin/bash LANG=C.UTF-8 \
  TERM=dumb TMPDIR=/tmp XDG_RUNTIME_DIR=/run/user/1000 MUVM_TEST_RESULTS=/tmp/results \
  COLD_STARTS="${COLD_STARTS-}" \
  "$@" || status=$?

rm -rf /tmp/results/cache /tmp/results/jest
cp -r /tmp/results/. /mnt/host/results
chown -R "$owner" /mnt/host/results
exit "$status"

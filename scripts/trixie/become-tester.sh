#!/bin/bash
# PID 1 of a run, as root in the Debian 13 tree: runs the suite as an ordinary user, then puts its reports on the host.
#
#     become-tester.sh OWNER        OWNER: UID:GID of the reports
set -euo pipefail
owner=$1

install -d -o 1000 -g 1000 -m 700 /run/user/1000 /tmp/results
mkdir -m 1777 /tmp/.X11-unix

status=0
prlimit --nofile=1024:524288 -- \
  setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all -- \
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/home/tester USER=tester LOGNAME=tester SHELL=/bin/bash LANG=C.UTF-8 \
  TERM=dumb TMPDIR=/tmp XDG_RUNTIME_DIR=/run/user/1000 MUVM_TEST_RESULTS=/tmp/results MUVM_REQUIRE_ALL=1 \
  COLD_STARTS="${COLD_STARTS-}" \
  bash /home/tester/muvm/scripts/trixie/suite.sh </dev/null || status=$?

rm -rf /tmp/results/cache /tmp/results/jest
cp -r /tmp/results/. /mnt/host/results
chown -R "$owner" /mnt/host/results
exit "$status"

#!/bin/sh
# Runs the vm suite on the libkrun driver, inside a machine of the qemu driver, as an ordinary user. This part runs there
# as the guest's root: it makes that user's surroundings, which are the guest's own, and becomes that user.
#
#     libkrun-suite.sh UID RESULTS [JEST ARGUMENT…]
#
# UID: the one who owns the files of the host, or 0: then a user is made up. RESULTS: a directory of the host.
set -eu
cd "$(dirname "$0")/../.."
uid=$1 results=$2
shift 2

# The host's /tmp and /home stay as they are, and files in memory are faster than shared ones.
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /tmp
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs /home
mkdir -m 1777 /tmp/.X11-unix

home=/home/tester
if [ "$uid" -eq 0 ]; then
  uid=61234
  { cat /etc/passwd; echo "tester:x:$uid:$uid:muvm's tester:$home:/bin/sh"; } > /tmp/passwd
  { cat /etc/group; echo "tester:x:$uid:"; } > /tmp/group
  mount --bind /tmp/passwd /etc/passwd
  mount --bind /tmp/group /etc/group
fi
gid=$(id -g "$uid")
install -d -o "$uid" -g "$gid" -m 700 "$home" "/run/user/$uid" /tmp/results
if [ -d "$results/jest" ]; then cp -r "$results/jest" /tmp/results/jest; chown -R "$uid:$gid" /tmp/results; fi

# No udev gives devices to their groups here.
chgrp "$gid" /dev/kvm
chmod 660 /dev/kvm

report="$results/vm-libkrun.json"
status=0
setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --inh-caps=-all -- \
  env -i PATH="$PATH" HOME="$home" USER=tester LANG=C.UTF-8 TERM=dumb TMPDIR=/tmp XDG_RUNTIME_DIR="/run/user/$uid" \
  MUVM_TEST_VMM=libkrun MUVM_TEST_RESULTS=/tmp/results MUVM_REQUIRE_ALL="${MUVM_REQUIRE_ALL-}" \
  node_modules/.bin/jest --selectProjects vm --runInBand --verbose --cacheDirectory /tmp/results/jest \
  --json --outputFile /tmp/results/vm-libkrun.json "$@" || status=$?
# A report that is not there counts as a failure.
[ ! -f /tmp/results/vm-libkrun.json ] || cp /tmp/results/vm-libkrun.json "$report"
[ ! -d /tmp/results/logs ] || cp -r /tmp/results/logs "$results/logs-libkrun"
exit "$status"

#!/bin/sh
# The part of test-libkrun.sh that runs in the guest, as its root: makes the surroundings of an ordinary user, which are
# the guest's own, and becomes that user.
#
#     libkrun-suite.sh UID RESULTS COMMAND…
#
# UID: the one who owns the files of the host, or 0: then a user is made up. RESULTS: where reports go, a directory of the
# host. The command finds MUVM_TEST_RESULTS, from where they are copied.
set -eu
cd "$(dirname "$0")/.."
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

# It may lie where that user cannot look.
gpu_library=
if [ -e "${MUVM_TEST_LIBKRUN_GPU-}" ]; then
  gpu_library=/tmp/libkrun-gpu/libkrun.so.1
  install -D -m 644 "$MUVM_TEST_LIBKRUN_GPU" "$gpu_library"
fi

# The one who runs test-libkrun.sh has these devices, and no udev gives them to their groups.
chgrp "$gid" /dev/kvm
chmod 660 /dev/kvm

# passt wants a way to the world, though nobody answers there. This machine may have one itself.
if command -v ip >/dev/null && [ -z "$(ip route show default)" ]; then
  ip link set dummy0 up
  ip address add 192.0.2.2/24 dev dummy0
  ip route add default via 192.0.2.1
fi

echo "suite of libkrun: on Linux $(uname -r), $(nproc) CPU, $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB," \
  "a guest of muvm's qemu driver, as user $uid; KVM by $(cd /sys/module && ls -d kvm_amd kvm_intel 2>/dev/null | head -1)"

status=0
setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --inh-caps=-all -- \
  env -i PATH="$PATH" HOME="$home" USER=tester LANG=C.UTF-8 TERM=dumb TMPDIR=/tmp XDG_RUNTIME_DIR="/run/user/$uid" \
  MUVM_TEST_VMM=libkrun MUVM_TEST_RESULTS=/tmp/results \
  MUVM_TEST_FULL="${MUVM_TEST_FULL-}" MUVM_TEST_LIBKRUN_GPU="$gpu_library" "$@" || status=$?
rm -rf /tmp/results/cache /tmp/results/jest
cp -r /tmp/results/. "$results"
exit "$status"

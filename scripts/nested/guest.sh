#!/bin/sh
# The part of run.sh that runs as root of the guest: prepares the guest for an ordinary user, and becomes that user.
#
#     guest.sh UID RESULTS COMMAND…
#
# UID: the owner of the host's files; 0 stands for a user that the script makes up. RESULTS: a directory of the host for
# reports. The script sets MUVM_TEST_RESULTS for the command and copies the reports from there.
set -eu
cd "$(dirname "$0")/../.."
repository=$PWD
uid=$1 results=$2
shift 2

# The mounts below hide some of these places.
kept=/run/muvm-suite
mkdir "$kept" "$kept/repository" "$kept/results"
mount --bind "$repository" "$kept/repository"
mount --bind "$results" "$kept/results"
gpu_library=
if [ -e "${MUVM_TEST_LIBKRUN_GPU-}" ]; then
  gpu_library=$kept/libkrun-gpu/libkrun.so.1
  install -D -m 644 "$MUVM_TEST_LIBKRUN_GPU" "$gpu_library"
fi

# This leaves the host's /tmp and /home unchanged, and files in memory are faster than shared ones.
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

as_user() { setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --inh-caps=-all -- "$@"; }

# If the repository is below one of the hidden places, or in a directory that the user cannot read, an overlay shows it at its
# path, in directories of the guest.
if ! as_user test -x "$repository/host"; then
  blocked=$repository
  while [ "$(dirname "$blocked")" != / ] && ! as_user test -x "$(dirname "$blocked")"; do blocked=$(dirname "$blocked"); done
  # A place that /tmp or /home hid is not there; one that the user cannot enter is covered.
  [ "$blocked" = "$repository" ] || [ ! -e "$blocked" ] || mount -t tmpfs -o mode=755 tmpfs "$blocked"
  mkdir -p "$repository" "$kept/upper" "$kept/work"
  mount -t overlay -o "lowerdir=$kept/repository,upperdir=$kept/upper,workdir=$kept/work" overlay "$repository"
  chmod 755 "$repository"
  cd "$repository"
fi
if ! as_user test -r host/bin/muvm.cjs; then
  echo "Cannot run the suite as user $uid: \"$repository\" has files that only its owner can read. Clone with umask 022" >&2
  exit 1
fi

# The user of run.sh owns these devices, and no udev gives them to their groups.
chgrp "$gid" /dev/kvm
chmod 660 /dev/kvm

# passt needs a default route, although no host answers there. The guest may have one already.
if command -v ip >/dev/null && [ -z "$(ip route show default)" ]; then
  ip link set dummy0 up
  ip address add 192.0.2.2/24 dev dummy0
  ip route add default via 192.0.2.1
fi

echo "suite of libkrun: on Linux $(uname -r), $(nproc) CPU, $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB," \
  "a guest of muvm's qemu driver, as user $uid; KVM by $(cd /sys/module && ls -d kvm_amd kvm_intel 2>/dev/null | head -1)"

status=0
as_user env -i PATH="$PATH" HOME="$home" USER=tester LANG=C.UTF-8 TERM=dumb TMPDIR=/tmp XDG_RUNTIME_DIR="/run/user/$uid" \
  MUVM_TEST_VMM=libkrun MUVM_TEST_RESULTS=/tmp/results MUVM_TEST_LONG="${MUVM_TEST_LONG-}" \
  MUVM_TEST_LIBKRUN_GPU="$gpu_library" "$@" || status=$?
rm -rf /tmp/results/cache /tmp/results/jest
cp -r /tmp/results/. "$kept/results"
exit "$status"

#!/bin/bash
# PID 1 of a run, as root in new namespaces: makes the Debian 13 tree the root directory, and copies the repository into it.
#
#     enter.sh RESULTS [COMMAND…]
#
# RESULTS: directory of the host that takes the reports. COMMAND: see become-tester.sh.
#
# A tmpfs takes all writes, so the tree stays as it was built, and a new run starts with the same files.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/trixie/settings.sh
results=$1
shift

mount_root() {
  mount -t tmpfs -o mode=755 tmpfs "$cache/mount"
  root=$cache/mount/root
  mkdir "$cache"/mount/{upper,work,root}
  mount -t overlay -o "lowerdir=$tree,upperdir=$cache/mount/upper,workdir=$cache/mount/work" overlay "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
}

# Without /dev/kvm, because this run tests emulation.
mount_devices() {
  mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
  local name numbers
  while read -r name numbers; do
    # shellcheck disable=SC2086
    mknod -m 666 "$root/dev/$name" c $numbers
  done <<-'END'
	null 1 3
	zero 1 5
	full 1 7
	random 1 8
	urandom 1 9
	tty 5 0
	END
  mkdir -m 755 "$root/dev/pts"
  mkdir -m 1777 "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  for name in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${name#*:}" "$root/dev/${name%:*}"; done
}

# passt needs a default route, although no host answers there.
set_up_network() {
  ip link set lo up
  ip link add muvm0 type veth peer name muvm1
  ip link set muvm1 up
  ip link set muvm0 up
  ip address add 192.0.2.2/24 dev muvm0
  ip route add default via 192.0.2.1
}

# The files that git tracks or would add. node_modules is the host's, read-only: copying it takes longer than the build.
copy_repository() {
  local copy=$root/home/tester/muvm directory path
  install -d -m 755 "$copy"
  git -c safe.directory='*' ls-files --cached --others --exclude-standard --deduplicate -z |
    while IFS= read -r -d '' path; do [ ! -e "$path" ] || printf '%s\0' "$path"; done |
    tar -c --null --no-recursion -T - | tar -x -C "$copy"
  chown -R 1000:1000 "$root/home/tester"
  for directory in node_modules packages/*/node_modules; do
    [ -d "$directory" ] || continue
    install -d "$copy/$directory"
    mount --bind "$directory" "$copy/$directory"
    mount -o remount,bind,ro "$copy/$directory"
  done
}

# A directory that only root can enter hides the host's directory from the tester.
bind_results() {
  install -d -m 700 "$root/mnt/host"
  mkdir "$root/mnt/host/results"
  mount --bind "$results" "$root/mnt/host/results"
}

mount_root
mount_devices
set_up_network
copy_repository
bind_results
hostname trixie
cd "$root"
pivot_root . .
umount -l .
exec chroot . /bin/bash /home/tester/muvm/scripts/trixie/become-tester.sh "$@"

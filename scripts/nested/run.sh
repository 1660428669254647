#!/bin/bash
# Runs a command for the libkrun driver as an ordinary user: in a guest of the qemu driver, because that has KVM.
#
#     run.sh RESULTS COMMAND…
#
# RESULTS: a directory below test/results for the files that the command writes to MUVM_TEST_RESULTS.
set -uo pipefail
cd "$(dirname "$0")/../.."
: "${HOME:=$(getent passwd "$(id -u)" | cut -d : -f 6)}"
results=$PWD/test/results/$1
shift

# Keeps this VM apart from all others, and leaves no file of it.
directory=$(mktemp -d "${TMPDIR:-/tmp}/muvm-suite-XXXXXX")
mkdir -m 700 "$directory/run" "$directory/state" "$directory/config"
export XDG_RUNTIME_DIR=$directory/run XDG_STATE_HOME=$directory/state XDG_CONFIG_HOME=$directory/config
permission=()
[ "$(id -u)" -ne 0 ] || permission=(--allow-root)
end() {
  node host/bin/muvm.cjs --stop >/dev/null 2>&1
  rm -rf "$directory"
}
trap end EXIT

# QEMU 7.2 corrupts the flags of a nested guest if a CMPXCHG16B hits a missing page (a double fault in kmalloc, about one boot
# in two hundred). Without that instruction kernels use another one. With KVM nothing is emulated.
if [ "$(uname -m)" = x86_64 ] && ! node host/bin/muvm.cjs --doctor | grep -q '^ok *kvm '; then
  export MUVM_DEBUG_QEMU_ARGS='-cpu max,-erms,-fsrm,-cx16'
fi

# A udev in this VM would take back the devices that the suite gives to its user.
export MUVM_UDEVD_PATH=/nonexistent

# A libkrun with a GPU, if "make libkrun-gpu" has built one.
built=("${XDG_CACHE_HOME:-$HOME/.cache}"/muvm/libkrun-gpu/*/libkrun.so.1)
export MUVM_TEST_LIBKRUN_GPU=${MUVM_TEST_LIBKRUN_GPU:-$(printf '%s\n' "${built[@]}" | sort -V | tail -1)}

rm -rf "$results"
mkdir -p "$results"
node host/bin/muvm.cjs "${permission[@]}" --vmm qemu --mem 6144 -q --privileged -e MUVM_TEST_LONG \
  -e MUVM_TEST_LIBKRUN_GPU -- \
  sh scripts/nested/guest.sh "$(id -u)" "$results" "$@"

#!/bin/sh
# Downloads programs for another processor to dist/foreign for the tests of emulation: Debian's packages, with a private state
# of apt, so that the host gets no second architecture. Without apt, or without an archive, the script prints the reason, and
# the tests are skipped.
set -eu
cd "$(dirname "$0")/.."

PACKAGES='busybox-static libc6 hello'
TIMEOUT_S=300

say() { echo "foreign programs: $*" >&2; }
skip() { say "the tests of emulation will be skipped: $*"; exit 0; }

target=$PWD/dist/foreign
[ ! -e "$target/.done" ] || exit 0
case "$(uname -m)" in
  x86_64) architecture=arm64 ;;
  aarch64) architecture=amd64 ;;
esac
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip 'apt is not installed'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
: > "$work/status"
cat > "$work/apt.conf" <<END
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "root";
Acquire::http::Timeout "20";
Dir::State "$work";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
END
export APT_CONFIG="$work/apt.conf"

say "downloading $architecture packages for the tests: $PACKAGES"
fetch() { cd "$work/packages" && timeout "$TIMEOUT_S" apt-get -qq update && timeout "$TIMEOUT_S" apt-get -qq download $PACKAGES; }
(fetch) >"$work/log" 2>&1 || skip "apt cannot download $architecture packages: $(tail -n 1 "$work/log")"
rm -rf "$target"
mkdir -p "$target"
for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$target"; done
# In later releases another package contains the links of the root directory.
for name in bin lib lib64; do
  [ -e "$target/$name" ] || [ ! -d "$target/usr/$name" ] || ln -s "usr/$name" "$target/$name"
done
# The tests need only programs and the libraries that they load.
rm -rf "$target/usr/share" "$target"/lib/*/gconv "$target"/usr/lib/*/gconv
touch "$target/.done"

#!/bin/sh
# Checks that the programs and libraries of a purpose are installed, and installs them on request.
#
#     system-packages.sh [--install] PURPOSE
#
#     PURPOSE    run: programs that muvm starts; test: these and those of the tests; gpu: the build of libkrun with a GPU
#     --install  install the missing packages if the caller is root
#
# Without --install, or without root, the script prints the command that installs missing packages, and exits with 1.
# It looks for commands and files and not for package names, so that every distribution can pass.
set -eu
cd "$(dirname "$0")/.."

say() { echo "system packages: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
have_virtiofsd() {
  have virtiofsd || [ -x /usr/libexec/virtiofsd ] || [ -x /usr/lib/virtiofsd ] || [ -x /usr/lib/qemu/virtiofsd ]
}
have_header() { have pkg-config && pkg-config --exists "$1"; }
# bindgen loads libclang at build time and reads the headers of the compiler. libclang-cpp is another library.
have_libclang() {
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep '/libclang[-.]' | grep -qv '/libclang-cpp' || return 1
  for header in /usr/lib/llvm-*/lib/clang/*/include/stddef.h /usr/lib64/clang/*/include/stddef.h /usr/lib/clang/*/include/stddef.h; do
    [ ! -e "$header" ] || return 0
  done
  return 1
}
have_static_libc() { have cc && [ "$(cc -print-file-name=libc.a)" != libc.a ]; }
have_bash_completion() { [ -r /usr/share/bash-completion/bash_completion ]; }

have_xshmfence() {
  for directory in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib; do
    [ ! -e "$directory/libxshmfence.so.1" ] || return 0
  done
  return 1
}

case "$(uname -m)" in
  x86_64) qemu=qemu-system-x86_64 foreign=aarch64 ;;
  aarch64) qemu=qemu-system-aarch64 foreign=x86_64 ;;
  *) say "Cannot run muvm on \"$(uname -m)\": expected x86_64 or aarch64"; exit 1 ;;
esac

# Prints the missing packages of the purpose. Arguments: the package manager.
missing_packages() {
  if [ "$purpose" = gpu ]; then
    missing_for_gpu "$1"
  else
    missing_to_run "$1"
    [ "$purpose" != test ] || missing_to_test "$1"
  fi
}

missing_to_run() {
  have "$qemu" || case "$1-$qemu" in
    apt-qemu-system-x86_64) echo qemu-system-x86 ;;
    apt-*) echo qemu-system-arm ;;
    dnf-qemu-system-x86_64) echo qemu-system-x86-core ;;
    dnf-*) echo qemu-system-aarch64-core ;;
    pacman-qemu-system-x86_64) echo qemu-system-x86 ;;
    pacman-*) echo qemu-system-aarch64 ;;
  esac
  have_virtiofsd || case "$1" in
    # Debian 12 has no package of that name: its virtiofsd is in the package of QEMU's common files.
    apt) if apt_has virtiofsd; then echo virtiofsd; else echo qemu-system-common; fi ;;
    *) echo virtiofsd ;;
  esac
  have setsid && have mount || echo util-linux
}

missing_for_gpu() {
  have cc || echo gcc
  have_static_libc || case "$1" in apt) echo libc6-dev ;; dnf) echo glibc-static ;; *) echo glibc ;; esac
  have pkg-config || case "$1" in pacman) echo pkgconf ;; dnf) echo pkgconf-pkg-config ;; *) echo pkg-config ;; esac
  for library in virglrenderer epoxy libdrm; do
    have_header "$library" || header_package "$1" "$library"
  done
  have_libclang || case "$1" in apt) echo libclang-dev ;; dnf) echo clang-devel ;; *) echo clang ;; esac
}

missing_to_test() {
  have tmux || echo tmux
  have passt || echo passt
  have ssh-agent && have ssh-add || case "$1" in apt) echo openssh-client ;; dnf) echo openssh-clients ;; *) echo openssh ;; esac
  have ip || case "$1" in dnf) echo iproute ;; *) echo iproute2 ;; esac
  have mkfs.erofs || echo erofs-utils
  have "qemu-$foreign-static" || have "qemu-$foreign" || case "$1-$foreign" in
    dnf-x86_64) echo qemu-user-static-x86 ;;
    dnf-*) echo qemu-user-static-aarch64 ;;
    *) echo qemu-user-static ;;
  esac
  have Xvfb || case "$1" in apt) echo xvfb ;; dnf) echo xorg-x11-server-Xvfb ;; *) echo xorg-server-xvfb ;; esac
  for client in xdpyinfo xlsfonts xprop xev xwininfo; do
    have "$client" || case "$1" in apt) echo x11-utils ;; dnf) echo "$client" ;; *) echo "xorg-$client" ;; esac
  done
  have xlogo || case "$1" in apt) echo x11-apps ;; dnf) echo xlogo ;; *) echo xorg-xlogo ;; esac
  have x11perf || case "$1" in apt) echo x11-apps ;; dnf) echo x11perf ;; *) echo xorg-x11perf ;; esac
  have socat || echo socat
  have xterm || echo xterm
  have xclip || echo xclip
  have xdotool || echo xdotool
  have_xshmfence || case "$1" in apt) echo libxshmfence1 ;; *) echo libxshmfence ;; esac
  have strace || echo strace
  have import && have display || case "$1" in dnf) echo ImageMagick ;; *) echo imagemagick ;; esac
  have zenity || echo zenity
  have less || echo less
  have zsh || echo zsh
  have fish || echo fish
  have_bash_completion || echo bash-completion
  have mandoc || case "$1" in pacman) : ;; *) echo mandoc ;; esac
  have man || echo man-db
  have vi || case "$1" in apt) echo vim-tiny ;; dnf) echo vim-minimal ;; pacman) echo vi ;; esac
  # For AppImages: fusermount3, which has root's rights, mounts a file system of the user.
  have squashfuse || echo squashfuse
  have mksquashfs || echo squashfs-tools
  have fusermount3 || echo fuse3
  [ -x /usr/lib/systemd/systemd-udevd ] || [ -x /lib/systemd/systemd-udevd ] || have udevd || case "$1" in
    apt) echo udev ;; dnf) echo systemd-udev ;; pacman) echo systemd ;;
  esac
  have perl || echo perl
  have ps && have top || case "$1" in apt) echo procps ;; *) echo procps-ng ;; esac
}

# Arguments: the package manager, and pkg-config's name of the library.
header_package() {
  base=${2#lib}
  case "$1-$base" in
    apt-virglrenderer) echo libvirglrenderer-dev ;;
    apt-*) echo "lib$base-dev" ;;
    dnf-virglrenderer) echo virglrenderer-devel ;;
    dnf-*) echo "lib$base-devel" ;;
    *-virglrenderer) echo virglrenderer ;;
    *) echo "lib$base" ;;
  esac
}

apt_has() { [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]; }

install_command() {
  case "$1" in
    apt) echo "apt-get install -y --no-install-recommends $2" ;;
    dnf) echo "dnf install -y --setopt=install_weak_deps=False $2" ;;
    pacman) echo "pacman -S --needed --noconfirm $2" ;;
  esac
}

may_install=
if [ "${1-}" = --install ]; then
  may_install=yes
  shift
fi
purpose=${1-}
case "$purpose" in
  run | test | gpu) ;;
  *) say "Cannot check packages for \"$purpose\": expected run, test or gpu"; exit 1 ;;
esac

for manager in apt-get dnf pacman; do have "$manager" && break; done
name=${manager%-get}
have "$manager" || name=none
packages=$(missing_packages "$name" | sort -u | tr '\n' ' ')
packages=${packages% }
[ -n "$packages" ] || exit 0

if [ "$name" = none ]; then
  say "missing: $packages. Install them with the package manager of this distribution, then try again"
  exit 1
fi
command=$(install_command "$name" "$packages")
if [ -z "$may_install" ] || [ "$(id -u)" -ne 0 ]; then
  sudo=sudo
  [ "$(id -u)" -ne 0 ] || sudo=
  say "missing: $packages. Install them with:"
  echo "    ${sudo:+sudo }$command" >&2
  exit 1
fi
say "installing: $packages"
# apt knows the distribution's package names only after an update, and those decide between two of ours.
[ "$name" != apt ] || { apt-get -q update && packages=$(missing_packages apt | sort -u | tr '\n' ' '); }
DEBIAN_FRONTEND=noninteractive sh -c "$(install_command "$name" "$packages")" </dev/null

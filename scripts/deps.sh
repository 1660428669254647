#!/bin/sh
# Installs what is missing to build and run muvm, and says so: npm packages, then programs of the system.
#
#     deps.sh [--test | --gpu]      --test adds what only the tests use, --gpu what libkrun with a GPU is built with
#
# What is there is found by command or file, never by package name, so that every distribution can pass.
set -eu
cd "$(dirname "$0")/.."

say() { echo "deps: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }
have_virtiofsd() {
  have virtiofsd || [ -x /usr/libexec/virtiofsd ] || [ -x /usr/lib/virtiofsd ] || [ -x /usr/lib/qemu/virtiofsd ]
}
have_header() { have pkg-config && pkg-config --exists "$1"; }
have_libclang() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q '/libclang[-.]'; }
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
  *) say "muvm runs on x86_64 and aarch64; this is $(uname -m)" >&2; exit 1 ;;
esac

check_node() {
  if ! have node || ! have npm; then
    say 'Cannot go on without "node" (20.11 or later) and "npm": see nodejs.org, or your distribution' >&2
    exit 1
  fi
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 11) ? 0 : 1)' || {
    say "Cannot use Node $(node -v): it must be at least 20.11" >&2
    exit 1
  }
}

# Not "npm ci", which insists that a registry has the optional packages of all platforms, those of others included.
install_npm_packages() {
  if ! cmp -s package-lock.json node_modules/.muvm-lock.json || [ ! -e node_modules/.bin/muvm ]; then
    say 'installing the npm packages of package-lock.json into node_modules'
    npm install --no-save
    cp package-lock.json node_modules/.muvm-lock.json
  fi
  node scripts/kernel-package.mjs
}

# The words for one package manager, of all that is missing. Arguments: its name.
missing_packages() {
  have "$qemu" || case "$1-$qemu" in
    apt-qemu-system-x86_64) echo qemu-system-x86 ;;
    apt-*) echo qemu-system-arm ;;
    dnf-qemu-system-x86_64) echo qemu-system-x86-core ;;
    dnf-*) echo qemu-system-aarch64-core ;;
    pacman-qemu-system-x86_64) echo qemu-system-x86 ;;
    pacman-*) echo qemu-system-aarch64 ;;
  esac
  have_virtiofsd || case "$1" in
    # Debian 12 has no package of that name: its virtiofsd comes with QEMU's common files.
    apt) if apt_has virtiofsd; then echo virtiofsd; else echo qemu-system-common; fi ;;
    *) echo virtiofsd ;;
  esac
  have setsid && have mount || echo util-linux
  if [ "$wanted" = --gpu ]; then
    have cc || echo gcc
    have_static_libc || case "$1" in apt) echo libc6-dev ;; dnf) echo glibc-static ;; *) echo glibc ;; esac
    have pkg-config || case "$1" in pacman) echo pkgconf ;; dnf) echo pkgconf-pkg-config ;; *) echo pkg-config ;; esac
    for library in virglrenderer epoxy libdrm; do
      have_header "$library" || header_package "$1" "$library"
    done
    have_libclang || case "$1" in apt) echo libclang-dev ;; dnf) echo clang-devel ;; *) echo clang ;; esac
  fi
  if [ "$wanted" = --test ]; then
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
    # The AppImage case: a file system of the user's, mounted by fusermount3, which has the rights of root.
    have squashfuse || echo squashfuse
    have mksquashfs || echo squashfs-tools
    have fusermount3 || echo fuse3
    [ -x /usr/lib/systemd/systemd-udevd ] || [ -x /lib/systemd/systemd-udevd ] || have udevd || case "$1" in
      apt) echo udev ;; dnf) echo systemd-udev ;; pacman) echo systemd ;;
    esac
    have perl || echo perl
    have ps && have top || case "$1" in apt) echo procps ;; *) echo procps-ng ;; esac
  fi
}

# Arguments: the package manager, and the name by which pkg-config knows the library.
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

install_system_packages() {
  for manager in apt-get dnf pacman; do have "$manager" && break; done
  name=${manager%-get}
  have "$manager" || name=none
  [ -n "$(missing_packages "$name")" ] || return 0
  if [ "$name" = none ]; then
    say "Cannot find $qemu, virtiofsd or util-linux, nor a package manager known here: install them, then try again" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "missing on this system; install it with:" >&2
    echo "    sudo $(install_command "$name")" >&2
    exit 1
  fi
  [ "$name" != apt ] || apt-get -q update
  say "installing for the system: $(missing_packages "$name" | tr '\n' ' ')"
  DEBIAN_FRONTEND=noninteractive sh -c "$(install_command "$name")" </dev/null
}

install_command() {
  packages=$(missing_packages "$1" | tr '\n' ' ')
  case "$1" in
    apt) echo "apt-get install -y --no-install-recommends $packages" ;;
    dnf) echo "dnf install -y --setopt=install_weak_deps=False $packages" ;;
    pacman) echo "pacman -S --needed --noconfirm $packages" ;;
  esac
}

wanted=${1-}
check_node
install_npm_packages
install_system_packages
[ "$wanted" != --test ] || scripts/foreign-programs.sh

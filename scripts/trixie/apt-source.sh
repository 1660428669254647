# Reads apt's configuration of the host. Sourced by tree.sh.

# Prints the URI of the Debian archive that apt uses.
debian_mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

# Exports the proxies of apt, which debootstrap does not read.
export_proxies() {
  local http='' https=''
  eval "$(apt-config shell http Acquire::http::Proxy https Acquire::https::Proxy)"
  [ -z "$http" ] || [ "$http" = DIRECT ] || export http_proxy=$http
  [ -z "$https" ] || [ "$https" = DIRECT ] || export https_proxy=$https
}

# Copies apt's settings for downloads, and the certificates they need, into a tree. Argument: the tree.
copy_download_settings() {
  apt-config dump --format '%F "%v";%n' Acquire | grep -E '^Acquire::(https?|Retries|Check)\b' \
    >"$1/etc/apt/apt.conf.d/90host" || true
  local file
  for file in $(apt-config dump --format '%v%n' Acquire::https::CaInfo Acquire::https::SslCert Acquire::https::SslKey); do
    [ ! -f "$file" ] || install -D -m 644 "$file" "$1$file"
  done
}

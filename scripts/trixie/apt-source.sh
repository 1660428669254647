# Reads apt's configuration of the host: where Debian's archive is, and how to get there. Sourced.

# Prints the URI of the Debian archive that apt uses.
debian_mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

apt_value() { apt-config dump --format '%v' "$1"; }

# Exports the proxies of apt, which debootstrap does not read.
export_proxies() {
  local scheme proxy
  for scheme in http https; do
    proxy=$(apt_value "Acquire::$scheme::Proxy")
    [ -z "$proxy" ] || [ "$proxy" = DIRECT ] || export "${scheme}_proxy=$proxy"
  done
}

# Prints apt's certificates as settings of wget, which debootstrap downloads with.
wget_settings() {
  local pair value
  for pair in ca_certificate:CaInfo certificate:SslCert private_key:SslKey; do
    value=$(apt_value "Acquire::https::${pair#*:}")
    [ -z "$value" ] || echo "${pair%:*} = $value"
  done
}

# Prints the files of apt's certificates.
certificate_files() {
  local name
  for name in CaInfo SslCert SslKey; do apt_value "Acquire::https::$name" && echo; done | grep . || true
}

# Prints apt's settings for downloads, in the form of apt.conf(5).
download_settings() { apt-config dump --format '%F "%v";%n' Acquire | grep -E '^Acquire::(https?|Retries|Check)\b' || true; }

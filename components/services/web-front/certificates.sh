# Has nginx serve each site whose certificate is there, and no other. Reads lines of a site, its certificate and its key.
# shellcheck shell=sh

main() {
  listed=$1
  state=$2
  changed=no
  for kept in "$state"/*; do
    [ -d "$kept" ] || continue
    grep -q "^${kept##*/} " "$listed" || { rm -rf "$kept"; changed=yes; }
  done
  while read -r site certificate key; do
    mkdir -p "$state/$site"
    served "$site" "$certificate" "$key" >"$state/$site/new"
    if cmp -s "$state/$site/new" "$state/$site/certificate.conf"; then
      rm "$state/$site/new"
    else
      mv "$state/$site/new" "$state/$site/certificate.conf"
      changed=yes
    fi
  done <"$listed"
  [ "$changed" = no ] || systemctl try-reload-or-restart nginx.service
}

# What nginx is told of a site. A certificate of other bytes under the same name is told from the one before.
served() {
  if [ ! -s "$2" ] || [ ! -s "$3" ]; then
    echo "garrison: $1 has no certificate yet: $2 and $3" >&2
    return
  fi
  end=$(openssl x509 -in "$2" -noout -enddate 2>/dev/null) || { echo "garrison: $2 is no certificate" >&2; return; }
  [ "$(openssl x509 -in "$2" -noout -pubkey)" = "$(openssl pkey -in "$3" -pubout 2>/dev/null)" ] || {
    echo "garrison: $3 is not the key of $2" >&2
    return
  }
  openssl x509 -in "$2" -noout -checkend 1814400 >/dev/null || echo "garrison: the certificate of $1 ends soon: ${end#notAfter=}" >&2
  printf '# %s, until %s\n' "$(cat "$2" "$3" | sha256sum | cut -d ' ' -f 1)" "${end#notAfter=}"
  printf 'ssl_reject_handshake off;\nssl_certificate %s;\nssl_certificate_key %s;\n' "$2" "$3"
}

#!/bin/sh
# Squid takes no port that looks into TLS without a certificate; nothing is ever signed with this one, or shown it.
set -eu
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=unused \
  -keyout /tmp/unused.pem -out /tmp/unused.pem 2>/dev/null
[ $# -gt 0 ] || set -- -N
exec squid "$@" -f /etc/egress-proxy/squid.conf

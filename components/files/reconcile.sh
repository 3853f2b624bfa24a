# Tells a running server what it has to know: hands a text to a program in its container, on that program's stdin. The text
# holds secrets: it is an argument of a function and of the shell's own printf only, and no process is shown it.
set -eu
. ../host/own-printf.sh
# reconcile <container> <base64> <program> <word>...
reconcile() {
  container=$1
  input=$2
  shift 2
  code=0
  printf %s "$input" | base64 -d | docker exec -i "$container" "$@" || code=$?
  [ "$code" = 0 ] || fail "$1 in $container ended with exit code $code, so it does not know what it has to; type on its machine: docker logs --tail 20 $container"
}

# Before a script that holds secrets: it prints nothing, and neither does the shell that stumbles over it, but for what it
# writes to the file descriptor $tell in words of its own.
exec 3>&2 >/dev/null 2>&1
export tell=3
silent_end() {
  code=$?
  [ "$code" = 0 ] || echo "garrison: ended with exit code $code; what else was printed is not shown, because the script holds secrets" >&3
}
trap silent_end EXIT

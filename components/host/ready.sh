# What a new machine is asked, once it answers.
# ready <program>
ready() {
  cloud-init status --wait </dev/null >/dev/null 2>&1
  case $? in
    0 | 2) ;;
    *) cloud-init status --long >&2; echo "garrison: cloud-init failed; on the machine: less /var/log/cloud-init-output.log" >&2; exit 1 ;;
  esac
  [ -s "$1" ] || { echo "garrison: the machine was born without its program; on the machine: less /var/log/cloud-init-output.log" >&2; exit 1; }
  exec sh "$1" rekey </dev/null
}

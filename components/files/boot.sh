# Fills the memory again at a start of the machine.
set -eu
# refill <unit> <store>
refill() {
  fill=$(systemd-creds --name="$1" decrypt "$2/files.cred" -)
  printf '%s\n' "$fill" | sh
}

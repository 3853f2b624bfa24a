import { bootUnit } from "../host/boot-unit.ts";
import { shellQuote } from "../host/shell.ts";
import { filesRoot } from "./plan-files.ts";
import type { ServiceFiles } from "./plan-files.ts";

/** Much more than the files of any machine, and little enough that it can never be the host's memory. */
const SIZE = "16m";

/**
 * Puts files where they belong, below the memory that {@link filesRoot} names. Each is written beside its place and
 * renamed, so that a reader finds the old one or the new one; directories stay the ones that containers have mounted.
 * Contents are arguments of functions and of the shell's own printf: no other process, and no temporary file, sees them.
 * Programs that see no content say what is wrong on `$tell`, which is open also where nothing else may be printed.
 */
const FILL = `set -eu
umask 077
tell=\${tell:-2}
fail() { printf 'garrison: %s\\n' "$*" >&"$tell"; exit 1; }
[ "$(command -v printf)" = printf ] || fail "this machine's sh has no printf of its own: another program would be handed the secrets as arguments; make /bin/sh dash or bash"
memory() {
  [ -d /run/garrison ] || mkdir -m 0711 /run/garrison 2>&"$tell"
  [ -d "$1" ] || mkdir -m 0711 "$1" 2>&"$tell"
  options=size=${SIZE},mode=0711,nodev,nosuid,noexec
  found=$(awk -v at="$1" '$2 == at { type = $3 } END { print type }' /proc/self/mounts)
  case $found in
    tmpfs) mount -o "remount,$options" "$1" 2>&"$tell" ;;
    # Kernels before 6.4 do not know noswap.
    "") mount -t tmpfs -o "$options,noswap" tmpfs "$1" 2>/dev/null || mount -t tmpfs -o "$options" tmpfs "$1" 2>&"$tell" ;;
    *) fail "$1 is a mounted $found, not memory; type: umount $1" ;;
  esac
  chmod 0711 "$1"
  at=$1
}
directory() {
  service=$at/$1
  owner=$2
  directory=$service/$3
  for path in "$service" "$directory"; do [ -d "$path" ] || mkdir -m 0755 "$path"; done
}
file() {
  if [ -f "$directory/$1" ] && [ "$(stat -c %u:%g:%a "$directory/$1")" = "$owner:400" ]; then
    printf %s "$2" | base64 -d | cmp -s - "$directory/$1" && return 0
  fi
  new=$directory/.$1.new
  printf %s "$2" | base64 -d >"$new"
  chmod 0400 "$new"
  chown "$owner" "$new"
  mv -f "$new" "$directory/$1"
}
# Removes from a directory what is not named.
only() {
  within=$1
  shift
  for entry in "$within"/* "$within"/.[!.]* "$within"/..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    for name in "$@"; do [ "$entry" != "$within/$name" ] || continue 2; done
    rm -rf -- "$entry"
  done
}
`;

/**
 * The command around it. Nothing is done before the last line has come in, so that a connection that breaks does
 * nothing instead of half. Where there is systemd, the script above is kept encrypted, and run again before Docker starts.
 */
const DELIVER = `set -eu
umask 077
mode=$1
tell=\${tell:-2}
fail() { printf 'garrison: %s\\n' "$*" >&"$tell"; exit 1; }
keep() {
  [ -d /run/systemd/system ] || return 0
  # systemd takes credentials of up to 1 MiB.
  [ \${#fill} -le 1048576 ] || fail "the files are $((\${#fill} / 1024)) KiB, and systemd-creds keeps 1024; make them smaller"
  command -v systemd-creds >/dev/null || fail "systemd-creds is missing: a reboot could not bring the files back; it is part of systemd 250 and newer"
  export SYSTEMD_LOG_LEVEL=err
  [ -d "$store" ] || mkdir -p -m 0700 "$store"
  [ -f "$store/files.cred" ] && [ "$(systemd-creds --name="$unit" decrypt "$store/files.cred" - 2>/dev/null)" = "$fill" ] && return 0
  printf '%s\\n' "$fill" | systemd-creds --name="$unit" encrypt - "$store/files.cred.new" 2>&"$tell"
  mv -f "$store/files.cred.new" "$store/files.cred"
}
forget() {
  rm -f "$store/files.cred" "$store/files.cred.new"
  [ ! -d "$store" ] || rmdir "$store" 2>/dev/null || true
  [ -d "$root" ] || return 0
  rm -rf -- "$root"/*
  ! awk -v at="$root" '$2 == at { found = 1 } END { exit !found }' /proc/self/mounts || umount "$root"
  rmdir "$root"
  rmdir /run/garrison 2>/dev/null || true
}
deliver() {
  [ "$(id -u)" = 0 ] || fail "only root can give files to their services"
  if [ "$mode" = remove ]; then forget; else printf '%s\\n' "$fill" | sh; keep; fi
`;

/**
 * Delivers the files of an estate to its host: with `apply` they are there and nothing else is, with `remove` they are
 * gone. Touches nothing outside the estate's own directories. Holds the secrets: it is handed over on stdin only.
 *
 * @param files with every reference filled in
 */
export function filesScript(estate: string, files: readonly ServiceFiles[]): string {
  const unit = `garrison-${estate}-files`;
  const store = `/var/lib/garrison/${estate}`;
  const variables = { unit, store, root: filesRoot(estate), fill: fillScript(estate, files) };
  const boot = bootUnit({
    name: unit,
    description: `Configuration and secrets of the containers of estate ${estate}`,
    script: `set -eu
fill=$(systemd-creds --name=${unit} decrypt ${store}/files.cred -)
printf '%s\\n' "$fill" | sh`,
  });
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}\n`);
  return [DELIVER, boot, "}\n", ...assignments, "deliver\n"].join("");
}

function fillScript(estate: string, files: readonly ServiceFiles[]): string {
  const root = filesRoot(estate);
  const below = (path: string): string => path.slice(root.length + 1);
  const writes = files.flatMap(({ service, user, directories }) =>
    directories.flatMap(({ source, files: texts }) => [
      call("directory", service, `${String(user.uid)}:${String(user.gid)}`, below(source).slice(service.length + 1)),
      ...Object.entries(texts).map(([name, text]) => call("file", name, Buffer.from(text).toString("base64"))),
    ]),
  );
  const clean = [
    call("only", root, ...files.map(({ service }) => service)),
    ...files.flatMap(({ service, directories }) => [
      call("only", `${root}/${service}`, ...directories.map(({ source }) => below(source).slice(service.length + 1))),
      ...directories.map(({ source, files: texts }) => call("only", source, ...Object.keys(texts))),
    ]),
  ];
  return [FILL + call("memory", root), ...writes, ...clean].join("\n");
}

function call(name: string, ...args: readonly string[]): string {
  return [name, ...args.map(shellQuote)].join(" ");
}

import { oneBlank } from "./blanks.ts";
import { lexical } from "./host-path.ts";

/** Files by which whoever writes them becomes another user, root included: `*` is one segment, a directory counts whole. */
const PLACES: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\/etc\/ld\.so\.(?:preload|conf|conf\.d\/.+|cache)$/, "libraries that every program loads"],
  [
    /^(?:\/usr)?\/lib(?:32|64)?\/(?:[\w-]+\/)?(?:ld-|libc[.-]|libpam|libnss_|security\/)[^/]*$/,
    "libraries of the system",
  ],
  [/^\/etc\/(?:passwd|shadow|group|gshadow|subuid|subgid)-?$/, "the users and their passwords"],
  [/^\/etc\/(?:sudoers|sudoers\.d\/.+|doas\.conf|sudo\.conf)$/, "who may become root"],
  [/^\/etc\/(?:pam\.conf|pam\.d\/.+|security\/.+|polkit-1\/.+|login\.defs|securetty)$/, "how users log in"],
  [
    /(?:^|\/)\.ssh\/(?:authorized_keys2?|rc|environment|config)$|^\/etc\/ssh\/sshd_config(?:\.d\/.+)?$/,
    "who may log in",
  ],
  [
    /^\/etc\/(?:crontab|cron\.[\w-]+(?:\/.+)?|anacrontab|periodic\/.+)$|^\/var\/spool\/(?:cron|at)\/.+$/,
    "jobs that root runs",
  ],
  [
    /^\/etc\/(?:init\.d\/.+|rc\.local|rc\.common|inittab|systemd\/.+)$|^(?:\/usr)?\/lib\/systemd\/.+$/,
    "what root starts",
  ],
  [/^\/etc\/(?:profile|profile\.d\/.+|bash\.bashrc|bashrc|zsh\/.+|zshenv|environment)$/, "what every shell runs"],
  [/^\/root\/\.(?:bashrc|profile|bash_profile|bash_login|zshrc|zshenv)$/, "what root's shell runs"],
  [/^\/etc\/(?:binfmt\.d\/.+|modprobe\.d\/.+|modules-load\.d\/.+|udev\/.+)$/, "what the kernel runs"],
  [
    /^(?:\/usr)?\/s?bin\/(?:su|sudo|doas|passwd|login|mount|umount|newgrp|sh|bash|dash|env|runc|docker-init|tini)$/,
    "a program of the system",
  ],
];

/** What a file at this path of a container rules over, or undefined where it is the container's own. */
export function powerOfFile(path: string): string | undefined {
  const plain = lexical(`/${path}`);
  return PLACES.find(([pattern]) => pattern.test(plain))?.[1];
}

/** Those that no image needs from outside: users and keys come to many images as a mount. */
const NEVER_MOUNTED = /ld\.so\.(?:preload|conf)|\/(?:sudoers|sudo\.conf|pam\.(?:d|conf)|doas\.conf|security|polkit-1)/;

/** The same of what is mounted there: a directory is as good as each of its files. */
export function powerOfMount(path: string): string | undefined {
  if (!NEVER_MOUNTED.test(path)) return undefined;
  return powerOfFile(path) ?? powerOfFile(`${path}/any`);
}

/** Where every user of a container may write. */
const FOR_EVERYBODY = /^\/(?:tmp|var\/tmp|dev\/shm|run\/lock)\//;

/**
 * The library in a place for everybody that a variable has every program load, or undefined.
 *
 * @param writable directories of the container that are mounted and may be written
 */
export function preloadedFrom(name: string, value: string, writable: readonly string[]): string | undefined {
  if (!/^LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)$/.test(name)) return undefined;
  return value
    .split(/[:\s]+/)
    .filter((path) => path.startsWith("/"))
    .map((path) => lexical(path))
    .find((path) => FOR_EVERYBODY.test(`${path}/`) || writable.some((directory) => isBelow(path, directory)));
}

function isBelow(path: string, directory: string): boolean {
  return `${path}/`.startsWith(`${lexical(directory).replace(/\/$/, "")}/`);
}

const SETUID = 0o4000;
const SETGID = 0o2000;

/** The bits of a mode that give a program the rights of its owner or group; undefined where there are none. */
export function specialBits(mode: number): string | undefined {
  if ((mode & SETUID) !== 0) return "setuid";
  return (mode & SETGID) !== 0 ? "setgid" : undefined;
}

/** Harmless file capabilities: a low port, a ping. */
const GRAVE_CAPABILITY = /cap_(?!net_bind_service\b|net_raw\b)[a-z_]+/i;
const OPTIONS = "(?:\\s{1,9}-{1,2}[\\w-]{1,30}){0,6}";

const WAYS: readonly (readonly [pattern: RegExp, found: string])[] = [
  [
    new RegExp(
      `\\bchmod${OPTIONS}\\s{1,9}["']?(?:0?[4-7][0-7]{3}\\b|[ugoa]{0,4}[+=][rwxXt]{0,5}s|[^\\s]{0,40},u?[+=][rwxXt]{0,5}s)`,
    ),
    "a file made setuid",
  ],
  [/\bchmod\b[^;|&\n]{0,100}--reference=\S{0,60}\/(?:su|sudo|passwd|mount)\b/, "a file made setuid"],
  [/\bchmod\([^)]{0,200}0o?[4-7][0-7]{3}\b/, "a file made setuid"],
  [
    /\binstall\b[^;|&\n]{0,200}\s(?:-m\s{0,3}|--mode[=\s])["']?(?:0?[4-7][0-7]{3}\b|[ugoa,=+rwx]{0,12}s)/,
    "a file made setuid",
  ],
  [
    />>?\s{0,9}["']?\/etc\/(?:ld\.so\.preload|sudoers|doas\.conf|shadow|passwd|crontab|cron\.d\/|pam\.d\/)/,
    "a file of the system written",
  ],
  [
    /\btee\b[^;|&\n]{0,60}\s["']?\/etc\/(?:ld\.so\.preload|sudoers|doas\.conf|shadow|passwd|crontab|cron\.d\/|pam\.d\/)/,
    "a file of the system written",
  ],
];

/** How a shell's text, or the words of a command, give an ordinary process more rights. */
export function rightsGivenBy(text: string): string | undefined {
  const known = oneBlank(text).slice(0, 100_000);
  const way = WAYS.find(([pattern]) => pattern.test(known))?.[1];
  if (way !== undefined) return way;
  const capabilities = /\bsetcap\b([^;|&\n]{0,200})/i.exec(known)?.[1];
  return capabilities !== undefined && GRAVE_CAPABILITY.test(capabilities) ? "a file given capabilities" : undefined;
}

import { posix } from "node:path";
import type { Problem } from "#components/lib/problems.ts";
import type { HostFile, HostSpec } from "./host-spec.ts";
import { renderEntries } from "./render/render-entries.ts";

/** Where a machine's own files may lie. The program shows its checkers copies of the first two. */
const ALLOWED_ROOTS = ["/etc", "/usr/local", "/opt/garrison", "/srv"] as const;

/** Files that decide who is who, and ones that other parts of the specification make. */
const CLOSED = [
  "/etc/passwd",
  "/etc/shadow",
  "/etc/group",
  "/etc/gshadow",
  "/etc/subuid",
  "/etc/subgid",
  "/etc/sudoers",
  "/etc/machine-id",
  "/etc/fstab",
  "/etc/ssh/ssh_host_ed25519_key",
  "/etc/ld.so.preload",
];

/** Directories whose files decide who gets in: written by the machine's specification of that, and by nothing else. */
const CLOSED_DIRECTORIES = ["/etc/ssh", "/etc/sudoers.d", "/etc/pam.d", "/etc/systemd/system", "/etc/garrison"];

export function fileProblems(spec: HostSpec): Problem[] {
  return [...(spec.files ?? []).flatMap(placeProblems), ...twice(spec)];
}

function placeProblems({ path, mode = "0644", owner = "root:root", content }: HostFile): Problem[] {
  const property = `files.${path}`;
  const problems: Problem[] = [];
  const within = (directory: string): boolean => path.startsWith(`${directory}/`);
  if (!/^(\/[\w@%+=:,.-]+)+$/.test(path) || posix.normalize(path) !== path) {
    problems.push({
      property,
      found: JSON.stringify(path),
      expected: "an absolute path without .., blanks and signs that a shell knows",
    });
  } else if (!ALLOWED_ROOTS.some(within)) {
    problems.push({
      property,
      found: "outside the allowed roots",
      expected: `a path below ${ALLOWED_ROOTS.join(", ")}`,
    });
  } else if (CLOSED.includes(path) || CLOSED_DIRECTORIES.some(within)) {
    problems.push({
      property,
      found: "a path that decides who gets in or what runs",
      expected: "users, access, units or firewall instead",
    });
  }
  if (!/^0?[0-7]{3}$/.test(mode))
    problems.push({
      property: `${property}.mode`,
      found: mode,
      expected: "three octal digits: no set-user-ID, no sticky bit",
    });
  else if (/[2367]$/.test(mode))
    problems.push({ property: `${property}.mode`, found: mode, expected: "a mode without write for everybody" });
  if (!/^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/.test(owner))
    problems.push({ property: `${property}.owner`, found: owner, expected: "user:group" });
  if (content.includes("\0"))
    problems.push({ property: `${property}.content`, found: "a zero byte", expected: "text" });
  return problems;
}

function twice(spec: HostSpec): Problem[] {
  const paths = renderEntries(spec).map(({ path }) => path);
  return [...new Set(paths.filter((path, index) => paths.indexOf(path) !== index))].map((path) => ({
    property: path,
    found: "made twice",
    expected: "one part of the specification that makes it",
  }));
}

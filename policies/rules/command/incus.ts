import { commandsIn, commandTexts, commandType, RUNNING } from "../../lib/command-texts.ts";
import { dangerOf } from "../../lib/host-path.ts";
import type { Example, Finding, Rule } from "../../lib/rule.ts";

type Flaw = Pick<Finding, "found" | "expected">;

/** Keys by which an instance gets the host's rights; on a command line, in a profile and in a preseed. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/security\.privileged\s*[=:\s]\s*(?:true|1|yes|on)\b/i, "security.privileged"],
  [/raw\.(?:lxc|apparmor|seccomp|idmap|qemu)\s*[=:\s]\s*\S/i, "a raw option"],
  [
    /security\.syscalls\.intercept\.(?:mount|sched_setscheduler|bpf)\s*[=:\s]\s*(?:true|1|yes|on)\b/i,
    "an intercepted mount or BPF call",
  ],
];

export const rule: Rule = {
  id: "command.incus",
  title: "No command gives an Incus instance the rights or the files of the host.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "Root in a privileged instance is root on the host, and a raw option undoes what the instance is confined by.",
  fix: "Leave the option out; instances are unprivileged by default, and a disk device can name a directory made for it.",
  waivable: "by-configuration",
  types: [...RUNNING],
  check: (resource) =>
    commandTexts(resource).flatMap(({ path, value }) => {
      if (!/\b(?:incus|lxc|security\.privileged)\b/.test(value)) return [];
      return commandsIn(value)
        .flatMap((command) => [...keys(command), ...disks(command)])
        .map((flaw) => ({ property: path, ...flaw }));
    }),
  examples: {
    good: [
      run("An unprivileged instance", "incus launch images:debian/12 agent -c security.nesting=true"),
      run("In so many words", "incus config set agent security.privileged=false"),
      run("A directory of its own", "incus config device add agent data disk source=/srv/agent path=/data"),
      run("Another program's option", "echo raw.lxc is not used here"),
    ],
    bad: [
      run("Privileged at its start", "incus launch images:debian/12 agent -c security.privileged=true"),
      run("Privileged later", "lxc config set agent security.privileged true"),
      run("In a profile", "incus profile edit default <<EOF\nconfig:\n  security.privileged: 'true'\nEOF"),
      run("A raw option", "incus config set agent raw.lxc=lxc.apparmor.profile=unconfined"),
      run("The whole host as a disk", "incus config device add agent host disk source=/ path=/host"),
      run("The daemon's socket", "incus config device add agent api disk source=/var/lib/incus/unix.socket path=/s"),
    ],
  },
};

function keys(command: string): Flaw[] {
  if (/^(?:echo|printf|#)/.test(command)) return [];
  return KEYS.filter(([pattern]) => pattern.test(command)).map(([, what]) => ({
    found: `${what} in ${JSON.stringify(command.slice(0, 120))}`,
    expected: "no such option",
  }));
}

function disks(command: string): Flaw[] {
  const source = /\bdevice\s+add\b.{1,500}?\bsource=(\S{1,1000})/.exec(command)?.[1];
  const danger = source?.startsWith("/") === true ? dangerOf(source, { readOnly: false }) : undefined;
  if (danger === undefined) return [];
  return [
    { found: `a disk device from ${source ?? ""}, ${danger.what}`, expected: "a directory made for the instance" },
  ];
}

function run(title: string, create: string): Example {
  return { title, resources: [{ type: commandType.local, name: "run", properties: { create } }] };
}

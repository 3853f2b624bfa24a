import { run } from "#lib/command-examples.ts";
import { instanceFlaws } from "#lib/instance-flaws.ts";
import type { Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";

export const rule: Rule = {
  id: "command.incus",
  title: "No command gives an Incus instance the rights or the files of the host.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "Root in a privileged instance is root on the host, and a raw option undoes what the instance is confined by.",
  fix: "Leave the option out; instances are unprivileged by default, and a disk device can name a directory made for it.",
  waivable: "by-configuration",
  types: [...HOLDING],
  check: (resource) => findingsInScripts(resource, ({ script }) => instanceFlaws(script)),
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
      run(
        "The Docker socket, by a proxy",
        "incus config device add agent api proxy connect=unix:/run/docker.sock listen=unix:/s",
      ),
      run("The daemon's socket", "incus config device add agent api disk source=/var/lib/incus/unix.socket path=/s"),
    ],
  },
};

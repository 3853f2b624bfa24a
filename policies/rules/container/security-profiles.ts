import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { hasOwnKernel } from "#lib/sandboxed-runtime.ts";
import { lastOption, securityOptions } from "#lib/security-options.ts";
import { isUnconfined, labelExpected, profileWeakness } from "../../../containment/profiles.ts";

export const rule: Rule = {
  id: "container.security-profiles",
  title: "No container switches off a security profile of the kernel.",
  severity: "high",
  level: "mandatory",
  references: [
    "CIS Docker 1.6.0, 5.2",
    "CIS Docker 1.6.0, 5.3",
    "CIS Docker 1.6.0, 5.22",
    "Kubernetes PSS baseline",
    "OWASP ASI05",
  ],
  why: "Seccomp, AppArmor and SELinux close the system calls and files by which containers break out.",
  fix: "Remove the option; Docker's own profiles apply then. A profile of your own refuses by default and lists what it allows.",
  waivable: "by-label",
  ...onContainers((container) => [...LAST_WINS.flatMap((name) => lastOf(container, name)), ...flags(container)]),
  examples: {
    good: [
      withContainer("Docker's own profiles", {}),
      withContainer("Profiles by name", {
        securityOpts: ["no-new-privileges:true", "apparmor=docker-default", "label=type:container_t"],
      }),
      withContainer("A profile that refuses by default", {
        securityOpts: [
          "no-new-privileges:true",
          'seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"}]}',
        ],
      }),
      withContainer("Unconfined first, then confined: the last counts", {
        securityOpts: ["no-new-privileges:true", "apparmor=unconfined", "apparmor=docker-default"],
      }),
    ],
    bad: [
      ...[
        "seccomp=unconfined",
        "seccomp:unconfined",
        "SECCOMP=Unconfined",
        "apparmor=unconfined",
        "apparmor:unconfined",
        "label=disable",
        "label:disable",
        "systempaths=unconfined",
        "label=type:spc_t",
        "label:type:unconfined_t",
        "label=user:system_u",
        "label=role:sysadm_r",
        "label=level:s0:c0.c1023",
      ].map((option) => withContainer(option, { securityOpts: ["no-new-privileges:true", option] })),
      withContainer("A profile that allows everything", {
        securityOpts: ["no-new-privileges:true", 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'],
      }),
      withContainer("A profile that only logs", {
        securityOpts: ["no-new-privileges:true", 'seccomp={"defaultAction":"SCMP_ACT_LOG"}'],
      }),
      withContainer("A profile that says two things, of which Docker takes the second", {
        securityOpts: [
          "no-new-privileges:true",
          'seccomp={"defaultAction":"SCMP_ACT_ERRNO","DefaultAction":"SCMP_ACT_ALLOW"}',
        ],
      }),
      withContainer("A profile that allows the calls of a way out", {
        securityOpts: [
          "no-new-privileges:true",
          'seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["kexec_load"],"action":"SCMP_ACT_ALLOW"}]}',
        ],
      }),
    ],
  },
};

/** Of these the daemon lets the last win. */
const LAST_WINS = ["seccomp", "apparmor"] as const;

function lastOf(container: Properties, name: (typeof LAST_WINS)[number]): Finding[] {
  const last = lastOption(container, name);
  if (last === undefined) return [];
  const weakness = profileWeakness(name, last.value, hasOwnKernel(container));
  if (weakness === undefined) return [];
  return [{ property: last.path, found: `${name}, ${weakness}`, expected: "the default profile, or a stricter one" }];
}

/** Labels add up, and one that disables disables all; `systempaths` has one value that says anything. */
function flags(container: Properties): Finding[] {
  return securityOptions(container).flatMap(({ name, value, path }) => {
    const isOff =
      (name === "systempaths" && isUnconfined(value)) ||
      (name === "writable-cgroups" && /^(?:true|t|1)$/i.test(value)) ||
      // Podman's.
      (name === "unmask" && value !== "");
    const expected = name === "label" ? labelExpected(value) : isOff ? "the option left out" : undefined;
    return expected === undefined ? [] : [{ property: path, found: show(`${name}=${value}`), expected }];
  });
}

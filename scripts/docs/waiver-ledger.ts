import { BOOT_WAIVER } from "#components/host/estate-part.ts";
import type { UnitWaiver } from "#components/host/bundle/host-spec.ts";
import { DISTRIBUTION_EXPOSURE, DISTRIBUTION_WAIVERS } from "#components/host/bundle/render/drop-ins.ts";
import { RECOVERY_WAIVER } from "#components/host/bundle/program/recovery-unit.ts";
import { EXPOSURE } from "#components/host/bundle/render/units.ts";
import { GVISOR_FLOOR, GVISOR_RELEASE } from "#components/container/gvisor.ts";
import type { Waiver } from "#components/container/waiver.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { linkToRule } from "#policies/reference.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { code, codes, table } from "./markdown.ts";

const INTRODUCTION = `# Waiver ledger

Generated from the machines in \`stacks/\` and the services in \`components/services/\`; change it there.

Containers are hardened unless they say otherwise. These are all the departures of the estate, each with who answers for
it and the day on which it has to be argued again. A container carries the ids of its waivers in the label
\`garrison.waivers\`; the policies refuse a departure that is not in it, and a waiver that nothing needs.
`;

const GENERAL = `## Everywhere: restart \`unless-stopped\`

CIS Docker Benchmark 5.15 asks for \`on-failure\` with at most five attempts. Services restart \`unless-stopped\` instead:
under \`on-failure\` a container is not started again after its daemon was restarted, and a service that gave up after five
attempts stays down until somebody looks. The price is that a crash can loop; Docker waits longer and longer between
attempts, up to a minute. The reasons are in [decision 0005](decisions/0005-restart-unless-stopped.md).

## Agents: which gVisor was proved

Agents run under gVisor and a seccomp profile of ours, without a waiver. What the tests show, they show with Debian 12's gVisor
(0.0~20221219, platform ptrace, the container's own network namespace), which the lab has. Machines that Garrison configures
(\`garrison:host\`) get release ${GVISOR_RELEASE} of gVisor's own package source: that it installs and holds was read and not
run. On any other machine the command that a stopped update names installs Debian's, which is below
[the floor](reference/runtime-floor.md): what \`docker exec\` starts there is without the profile; in releases from
${GVISOR_FLOOR} on it is not ([decision 0037](decisions/0037-agents-under-gvisor.md)).
`;

/** The ledger of every departure from the hardened posture, written to \`docs/waivers.md\`. */
export function waiverLedger(machines: readonly MachineDefinition[]): string {
  return [INTRODUCTION, ...machines.map(machineSection), unitSection(machines), GENERAL, rulesSection(machines)].join(
    "\n",
  );
}

function machineSection({ role, services }: MachineDefinition): string {
  if (services.length === 0) return `## ${role}\n\nIt has no containers.\n`;
  const rows = services.flatMap((service) =>
    (service.waivers ?? []).map((waiver) => [
      code(service.name),
      code(waiver.id),
      departure(service, waiver),
      waiver.reason,
      waiver.owner,
      waiver.expires,
    ]),
  );
  const without = services.filter(({ waivers = [] }) => waivers.length === 0).map(({ name }) => name);
  return [
    `## ${role}\n`,
    `${count(rows.length, "waiver")} of ${count(services.length - without.length, "service")}.\n`,
    table(["Service", "Waiver", "What it does instead", "Reason", "Owner", "Until"], rows),
    `Without any: ${codes(without)}.\n`,
  ].join("\n");
}

/** Units that Garrison itself puts on machines. */
const OWN_UNITS: readonly (readonly [units: readonly string[], where: string, waiver: UnitWaiver])[] = [
  [
    ["garrison-<estate>-files", "garrison-<estate>-rules", "garrison-<estate>-cgroups"],
    "machines with containers; the third where Docker's cgroups are not systemd's",
    BOOT_WAIVER,
  ],
  ...Object.entries(DISTRIBUTION_WAIVERS).map(
    ([unit, waiver]) => [[unit], "machines that Garrison configures; Debian's own", waiver] as const,
  ),
  [["garrison-host-recover"], "machines that Garrison configures (`garrison:host`)", RECOVERY_WAIVER],
];

function unitSection(machines: readonly MachineDefinition[]): string {
  const machinesUnits = machines.flatMap(({ role, host }) =>
    (host?.units ?? []).flatMap(({ name, waiver }) =>
      waiver === undefined ? [] : [[[name], code(role), waiver] as const],
    ),
  );
  const rows = [...OWN_UNITS, ...machinesUnits].map(([units, where, { exposure, reason, owner, expires }]) => {
    return [codes(units), where, inUnits(exposure), reason, owner, expires];
  });
  return [
    "## Units of the machines themselves\n",
    `\`systemd-analyze security\` gives each service a number for what it could do to its machine, up to 10. More than`,
    `${inUnits(EXPOSURE)} takes a waiver, which stands as a comment in the unit; of Debian's services more than ${inUnits(DISTRIBUTION_EXPOSURE)} does. A machine refuses a unit of its configuration that is above; the tests judge`,
    "those that Garrison itself puts there.\n",
    table(["Unit", "On", "At most", "Reason", "Owner", "Until"], rows),
  ].join("\n");
}

function inUnits(tenths: number): string {
  return (tenths / 10).toFixed(1);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What the service does instead of what the rule asks for. */
function departure(service: ServiceSpec, { id, add = [] }: Waiver): string {
  const { uid, gid } = userOf(service);
  switch (id) {
    case "container.user":
      return uid === 0 ? `runs as root (${code(`${uid}:${gid}`)})` : `runs as the image's ${code(`${uid}:${gid}`)}`;
    case "container.capabilities":
      return `keeps ${codes(add)}`;
    case "container.read-only-root":
      return "can write to its root file system";
    case "container.sensitive-mounts":
      return `mounts ${codes(Object.values(service.mounts ?? {}))}, read-only`;
    case "network.egress":
      return "reaches the internet without the egress proxy";
    case "agent.guard":
      return "reaches the model without a guard on the way";
    case "agent.runtime":
      return "runs on the host's own kernel";
    case "agent.secrets":
      return "has keys of its own in files that its code can read";
    case "agent.volumes":
      return "keeps its state in a volume that runs programs and has no limit";
    case "gateway.cost-limits":
      return "has no limit on turns or cost";
    case "gateway.docker-api":
      return "could reach the Docker API, through a filter that only reads";
    default:
      return `does without: ${rules.find((rule) => rule.id === id)?.title ?? id}`;
  }
}

function rulesSection(machines: readonly MachineDefinition[]): string {
  const used = new Set<string>(
    machines.flatMap(({ services }) => services.flatMap(({ waivers = [] }) => waivers.map(({ id }) => id))),
  );
  const rows = rules
    .filter(({ id }) => used.has(id))
    .map(({ id, title, why }) => [`[${id}](reference/${linkToRule(id)})`, title, why]);
  return ["## What the waived rules ask for\n", table(["Rule", "Asks", "Because"], rows)].join("\n");
}

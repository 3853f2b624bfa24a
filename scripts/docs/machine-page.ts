import type { Writable } from "#components/container/facts.ts";
import { isChecked } from "#components/container/health.ts";
import { planNetworks } from "#components/network/plan-networks.ts";
import type { PlannedNetwork } from "#components/network/plan-networks.ts";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import type { StackDefinition } from "#components/estate/stack-definition.ts";
import { code, codes, table } from "./markdown.ts";
import { placeMachines } from "./place-section.ts";
import { zonesSection } from "./zone-section.ts";

/**
 * What runs on a machine and on which networks, written to `docs/reference/<machine>.md`.
 *
 * @param block of its container networks: `10.77.0.0/16`
 */
export function machinePage({ machine, place, zones }: StackDefinition, block: string): string {
  const { role, services } = machine;
  const { networks, problems } = planNetworks(machine.networks, services, role, block, machine.subnetPrefix);
  if (problems.length > 0) throw new Error(`${role}: ${problems.map(({ property }) => property).join(", ")}`);
  return [
    `# The ${role} machine\n`,
    `Generated from \`stacks/${role}.ts\` and \`components/services/\`; change it there.\n`,
    ...(services.length === 0 ? ["It has no containers.\n"] : [overview(services, networks), summary(services)]),
    ...(place === undefined ? [] : [placeMachines(role, place)]),
    ...(services.length === 0
      ? []
      : [
          ...(zones === undefined ? [] : [zonesSection(machine, zones)]),
          networksSection(role, networks, block),
          "## Services\n",
          ...services.map((service) => serviceSection(service, networks)),
        ]),
  ].join("\n");
}

function overview(services: readonly ServiceSpec[], networks: readonly PlannedNetwork[]): string {
  const memory = services.reduce((sum, service) => sum + service.memory, 0);
  const outward = networks.filter(({ internal }) => !internal);
  return `${services.length} containers on ${networks.length} networks, of which ${outward.length} lead${outward.length === 1 ? "s" : ""} out
(${codes(outward.map(({ name }) => name))}). Their memory limits add up to ${memory} MiB. What is not said here is the
hardened default: read-only root file system, no capabilities, no-new-privileges, no swap, image by digest. The departures
are in the [waiver ledger](../waivers.md).
`;
}

function summary(services: readonly ServiceSpec[]): string {
  const rows = services.map((service) => [
    `[${service.name}](#${service.name})`,
    service.purpose,
    userOf(service).uid.toString(),
    String(service.memory),
    String(service.cpus),
    String(service.pids),
    service.listens.join(", "),
  ]);
  return table(["Service", "Purpose", "User", "Memory, MiB", "CPUs", "PIDs", "Ports"], rows);
}

function networksSection(role: string, networks: readonly PlannedNetwork[], block: string): string {
  const rows = networks.map(({ name, why, subnet, internal, addresses }) => [
    code(name),
    why,
    internal ? "internal" : "**leads out**",
    subnet,
    Object.keys(addresses).join(", "),
  ]);
  return [
    "## Networks\n",
    `Subnets of ${code(block)}, as in the committed settings. On an internal network there is no way out; members of a network that`,
    `leads out cannot reach each other on it. Who reaches whom is on [a page of its own](${role}-network.md).\n`,
    table(["Network", "Why", "", "Subnet", "Members"], rows),
  ].join("\n");
}

function serviceSection(service: ServiceSpec, networks: readonly PlannedNetwork[]): string {
  const { uid, gid } = userOf(service);
  const own = networks.flatMap(({ name, addresses }) => {
    const address = addresses[service.name];
    return address === undefined ? [] : [`${code(name)} ${address}`];
  });
  const facts: (readonly [string, string])[] = [
    ["Image", code(service.image)],
    ["User", code(`${uid}:${gid}`)],
    [
      "Limits",
      `memory ${service.memory} MiB (a lab gives at least ${service.memoryFloor}), CPUs ${service.cpus}, processes ${service.pids}`,
    ],
    ["Networks", own.join("; ") || "none"],
    ["Listens", service.listens.length === 0 ? "on nothing" : codes(service.listens)],
    ["Writable", Object.entries(service.writable).map(writable).join("; ")],
    ...Object.entries(service.mounts ?? {}).map(
      ([target, source]) => ["Host path", `${code(source)} at ${code(target)}, read-only`] as const,
    ),
    ["Health", health(service)],
    ...(service.waivers ? [["Waivers", codes(service.waivers.map(({ id }) => id))] as const] : []),
    ...(service.agent === true ? [["Agent", "runs code that a model chose"] as const] : []),
    ...(service.idle === undefined ? [] : [["Idle", service.idle] as const]),
  ];
  return [
    `### ${service.name}\n`,
    `${service.purpose}.\n`,
    ...facts.map(([name, text]) => `- ${name}: ${text}`),
    "",
  ].join("\n");
}

function health({ health: check, startSeconds = 120 }: ServiceSpec): string {
  if (check === "none") return "no check";
  return isChecked(check)
    ? `${code(check.test.join(" "))}, healthy within ${startSeconds} s`
    : "the image's own check, if it has one";
}

function writable([path, mount]: [string, Writable]): string {
  if (mount.type === "volume") return `${code(path)} (volume ${code(mount.volume)})`;
  return mount.type === "bind"
    ? `${code(path)} (host path ${code(mount.source)})`
    : `${code(path)} (tmpfs, ${mount.size} MiB)`;
}

import { machineReachability } from "#components/machine/machine-reachability.ts";
import { everyMachine } from "#components/machine/other-machines.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { PLACES, formatPort, isMachine } from "#components/network/flow.ts";
import { otherMachines } from "#components/network/reachability.ts";
import { matrix } from "#components/network/matrix.ts";
import type { Reachability } from "#components/network/reachability.ts";
import { commands } from "#stacks/commands.ts";
import { settingsSchema } from "#stacks/settings.ts";
import type { StackDefinition } from "#components/estate/stack-definition.ts";
import { code, codes, table } from "./markdown.ts";
import { networkDiagram } from "./network-diagram.ts";
import { placeNetworks } from "./place-section.ts";

const { shape } = settingsSchema;

/** As on a machine with default settings, published to neighbours so that the page shows what they could reach. */
const settings = {
  lan: shape.lan.parse(undefined),
  resolvers: shape.resolvers.parse(undefined),
  publish: { address: "192.168.0.2" },
};

/**
 * What may reach what on a machine, written to `docs/reference/<machine>-network.md`.
 *
 * @param network block of its container networks: `10.77.0.0/16`
 */
export function networkPage({ machine, place }: StackDefinition, network: string): string {
  const { role, services } = machine;
  return [
    `# Networks of the ${role} machine\n`,
    ...(services.length === 0
      ? [`Generated from \`stacks/${role}.ts\`; change it there. ${withoutContainers(machine)}\n`]
      : containerSections(machine, reachOf(machine, network))),
    ...(place === undefined ? [] : [placeNetworks(place)]),
  ].join("\n");
}

function reachOf(machine: MachineDefinition, network: string): Reachability {
  const { machines } = everyMachine(machine);
  return machineReachability(machine, { ...settings, machines, network, estate: machine.role }, commands);
}

/** What is let in does not always find somebody who answers. */
function withoutContainers({ host }: MachineDefinition): string {
  const programs = host === undefined ? " and no programs of its own: nothing but sshd answers" : "";
  return `The machine has no containers${programs}.`;
}

function containerSections(machine: MachineDefinition, reach: Reachability): string[] {
  return [
    introduction(machine.role),
    `\`\`\`mermaid\n${networkDiagram(reach)}\n\`\`\`\n`,
    matrixSection(reach),
    flowsSection(reach),
    allowedSection(reach),
    waysOutSection(machine, reach),
  ];
}

function introduction(role: string): string {
  const option = role === "office" ? "" : ` --stack ${role}`;
  return `Generated from the flows of \`stacks/${role}.ts\`; change them there. \`npm run reach -- <from> <to>:<port>${option}\` answers
for one pair, with the path or the reason why not.

An arrow begins where the connection does; answers to it go back by themselves. Dotted arrows lead to the proxy. A thick
border marks what is on a network that leads out. What is not drawn is not possible, but for three things: the host's root
reaches every port of every container that is on a network, any other account of the host what is published on it, and a
container reaches itself.
`;
}

function matrixSection(reach: Reachability): string {
  const names = reach.estate.services.map(({ name }) => name);
  const cells = new Map<string, string[]>();
  for (const { from, to, port, answer } of matrix(reach, [])) {
    if (!answer.reachable) continue;
    const key = `${from}\n${to}`;
    cells.set(key, [...(cells.get(key) ?? []), formatPort(port)]);
  }
  const relayed = new Set(names.filter((name) => reach.relaysOf(name).length > 0));
  const cell = (from: string, to: string): string => {
    if (from === to) return "—";
    return cells.get(`${from}\n${to}`)?.join(", ") ?? (to === "internet" && relayed.has(from) ? "*by name*" : "");
  };
  const others = otherMachines(reach.estate);
  const froms = [...names, "lan", ...others.filter((from) => names.some((to) => cells.has(`${from}\n${to}`)))];
  const tos = [...names, ...PLACES, ...others];
  const columns = tos.filter((to) => froms.some((from) => cells.has(`${from}\n${to}`)));
  const rows = froms.map((from) => [code(from), ...columns.map((to) => cell(from, to))]);
  const never = tos.filter((to) => !columns.includes(to));
  return [
    "## Who reaches whom\n",
    "From the left to the top, on the ports in the cell. *By name*: only through the proxy, see below.\n",
    table(["", ...columns.map(code)], rows),
    `Reached by nothing but, where it is a container on a network, the host's root: ${codes(never)}. A neighbour (${code("lan")})`,
    "reaches published ports only where `garrison:publish.address` is not a loopback address; by default it is.\n",
  ].join("\n");
}

function flowsSection({ estate, ask }: Reachability): string {
  const rows = estate.flows.map(({ from, to, ports, why }) => {
    const answers = ports.map((port) => ask(from, to, port));
    const networks = new Set(
      answers.flatMap((answer) => (answer.reachable ? answer.ways : [])).map(({ network }) => network),
    );
    return [code(from), code(to), ports.map(formatPort).join(", "), [...networks].map(code).join(", "), why];
  });
  return ["## Flows\n", table(["From", "To", "Ports", "Network", "Why"], rows)].join("\n");
}

function allowedSection({ estate }: Reachability): string {
  const rows = estate.allowed.map(({ client, hosts, why }) => [code(client), codes(hosts), why]);
  return [
    "## What the proxy's clients may ask for\n",
    "Over HTTPS, by name. A leading dot stands for the name and everything below it.\n",
    table(["Client", "Names", "Why"], rows),
  ].join("\n");
}

function waysOutSection({ services, flows }: MachineDefinition, reach: Reachability): string {
  const rows = services.map((service) => {
    const own = flows.filter(
      ({ from, to }) => from === service.name && (to === "internet" || to === "resolver" || isMachine(to)),
    );
    const waiver = service.waivers?.find(({ id }) => id === "network.egress");
    const relays = reach.relaysOf(service.name);
    if (own.length > 0) {
      const targets = own.map(({ to, ports }) => `${to} ${ports.map(formatPort).join(", ")}`).join("; ");
      return [code(service.name), `directly: ${targets}`, waiver?.reason ?? ""];
    }
    const asks = flows.filter(({ from, to }) => from === service.name && relays.some(({ proxy }) => proxy === to));
    if (asks.length > 0) return [code(service.name), "through the proxy", asks.map(({ why }) => why).join("; ")];
    return [code(service.name), "not at all", "no flow wants it"];
  });
  return [
    "## Who reaches out\n",
    "Decided one by one; [decision 0009](../decisions/0009-who-reaches-out.md) tells the questions behind it.\n",
    table(["Service", "Reaches out", "Because"], rows),
  ].join("\n");
}

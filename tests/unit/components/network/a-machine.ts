import { waive } from "#components/container/waiver.ts";
import { allow, egress, internal } from "#components/machine/machine-definition.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { flow } from "#components/network/flow.ts";
import { aService } from "../machine/example.ts";

const record = { reason: "it cannot do without this", owner: "security", expires: "2027-06-30" };
const waivers = [waive("network.egress", record)];

/** A machine with one of everything and no mistake: a page, its database, a proxy with two clients, a collector. */
export const machine: MachineDefinition = {
  role: "office",
  services: [
    aService("page", 1),
    aService("store", 2, { listens: [5432], database: true }),
    aService("agent", 3, { listens: [], agent: true }),
    aService("proxy", 4, { listens: [3128], proxy: true, waivers }),
    aService("collector", 5, { listens: [1514, 55_000], waivers }),
    aService("lonely", 6),
  ],
  flows: [
    flow("page", "store", 5432, "the page reads"),
    flow("page", "proxy", 3128, "the page asks outside"),
    flow("agent", "proxy", 3128, "the agent asks outside"),
    flow("proxy", "internet", 443, "the way out"),
    flow("proxy", "resolver", [53, "53/udp"], "names"),
    flow("lan", "collector", 1514, "neighbours report"),
  ],
  networks: [
    internal("data", 1, "the page reads", ["page", "store"]),
    internal("out-page", 2, "the page asks outside", ["page", "proxy"]),
    internal("out-agent", 3, "the agent asks outside", ["agent", "proxy"]),
    egress("egress", 4, "the way out", ["proxy"]),
    egress("edge", 5, "neighbours report", ["collector"]),
  ],
  allowed: [allow("page", ["example.org", ".example.net"], "what it shows"), allow("agent", ["*"], "what it reads")],
  secrets: [],
};

/** The same machine with one service changed. */
export function withService(name: string, changes: Partial<MachineDefinition["services"][number]>): MachineDefinition {
  const services = machine.services.map((service) => (service.name === name ? { ...service, ...changes } : service));
  return { ...machine, services };
}

export function withFlows(...more: MachineDefinition["flows"]): MachineDefinition {
  return { ...machine, flows: [...machine.flows, ...more] };
}

export function withNetworks(...more: MachineDefinition["networks"]): MachineDefinition {
  return { ...machine, networks: [...machine.networks, ...more] };
}

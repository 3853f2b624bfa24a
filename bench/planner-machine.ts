import { parseSettings } from "../stacks/settings.ts";
import { tmpfs } from "../components/container/facts.ts";
import { exec } from "../components/container/health.ts";
import { waive } from "../components/container/waiver.ts";
import { allow, egress, internal } from "../components/machine/machine-definition.ts";
import type { MachineDefinition, NetworkRequest } from "../components/machine/machine-definition.ts";
import type { MachineInput } from "../components/machine/plan-machine.ts";
import { flow } from "../components/network/flow.ts";
import type { Flow } from "../components/network/flow.ts";
import { service } from "../components/services/service.ts";
import type { ServiceSpec } from "../components/services/service.ts";

const GROUP = 10;
const CLIENTS = 10;

/**
 * A machine of many containers, laid out as ours is: groups of services of which each two talk, one network a group,
 * and a proxy that has a network with each client. It needs larger subnets and a larger block than a real one.
 *
 * @param containers a multiple of ten
 */
export function manyContainers(containers: number): MachineInput {
  const services = [proxy(1), ...Array.from({ length: containers - 1 }, (_, index) => aService(index + 2))];
  const groups = Array.from({ length: containers / GROUP }, (_, index) =>
    services.slice(index * GROUP, (index + 1) * GROUP).flatMap(({ name }) => (name === "proxy" ? [] : [name])),
  );
  const clients = groups.slice(0, CLIENTS).flatMap(([first]) => (first === undefined ? [] : [first]));
  const networks: NetworkRequest[] = [
    egress("egress", 1, "the way out", ["proxy"]),
    ...clients.map((client, index) => internal(`out-${client}`, 2 + index, "asks outside", [client, "proxy"])),
    ...groups.map((members, index) => internal(`g${String(index)}`, 2 + CLIENTS + index, "they talk", members)),
  ];
  const definition: MachineDefinition = {
    role: "office",
    services,
    flows: [
      flow("proxy", "internet", 443, "the way out"),
      ...clients.map((client) => flow(client, "proxy", 3128, "asks outside")),
      ...groups.flatMap(everyTwo),
    ],
    networks,
    subnetPrefix: 18,
    allowed: clients.map((client) => allow(client, ["example.org"], "what it asks for")),
    secrets: [],
  };
  const digest = `sha256:${"0".repeat(64)}`;
  return {
    definition,
    stack: "office",
    images: { images: { example: { repository: "registry.example/example", tag: "1", digest } } },
    unlocked: "refuse",
    settings: {
      ...parseSettings(
        {
          "garrison:estate": "bench",
          "garrison:docker": '{"host":"unix:///var/run/docker.sock"}',
          "garrison:resources": JSON.stringify({ memoryMiB: 100 * containers + 2048, cpus: 4 }),
          "garrison:pages": '{"origins":["https://gateway.office.example"]}',
          "garrison:telegram": '{"operators":[1]}',
        },
        "office",
      ),
      // Wider than a machine's: as many networks as there are to lay out.
      network: "10.0.0.0/8",
    },
  };
}

function everyTwo(members: readonly string[]): Flow[] {
  return members.flatMap((from, index) => members.slice(index + 1).map((to) => flow(from, to, 8080, "they talk")));
}

function aService(number: number, name = `s${String(number)}`, more: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    ...service(name, {
      purpose: "one of many",
      number,
      image: "example",
      memory: 64,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      writable: { "/tmp": tmpfs(16) },
      health: exec(["test", "-d", "/tmp"]),
      listens: [8080],
    }),
    ...more,
  };
}

function proxy(number: number): ServiceSpec {
  const record = { reason: "it is the way out for all others", owner: "security", expires: "2027-06-30" };
  return aService(number, "proxy", { listens: [3128], proxy: true, waivers: [waive("network.egress", record)] });
}

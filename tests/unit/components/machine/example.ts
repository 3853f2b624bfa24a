import { tmpfs } from "#components/container/facts.ts";
import type { ImageLock } from "#components/container/image-lock.ts";
import { exec } from "#components/container/health.ts";
import { internal } from "#components/machine/machine-definition.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import type { MachineInput } from "#components/machine/plan-machine.ts";
import { flow } from "#components/network/flow.ts";
import { service } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import type { Settings } from "#components/settings/settings.ts";
import { commands } from "#stacks/commands.ts";

/** A service without a mistake; a test changes what it is about. */
export function aService(name: string, number: number, changes: Partial<ServiceSpec> = {}): ServiceSpec {
  const facts = {
    purpose: "for a test",
    number,
    image: name,
    memory: 256,
    memoryFloor: 64,
    cpus: 0.5,
    pids: 64,
    writable: { "/tmp": tmpfs(16) },
    health: exec(["true"]),
    listens: [8080],
  };
  return { ...service(name, facts), ...changes };
}

export const DIGEST = `sha256:${"ab".repeat(32)}`;

/** A lock that knows an image for each key. */
export function lockOf(...keys: readonly string[]): ImageLock {
  const entry = (key: string) => ({ repository: `registry.example/${key}`, tag: "1", digest: DIGEST });
  return { images: Object.fromEntries(keys.map((key) => [key, entry(key)])) };
}

/** Settings, and what the kinds of services on the office machine ask for. */
export type WithParts = Settings & {
  readonly models: { gateway: string; fallbacks: string[]; memory: string; embedding: string };
  readonly pages: { origins: string[] };
  readonly telegram: { operators: number[] };
};

export const settings: WithParts = {
  machine: "office",
  lab: false,
  estate: "office",
  docker: { host: "ssh://garrison@office.example", hostKey: "ssh-ed25519 AAAA", cgroupDriver: "systemd" },
  resources: { memoryMiB: 8192, cpus: 4, reserveMiB: 1024 },
  network: "10.77.0.0/16",
  lan: [],
  resolvers: ["9.9.9.9"],
  machines: {},
  services: {},
  secrets: {},
  models: { gateway: "anthropic/one", fallbacks: ["anthropic/two"], memory: "three", embedding: "four" },
  pages: { origins: ["https://gateway.office.example"] },
  telegram: { operators: [123_456_789] },
  publish: { address: "127.0.0.1" },
  images: {},
};

/** A small machine: a page, its database, and a sandbox on no network. */
export const definition: MachineDefinition = {
  role: "office",
  services: [aService("page", 1), aService("database", 2), aService("sandbox", 3, { agent: true })],
  flows: [flow("page", "database", 8080, "the page reads its database")],
  networks: [internal("data", 1, "the page reads its database", ["page", "database"])],
  allowed: [],
  secrets: [],
};

export function anInput(changes: Partial<MachineInput> = {}): MachineInput {
  return {
    definition,
    settings,
    stack: "office",
    images: lockOf("page", "database", "sandbox"),
    unlocked: "refuse",
    commands,
    ...changes,
  };
}

/** Made of one letter, and told apart by it. */
export const sshKey = (letter: string): string => `ssh-ed25519 ${letter.repeat(68)} ${letter}`;

/** How the office machine is configured, as its settings say it. */
export const officeHost = {
  name: "office-nuc",
  deployer: { name: "garrison", uid: 2000, keys: [sshKey("B")] },
  operators: { alice: { uid: 2001, keys: [sshKey("A")] } },
  operatorsFrom: ["192.168.1.0/24"],
  deployerFrom: ["192.168.1.10"],
  estate: [],
  confirmSeconds: 120,
};

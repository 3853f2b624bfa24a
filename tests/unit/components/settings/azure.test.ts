import { expect, test } from "vitest";
import { ProblemsError } from "#components/lib/problems.ts";
import { parseSettings } from "#stacks/settings.ts";
import { webSites } from "#tests/support/web-sites.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const host = {
  name: "web",
  deployer: { keys: [key] },
  operators: { alice: { uid: 2001, keys: [key] } },
  operatorsFrom: ["203.0.113.0/29"],
  deployerFrom: ["203.0.113.10"],
};
const azure = { location: "westeurope", network: "10.88.0.0/16", image: "Debian:debian-12:12-gen2:0.20230612.1409" };
const config = (changes: Readonly<Record<string, unknown>> = {}, stack = "azure-web") => {
  const sites = stack === "azure-web" ? webSites : {};
  const all = { azure, host, resources: { memoryMiB: 32_768, cpus: 16 }, ...sites, ...changes };
  const texts = Object.entries(all).map(([name, value]) => [`garrison:${name}`, JSON.stringify(value)] as const);
  return Object.fromEntries(texts.filter(([, text]) => (text as string | undefined) !== undefined));
};
function properties(changes: Readonly<Record<string, unknown>>, stack = "azure-web"): string[] {
  try {
    parseSettings(config(changes, stack), stack);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(({ property }) => property);
    throw error;
  }
  return [];
}

test("a machine in Azure needs no address: a name stands for it until it has one", () => {
  const settings = parseSettings(config(), "azure-web");
  expect(settings.docker).toEqual({ host: "ssh://garrison@web", cgroupDriver: "systemd" });
  expect(settings.azure).toEqual({ ...azure, generation: 1, webFrom: [], peers: {} });
  const chosen = config({ docker: { identityFile: "/keys/id", cgroupDriver: "cgroupfs" } }, "gpu");
  expect(parseSettings(chosen, "gpu").docker).toMatchObject({ identityFile: "/keys/id", cgroupDriver: "cgroupfs" });
});

test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
  ["no place", { azure: undefined }, ["garrison:azure"]],
  ["nobody who gets in", { host: undefined }, ["garrison:host"]],
  [
    "an address of its own",
    { docker: { host: "ssh://garrison@web.example" } },
    ["garrison:docker.host", "garrison:docker.hostKey"],
  ],
  ["a region in words", { azure: { ...azure, location: "West Europe" } }, ["garrison:azure.location"]],
  ["a network that is too small", { azure: { ...azure, network: "10.88.0.0/24" } }, ["garrison:azure.network"]],
  ["a generation before the first", { azure: { ...azure, generation: 0 } }, ["garrison:azure.generation"]],
  [
    "a budget from nowhen for nobody",
    { azure: { ...azure, budget: { amount: 0, from: "2026-13", contacts: [] } } },
    ["garrison:azure.budget.amount", "garrison:azure.budget.from", "garrison:azure.budget.contacts"],
  ],
  [
    "a peer that is none",
    { azure: { ...azure, peers: { web: { network: "web", block: "10.90.0.1/16" } } } },
    ["garrison:azure.peers.web.network", "garrison:azure.peers.web.block"],
  ],
])("%s is refused", (_, changes, expected) => {
  expect(properties(changes).sort()).toEqual([...expected].sort());
});

test("the operator's own machine is not in Azure", () => {
  const docker = { host: "ssh://garrison@nuc", hostKey: key };
  const own = { pages: { origins: ["https://gateway.office.example"] }, telegram: { operators: [1] } };
  expect(properties({ docker, ...own }, "office")).toEqual(["garrison:azure"]);
});

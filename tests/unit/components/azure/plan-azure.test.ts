import { expect, test } from "vitest";
import { CLOUDFLARE_RANGES } from "#components/azure/cloudflare-ranges.ts";
import { withoutDocker } from "#components/azure/plan-azure.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { azureWebPlace } from "#stacks/azure-web.ts";
import { gpuPlace } from "#stacks/gpu.ts";
import { aHost } from "../host/bundle/a-host.ts";
import { anAzure, azureHost } from "./an-azure.ts";

const gpuHost = withoutDocker(azureHost);
const peers = {
  web: {
    network: `/subscriptions/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}/resourceGroups/web/providers/Microsoft.Network/virtualNetworks/web`,
    block: "10.90.0.0/16",
  },
};

test("the web machine takes visitors from where the settings say, and ssh from its people", () => {
  const { network, machines } = anAzure(azureWebPlace);
  const rules = network.subnets[0]?.rules.map(({ name, sources, ports }) => [name, ports, sources]);
  expect(rules).toEqual([
    ["allow-ssh-main", ["22"], ["198.51.100.0/24", "203.0.113.7"]],
    ["allow-web", ["80", "443"], [...CLOUDFLARE_RANGES].sort()],
    ["deny-rest", ["*"], []],
  ]);
  // The machine's own firewall says the same.
  expect(machines[0]?.host.firewall.open.map(({ port, from }) => [port, from])).toEqual([
    [80, CLOUDFLARE_RANGES],
    [443, CLOUDFLARE_RANGES],
  ]);
});

test("whoever may come from anywhere is the internet to Azure and every address to the machine", () => {
  const { network, machines } = anAzure(azureWebPlace, { webFrom: ["Internet"] });
  expect(network.subnets[0]?.rules[1]).toMatchObject({ everyone: "Internet", sources: [] });
  expect(machines[0]?.host.firewall.open[0]?.from).toEqual(["0.0.0.0/0"]);
});

test("its web server takes visitors' addresses from Cloudflare where they come through it, and from nobody else", () => {
  const proxiesOf = (webFrom: string[]) => anAzure(azureWebPlace, { webFrom }).machines[0]?.host.nginx?.proxies;
  expect(proxiesOf(["Cloudflare"])).toEqual(CLOUDFLARE_RANGES);
  expect(proxiesOf(["Internet"])).toEqual([]);
});

test("the GPU machine is reached through its bastion only, and gets out through its own gateway", () => {
  const { network, machines } = anAzure(gpuPlace, { webFrom: [] }, gpuHost);
  expect(network.subnets.map(({ name, nat, rules }) => [name, nat, rules.map((rule) => rule.sources)])).toEqual([
    ["door", false, [["198.51.100.0/24", "203.0.113.7"], []]],
    ["gpu", true, [["10.88.0.68"], []]],
  ]);
  const [bastion, main] = machines;
  expect([bastion?.publicAddress, main?.publicAddress]).toEqual([true, false]);
  expect(main?.host.access).toMatchObject({ operatorsFrom: ["10.88.0.68"], deployerFrom: ["10.88.0.68"] });
  expect(bastion?.host.access.passesOnTo).toEqual(["10.88.0.132:22"]);
  expect(planBundle(bastion?.host ?? aHost()).packages).not.toContain("docker.io");
  expect(planBundle(main?.host ?? aHost()).users.flatMap(({ groups }) => groups)).not.toContain("docker");
});

test("a bastion has what its machine has of its kernel, and no more", () => {
  const [bastion] = anAzure(gpuPlace, { webFrom: [] }, { ...gpuHost, audit: false, clock: false }).machines;
  expect(bastion?.host).toMatchObject({ audit: false, clock: false });
});

test("models are asked from the networks that this one is joined with", () => {
  const { network, machines } = anAzure(gpuPlace, { peers }, gpuHost);
  expect(network.subnets[1]?.rules[1]).toMatchObject({
    name: "allow-models",
    sources: ["10.90.0.0/16"],
    ports: ["8000"],
  });
  expect(machines[1]?.host.firewall.open).toMatchObject([{ port: 8000, from: ["10.90.0.0/16"] }]);
});

test("everything that is wrong is told at once", () => {
  const everywhere = { ...azureHost.access, deployerFrom: ["0.0.0.0/0"] };
  const wrong = () =>
    anAzure(
      azureWebPlace,
      { network: "10.78.0.0/16", size: "Standard_B2s", image: "Debian:debian-12:12-gen2:latest", webFrom: [] },
      aHost({ networks: {}, firewall: { open: [] }, access: everywhere }),
    );
  for (const problem of [
    "garrison:azure.network: block: found 10.78.0.0/16; expected no address of garrison:network",
    "openings.ssh-main.from: found everybody on the port of ssh",
    "garrison:azure.main: image: found Debian:debian-12:12-gen2:latest",
    "garrison:azure.webFrom: found nobody",
    "garrison:resources.memoryMiB: found 16384; expected at most the machine's 4096",
    "garrison:resources.cpus: found 8; expected at most the machine's 2",
  ])
    expect(wrong).toThrow(problem);
});

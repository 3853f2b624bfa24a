import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { AzureEstate } from "#components/azure/azure-estate.ts";
import { livesOn } from "#components/azure/lives-on.ts";
import { withoutDocker } from "#components/azure/plan-azure.ts";
import type { AzureSettings } from "#components/settings/azure.ts";
import { azureWebPlace } from "#stacks/azure-web.ts";
import { gpuPlace } from "#stacks/gpu.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import type { Registration } from "#scripts/report/plan/recording-monitor.ts";
import { anAzure, azureHost, madeInAzure } from "./an-azure.ts";

const web = (changes: Partial<AzureSettings> = {}) =>
  record(() => {
    const { main } = new AzureEstate("web", { plan: anAzure(azureWebPlace, changes) });
    const inside = new pulumi.ComponentResource("test:test:Inside", "inside", {}, livesOn(main.machine));
    new docker.Volume("volume", { name: "volume" }, { parent: inside });
  }, madeInAzure);

let all: readonly Registration[];
const named = (name: string, type = ""): Registration => {
  const found = all.find((one) => one.name === name && one.type.includes(type) && !one.type.startsWith("garrison:"));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const machineOf = (resources: readonly Registration[]) => {
  const found = resources.find(({ type }) => type === "azure-native:compute:VirtualMachine");
  if (found === undefined) throw new Error("no machine");
  return found;
};

beforeAll(async () => {
  all = await web();
});

test("everything of Azure's comes from the stack's own provider", () => {
  const azure = all.filter(({ type }) => type.startsWith("azure-native:"));
  expect(azure.length).toBeGreaterThan(8);
  expect(new Set(azure.map(({ provider }) => provider))).toEqual(new Set(["web-azure"]));
});

test("each connection waits for the one that proves its key", () => {
  expect(named("web-main-key-command").dependsOn).toContain("web-main");
  expect(named("web-main-host-apply").dependsOn).toContain("web-main-key-command");
  expect(named("web-main-host-forget").dependsOn).toContain("web-main-host-apply");
  expect(named("web-main-key-command").inputs.create).toContain("ecdsa-sha2-nistp256 BBBB");
  for (const name of ["web-main-host-apply", "web-main-host-forget"]) {
    expect(named(name).inputs.create).toContain("ssh-ed25519 CCCC");
    expect(named(name).inputs.create).toContain("@198.51.100.7");
    expect(named(name).inputs.create).not.toContain("ecdsa-sha2-nistp256");
  }
});

test("what the machine is born with is sealed, and no reason to make it anew", () => {
  const { ignoreChanges, replaceOnChanges, deleteBeforeReplace, additionalSecretOutputs } = machineOf(all);
  expect(additionalSecretOutputs).toEqual(["osProfile.customData"]);
  expect(ignoreChanges).toEqual(["osProfile.customData", "osProfile.linuxConfiguration.ssh"]);
  expect(replaceOnChanges).toEqual(['tags["garrison.birth"]']);
  expect(deleteBeforeReplace).toBe(true);
});

test("another generation or another image is another key and another machine; a change of its rules is neither", async () => {
  const generation = (resources: readonly Registration[]) => [
    (machineOf(resources).inputs.tags as Record<string, string>)["garrison.birth"],
    resources.find(({ type }) => type === "tls:index/privateKey:PrivateKey")?.name,
  ];
  const first = generation(all);
  expect(generation(await web({ webFrom: ["Internet"] }))).toEqual(first);
  for (const changes of [{ generation: 2 }, { image: "Debian:debian-12:12-gen2:0.20230531.1397" }]) {
    const other = generation(await web(changes));
    expect(other[0]).not.toBe(first[0]);
    expect(other[1]).not.toBe(first[1]);
  }
});

test("what is on the machine ends with it, and Docker's part is made again on another", () => {
  expect(all.find(({ name }) => name === "inside")?.deletedWith).toBe("web-main");
  expect(all.find(({ type }) => type === "garrison:host:Host")?.deletedWith).toBe("web-main");
  expect(named("volume").replacementTrigger).toBe("11111111-2222-3333-4444-555555555555");
  expect(named("web-main-key-command").replacementTrigger).toBe(undefined);
});

test("a data disk is closed, locked, and outlives the machine", () => {
  expect(named("web-main-data").inputs).toMatchObject({
    networkAccessPolicy: "DenyAll",
    publicNetworkAccess: "Disabled",
  });
  expect(named("web-main-data-lock").inputs).toMatchObject({ level: "CanNotDelete", scope: "web-main-data-id" });
  const { storageProfile } = machineOf(all).inputs as { storageProfile: { dataDisks: object[] } };
  expect(storageProfile.dataDisks).toMatchObject([{ lun: 0, createOption: "Attach", deleteOption: "Detach" }]);
});

test("the machine behind the bastion is reached through it, and has no public address", async () => {
  const plan = anAzure(gpuPlace, {}, withoutDocker(azureHost));
  const gpu = await record(() => new AzureEstate("gpu", { plan }), madeInAzure);
  const create = gpu.find(({ name }) => name === "gpu-main-host-apply")?.inputs.create as string;
  expect(create).toContain("deploy@10.88.0.132");
  expect(create).toMatch(
    /ProxyCommand=ssh .*KnownHostsCommand=\/bin\/echo %%H ssh-ed25519 CCCC.* -W %h:%p -- deploy@198\.51\.100\.7/,
  );
  const nics = gpu.filter(({ type }) => type === "azure-native:network:NetworkInterface");
  expect(nics.map(({ name, inputs }) => [name, JSON.stringify(inputs).includes("publicIPAddress")])).toEqual([
    ["gpu-door-nic", true],
    ["gpu-main-nic", false],
  ]);
  // The size of the bastion has no such interface.
  expect(nics.map(({ inputs }) => inputs.enableAcceleratedNetworking)).toEqual([false, true]);
});

test("a budget is in place from the first day of its month, and peers are joined from this side", async () => {
  const network = `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/gpu/providers/Microsoft.Network/virtualNetworks/gpu`;
  const budget = { amount: 700, from: "2026-12", contacts: ["operator@example.org"] };
  const more = await web({ budget, peers: { gpu: { network, block: "10.89.0.0/16" } } });
  const inputsOf = (type: string) => more.find((one) => one.type === type)?.inputs;
  expect(inputsOf("azure-native:consumption:Budget")).toMatchObject({
    scope: "web-group-id",
    timePeriod: { startDate: "2026-12-01T00:00:00Z" },
  });
  expect(inputsOf("azure-native:network:VirtualNetworkPeering")).toMatchObject({
    remoteVirtualNetwork: { id: network },
    allowForwardedTraffic: false,
  });
});

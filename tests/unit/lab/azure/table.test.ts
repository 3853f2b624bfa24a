import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { NetworkFacts } from "#lab/fabric/fabric.ts";
import { bridgeOf, dataDisk, machinePlace } from "#lab/azure/layout.ts";
import { networkProblems } from "#lab/azure/network-problems.ts";
import { reachableSpace, resolvePorts } from "#lab/azure/ports.ts";
import { renderAzureTable } from "#lab/azure/table.ts";
import { incusFiles } from "#lab/machines/paths.ts";
import { azureAddress, noFacts, someFacts } from "#tests/support/azure-facts.ts";

const links = { outward: ["eth0"], cables: 7277 };
const lab = "a2345678";

/** The lines of one chain. */
function chain(text: string, name: string): string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(`  chain ${name} {`);
  expect(start).toBeGreaterThan(-1);
  return lines.slice(start + 1, lines.indexOf("  }", start)).map((line) => line.trim());
}

describe("the table of Azure's rules", () => {
  const text = renderAzureTable(lab, someFacts, links);

  it.each([
    ["nothing", noFacts],
    ["some machines", someFacts],
    ["networks without a machine", { ...someFacts, interfaces: [] }],
  ] as const)("is read by nft with %s in it", (_, facts) => {
    const input = renderAzureTable(lab, facts, links);
    // In a network of its own: what is loaded here is out of the way.
    const { status, stderr } = spawnSync("unshare", ["--net", "/usr/sbin/nft", "-c", "-f", "-"], {
      input,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("asks the subnet's group first of what arrives, and the interface's first of what is sent", () => {
    expect(chain(text, "inbound_10_201_1_4")).toEqual(["jump inbound_0_of_0", "jump inbound_1_of_0"]);
    expect(chain(text, "outbound_10_201_1_4")).toEqual(["jump outbound_1_of_0", "jump outbound_0_of_0"]);
  });

  it("lets in nothing but its own network where there is no group", () => {
    expect(chain(text, "inbound_10_201_2_4")).toEqual(["jump inbound_none_of_0"]);
    expect(chain(text, "inbound_none_of_0").at(-1)).toBe('counter drop comment "65500 DenyAllInBound"');
  });

  it("keeps a machine without a way out in its network", () => {
    expect(chain(text, "outbound_10_202_1_4")).toEqual(['ip daddr != @network_1 counter drop comment "no way out"']);
    expect(chain(text, "outbound_10_201_2_4")).toEqual([]);
  });
});

describe("what is decided about an interface", () => {
  const egress = (facts: NetworkFacts) => resolvePorts(lab, facts).map((port) => port.egress);

  it("is seen under its own public address, else its NAT gateway's, else none", () => {
    expect(egress(someFacts)).toEqual([azureAddress(20), azureAddress(21), undefined]);
  });

  it("gets out by default where its subnet says so, and a NAT gateway goes before that", () => {
    const networks = someFacts.networks.map((network) => ({
      ...network,
      subnets: network.subnets.map((subnet) => ({ ...subnet, defaultOutbound: true })),
    }));
    expect(egress({ ...someFacts, networks })).toEqual([azureAddress(20), azureAddress(21), azureAddress(1)]);
  });

  it("is not made up where an id leads nowhere", () => {
    expect(() => resolvePorts(lab, { ...someFacts, publicAddresses: [] })).toThrow("/ip-web");
    expect(() => resolvePorts(lab, { ...someFacts, securityGroups: [] })).toThrow("/nsg-web");
    expect(() => resolvePorts(lab, { ...someFacts, networks: [] })).toThrow("/vnet-a/web");
  });
});

it("a peering is in effect where both ends name each other", () => {
  const [a, b] = someFacts.networks;
  if (a === undefined || b === undefined) throw new Error("no networks");
  const oneSided = { ...someFacts, networks: [{ ...a, peers: [b.id] }, b] };
  const both = {
    ...someFacts,
    networks: [
      { ...a, peers: [b.id] },
      { ...b, peers: [a.id] },
    ],
  };
  expect(oneSided.networks.map((network) => reachableSpace(oneSided, network))).toEqual([
    ["10.201.0.0/16"],
    ["10.202.0.0/16"],
  ]);
  expect(both.networks.map((network) => reachableSpace(both, network))).toEqual([
    ["10.201.0.0/16", "10.202.0.0/16"],
    ["10.202.0.0/16", "10.201.0.0/16"],
  ]);
});

describe("names on this host", () => {
  it("fit the kernel's links and carry the lab's id", () => {
    const { name, gateway } = bridgeOf(lab, { id: "/vnet-a/web", prefix: "10.201.1.0/24" });
    expect(name).toMatch(/^a2345678-z[a-z0-9]{5}$/);
    expect(name.length).toBeLessThanOrEqual(15);
    expect(gateway).toBe("10.201.1.1/24");
  });

  it("tell machines of one name in two groups apart, and never begin with another's", () => {
    const ids = ["/g1/machines/web", "/g2/machines/web", "/g1/machines/web-2"];
    const names = ids.map((id) => machinePlace(lab, id).instance);
    for (const name of names) {
      expect(name).toMatch(/^a2345678-vm-[a-z0-9]{5}-web/);
      expect(names.filter((other) => other.startsWith(name))).toEqual([name]);
    }
  });

  it("keep disks apart from machines", () => {
    expect(dataDisk(lab, incusFiles(lab), "/disks/data").file).toMatch(/\/a2345678-disk-[a-z0-9]{10}\.img$/);
  });
});

describe("what a host cannot have", () => {
  it("is told all at once, with who has it", () => {
    const [a, b] = someFacts.networks;
    if (a === undefined || b === undefined) throw new Error("no networks");
    const twice = { ...b, subnets: b.subnets.map((subnet) => ({ ...subnet, prefix: "10.201.0.0/16" })) };
    const found = networkProblems(
      { ...someFacts, networks: [a, twice] },
      { routes: ["10.201.2.0/25"], publicAddresses: [{ address: azureAddress(21), table: "garrison_azure_b" }] },
    );
    expect(found.map(({ property, found: what }) => `${property}: ${what}`)).toEqual([
      "/vnet-b/gpu: 10.201.0.0/16, which overlaps the subnet web of vnet-a",
      "/vnet-b/gpu: 10.201.0.0/16, which overlaps the subnet db of vnet-a",
      "/vnet-a/db: 10.201.2.0/24, which overlaps a route of this host to 10.201.2.0/25",
      "/vnet-b/gpu: 10.201.0.0/16, which overlaps a route of this host to 10.201.2.0/25",
      `/ip-nat: ${azureAddress(21)}, which another lab of this host has (nft list table ip garrison_azure_b)`,
    ]);
  });

  it("is nothing where everything is free", () => {
    expect(networkProblems(someFacts, { routes: ["172.17.0.0/16"], publicAddresses: [] })).toEqual([]);
  });
});

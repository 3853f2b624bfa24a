import { exampleId, machine, of, resource, scaleSet } from "#lib/azure-examples.ts";
import { profileOf, referredTo } from "#lib/azure-resources.ts";
import { azure, machineTypes } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";

// The sizes with accelerators: NC, ND, NV, NG, NP.
const ACCELERATED = /^(standard|basic)_n[a-z]/i;

const EXPECTED = "no public address: clients in the network, a NAT gateway for the way out";

export const rule: Rule = {
  id: "azure.public-ip",
  title: "No machine with a GPU has a public address.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI02"],
  why: "A model server trusts whoever reaches it, and costs the most of all machines when somebody else uses it.",
  fix: "Remove the public address; reach the machine from the private network and let it out through a NAT gateway.",
  waivable: "by-configuration",
  types: machineTypes,
  looksAt: [azure.networkInterface],
  check: (machine) => {
    if (!isAccelerated(machine)) return [];
    const interfaces = profileOf(machine).object("networkProfile").objects("networkInterfaceConfigurations");
    return interfaces
      .flatMap((one) => one.objects("ipConfigurations"))
      .filter((one) => one.get("publicIPAddressConfiguration") !== undefined)
      .map((one) => found(one.path("publicIPAddressConfiguration"), sizeOf(machine)));
  },
  checkStack: (stack) =>
    stack
      .ofType(azure.machine)
      .filter(isAccelerated)
      .flatMap((machine) =>
        machine.properties
          .object("networkProfile")
          .objects("networkInterfaces")
          .flatMap((reference) => referredTo(stack, azure.networkInterface, reference.text("id")))
          .flatMap((one) => addressesOf(one).map((path) => ({ urn: one.urn, ...found(path, sizeOf(machine)) }))),
      ),
  examples: {
    good: [
      of("A GPU machine in the network only", gpu("ig-gpu", "ig-nic"), nic("ig-nic", false)),
      of(
        "A public web server",
        machine("ig-web", { networkProfile: { networkInterfaces: [{ id: nicId("ig-web-nic") }] } }),
        nic("ig-web-nic", true),
      ),
    ],
    bad: [
      of("A public address on its interface", gpu("ib-gpu", "ib-nic"), nic("ib-nic", true)),
      of(
        "A public address made with the machine",
        machine("ib-inline", {
          hardwareProfile: { vmSize: "Standard_ND96isr_H100_v5" },
          networkProfile: inline("ib-inline"),
        }),
      ),
      of("In a scale set", scaleSet("ib-set", { networkProfile: inline("ib-set") }, "Standard_NC24ads_A100_v4")),
    ],
  },
};

function found(property: string, size: string | undefined): Finding {
  return { property, found: `a public address on a machine of size ${show(size)}`, expected: EXPECTED };
}

function isAccelerated(machine: Resource): boolean {
  return ACCELERATED.test(sizeOf(machine) ?? "");
}

function sizeOf({ type, properties }: Resource): string | undefined {
  return type === azure.scaleSet
    ? properties.object("sku").text("name")
    : properties.object("hardwareProfile").text("vmSize");
}

function addressesOf({ properties }: Resource): string[] {
  const configurations: Properties[] = properties.objects("ipConfigurations");
  return configurations
    .filter((one) => one.get("publicIPAddress") !== undefined || one.isUnknown("publicIPAddress"))
    .map((one) => one.path("publicIPAddress"));
}

function gpu(name: string, nicName: string): ExampleResource {
  const hardwareProfile = { vmSize: "Standard_NC24ads_A100_v4" };
  return machine(name, { hardwareProfile, networkProfile: { networkInterfaces: [{ id: nicId(nicName) }] } });
}

function nic(name: string, open: boolean): ExampleResource {
  const publicIPAddress = { id: exampleId("Microsoft.Network/publicIPAddresses/example") };
  return resource(azure.networkInterface, name, {
    networkInterfaceName: name,
    ipConfigurations: [{ name: "main", ...(open && { publicIPAddress }) }],
  });
}

function nicId(name: string): string {
  return exampleId(`Microsoft.Network/networkInterfaces/${name}`);
}

function inline(name: string): object {
  const ipConfigurations = [{ name: "main", publicIPAddressConfiguration: { name: "public" } }];
  return { networkInterfaceConfigurations: [{ name, ipConfigurations }] };
}

import { describe, expect, test } from "vitest";
import { catalogue } from "#plugins/azure-native/catalogue.ts";
import { azureSchema } from "#plugins/azure-native/core/schema.ts";

const inputsOf = (token: string) => azureSchema.resources[`azure-native:${token}`];

test("there is a schema for each type of the catalogue, and none without one", () => {
  expect(Object.keys(azureSchema.resources).sort()).toEqual(catalogue.map(({ token }) => token).sort());
});

describe("what is read from the declarations", () => {
  test("what is required, nested inputs included", () => {
    expect(inputsOf("network:Subnet")?.requiredInputs).toEqual(["resourceGroupName", "virtualNetworkName"]);
    expect(inputsOf("keyvault:Vault")?.requiredInputs).toEqual(["properties", "resourceGroupName"]);
    expect(azureSchema.types["azure-native:keyvault:VaultProperties"]?.required).toEqual(["sku", "tenantId"]);
  });

  test("enumerations, also where any text is permitted beside them; names of sizes are open", () => {
    const protocol = azureSchema.types["azure-native:network:SecurityRule"]?.properties?.protocol;
    expect(protocol).toEqual({ $ref: "#/types/azure-native:network:SecurityRuleProtocol" });
    const values = azureSchema.types["azure-native:network:SecurityRuleProtocol"]?.enum?.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining(["Tcp", "Udp", "Icmp", "*"]));
    expect(azureSchema.types["azure-native:compute:HardwareProfile"]?.properties?.vmSize).toEqual({ type: "string" });
  });

  test("lists, maps, and what may be anything", () => {
    expect(inputsOf("compute:VirtualMachine")?.inputs.zones).toEqual({ type: "array", items: { type: "string" } });
    expect(inputsOf("compute:VirtualMachine")?.inputs.tags).toEqual({
      type: "object",
      additionalProperties: { type: "string" },
    });
    expect(inputsOf("compute:VirtualMachineExtension")?.inputs.settings).toEqual({ $ref: "pulumi.json#/Any" });
  });

  test("what is secret, in inputs and outputs", () => {
    expect(azureSchema.types["azure-native:compute:OSProfile"]?.properties?.customData).toEqual({
      type: "string",
      secret: true,
    });
    expect(inputsOf("compute:VirtualMachine")?.outputs.osProfile).toEqual(
      inputsOf("compute:VirtualMachine")?.inputs.osProfile,
    );
  });

  test("outputs that are no inputs, and those that are always there", () => {
    expect(inputsOf("compute:VirtualMachine")?.outputs).toHaveProperty("vmId");
    expect(inputsOf("compute:VirtualMachine")?.required).toContain("vmId");
    expect(inputsOf("network:PublicIPAddress")?.apiVersion).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

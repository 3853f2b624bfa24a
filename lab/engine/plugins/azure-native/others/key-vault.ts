import ipaddr from "ipaddr.js";
import { typeLabel } from "#provider/definition.ts";
import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { lastPart, sameId } from "../core/ids.ts";
import { ArmError } from "../core/problems.ts";
import { at, list, number, text } from "../core/values.ts";

const mostPolicies = 1024;

/** Microsoft.KeyVault 2024-11-01, keyvault.json. In the state only: nobody answers at its address. */
export const vault: AzureType = {
  token: "azure-native:keyvault:Vault",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}",
  name: {
    pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    expected: "3 to 24 letters, digits and single hyphens, beginning with a letter and ending with a letter or digit",
  },
  takes: ["location", "properties", "tags"],
  refuses: {
    "properties.createMode": "the lab keeps no vault that was deleted",
  },
  replaces: ["location"],
  fixed: { "properties.tenantId": undefined },
  regional: true,
  check: checkVault,
  admit: admitVault,
  outputs: ({ id, inputs }) => ({
    properties: {
      ...(at(inputs, "properties") as object),
      vaultUri: `https://${lastPart(id).toLowerCase()}.vault.azure.net/`,
      enableSoftDelete: true,
      softDeleteRetentionInDays: number(inputs, "properties", "softDeleteRetentionInDays") ?? 90,
      provisioningState: "Succeeded",
    },
  }),
};

function checkVault({ inputs, problems }: Checking): void {
  const properties = at(inputs, "properties");
  const tenant = text(properties, "tenantId");
  if (tenant !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant)) {
    problems.add("properties.tenantId", JSON.stringify(tenant), "a GUID");
  }
  const days = number(properties, "softDeleteRetentionInDays");
  if (days !== undefined && !(Number.isInteger(days) && days >= 7 && days <= 90)) {
    problems.add("properties.softDeleteRetentionInDays", String(days), "7 to 90");
  }
  if (at(properties, "enablePurgeProtection") === false) {
    problems.add("properties.enablePurgeProtection", "false", "true, or nothing: it does not accept false");
  }
  if (at(properties, "enableSoftDelete") === false) {
    problems.add("properties.enableSoftDelete", "false", "true, or nothing: every vault has soft delete");
  }
  if (list(properties, "accessPolicies").length > mostPolicies) {
    problems.add("properties.accessPolicies", "too long", `at most ${String(mostPolicies)}`);
  }
  list(properties, "networkAcls", "ipRules").forEach((rule, index) => {
    const value = text(rule, "value");
    if (value === undefined || ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv4.isValidCIDR(value)) return;
    problems.add(
      `properties.networkAcls.ipRules[${String(index)}].value`,
      JSON.stringify(value),
      "an IPv4 address or block",
    );
  });
}

function admitVault({ id, inputs, before }: Wanted, state: State): void {
  refuseTaken("VaultAlreadyExists", vault, id, state);
  const protectedNow = at(before?.inputs, "properties", "enablePurgeProtection") === true;
  if (protectedNow && at(inputs, "properties", "enablePurgeProtection") !== true) {
    throw new ArmError(undefined, `properties.enablePurgeProtection of ${id} is on, and cannot be switched off`);
  }
}

/** Some names are taken in all of Azure. The lab knows its own subscription only. */
export function refuseTaken(code: string, type: AzureType, id: string, state: State): void {
  const other = state.entries.find(
    (entry) => entry.token === type.token && !sameId(entry.id, id) && sameId(lastPart(entry.id), lastPart(id)),
  );
  if (other) throw new ArmError(code, `the name ${lastPart(id)} is taken: ${typeLabel(type.token)} ${other.id} has it`);
}

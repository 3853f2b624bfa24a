import ipaddr from "ipaddr.js";
import type { AzureType, Checking } from "../core/azure-type.ts";
import { lastPart, parentOf } from "../core/ids.ts";
import { ArmError } from "../core/problems.ts";
import { at, list, text } from "../core/values.ts";
import { refuseTaken } from "./key-vault.ts";

const accountTemplate =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}";

/** Microsoft.Storage 2024-01-01, storage.json. In the state only: nobody answers at its addresses. */
export const storageAccount: AzureType = {
  token: "azure-native:storage:StorageAccount",
  idTemplate: accountTemplate,
  name: { pattern: /^[a-z0-9]{3,24}$/, expected: "3 to 24 lower-case letters and digits" },
  replaces: ["isHnsEnabled", "location"],
  regional: true,
  check: checkAccount,
  admit: ({ id }, state) => {
    refuseTaken("StorageAccountAlreadyTaken", storageAccount, id, state);
  },
  outputs: ({ id }) => {
    const host = (service: string) => `https://${lastPart(id)}.${service}.core.windows.net/`;
    return {
      primaryEndpoints: { blob: host("blob"), file: host("file"), queue: host("queue"), table: host("table") },
      statusOfPrimary: "available",
    };
  },
};

function checkAccount({ inputs, problems }: Checking): void {
  if (text(inputs, "minimumTlsVersion") === "TLS1_3") {
    problems.add("minimumTlsVersion", "TLS1_3", "TLS1_2: Azure does not accept it for accounts yet");
  }
  list(inputs, "networkRuleSet", "ipRules").forEach((rule, index) => {
    const value = text(rule, "iPAddressOrRange");
    if (value === undefined || isPublicRange(value)) return;
    const property = `networkRuleSet.ipRules[${String(index)}].iPAddressOrRange`;
    problems.add(
      property,
      JSON.stringify(value),
      "a public IPv4 address, or a block of one as large as a /30 or larger",
    );
  });
}

/** Small blocks are to be written as addresses, and private ones are never seen by the service. */
function isPublicRange(value: string): boolean {
  const [address = "", prefix] = value.split("/");
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
  if (prefix !== undefined && !(/^\d+$/.test(prefix) && Number(prefix) <= 30)) return false;
  return ipaddr.IPv4.parse(address).range() !== "private";
}

/** Microsoft.Storage 2024-01-01, blob.json. */
export const blobContainer: AzureType = {
  token: "azure-native:storage:BlobContainer",
  idTemplate: `${accountTemplate}/blobServices/default/containers/{containerName}`,
  name: {
    pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    expected: "3 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or digit",
  },
  admit: ({ id, inputs }, state) => {
    const account = parentOf(parentOf(id) ?? "") ?? "";
    const found = state.find(account);
    if (found === undefined) {
      throw new ArmError("ParentResourceNotFound", `${id} cannot be made: its parent ${account} is not there`);
    }
    const open = text(inputs, "publicAccess") ?? "None";
    if (open !== "None" && at(found.inputs, "allowBlobPublicAccess") !== true) {
      throw new ArmError("PublicAccessNotPermitted", `publicAccess is ${open}, and ${account} permits none`);
    }
  },
};

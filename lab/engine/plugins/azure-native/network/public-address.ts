import { createHash } from "node:crypto";
import { azureBlock } from "@garrison/fabric/places.ts";
import type { AzureType, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { sameId } from "../core/ids.ts";
import { networkName } from "../core/names.ts";
import { isMissing, number, text } from "../core/values.ts";
import { host, parseBlock } from "./address.ts";

/** The lab's internet has these; the first stands for Azure's default outbound access. */
const block = parseBlock(azureBlock);
const first = 4;
const last = 254;

/** Microsoft.Network 2024-05-01, publicIpAddress.json. */
export const publicAddress: AzureType = {
  token: "azure-native:network:PublicIPAddress",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
  name: networkName(80),
  takes: [
    "idleTimeoutInMinutes",
    "location",
    "publicIPAddressVersion",
    "publicIPAllocationMethod",
    "sku",
    "tags",
    "zones",
  ],
  replaces: ["location", "publicIPAddressVersion", "sku"],
  fixed: { zones: undefined },
  completes: ["ipAddress"],
  regional: true,
  effect: "network",
  inUseCode: "PublicIPAddressCannotBeDeleted",
  check: ({ inputs, problems }) => {
    const sku = isMissing(inputs, "sku", "name") ? "Basic" : text(inputs, "sku", "name");
    if (sku === "Basic") {
      problems.add("sku.name", sku, "Standard: Azure makes no new Basic addresses since 31 March 2025");
    }
    if (isMissing(inputs, "publicIPAllocationMethod") || text(inputs, "publicIPAllocationMethod") === "Dynamic") {
      problems.add("publicIPAllocationMethod", "Dynamic", "Static, as of every Standard address");
    }
    if (text(inputs, "publicIPAddressVersion") === "IPv6") {
      problems.add("publicIPAddressVersion", "IPv6", "IPv4: the lab's internet has no other");
    }
    if (text(inputs, "sku", "tier") === "Global") {
      problems.add("sku.tier", "Global", "Regional: the lab has no load balancers");
    }
    const idle = number(inputs, "idleTimeoutInMinutes");
    if (idle !== undefined && (idle < 4 || idle > 30)) {
      problems.add("idleTimeoutInMinutes", String(idle), "4 to 30");
    }
  },
  outputs: (wanted, state) => ({
    ipAddress: text(wanted.before?.outputs, "ipAddress") ?? freePublicAddress(wanted, state),
    publicIPAddressVersion: "IPv4",
    idleTimeoutInMinutes: number(wanted.inputs, "idleTimeoutInMinutes") ?? 4,
  }),
};

/** The same for the same id, as long as nobody else has it. */
function freePublicAddress({ id }: Wanted, state: State): string {
  const taken = new Set(
    state
      .ofType("Microsoft.Network/publicIPAddresses")
      .filter((entry) => !sameId(entry.id, id))
      .map(({ outputs }) => text(outputs, "ipAddress")),
  );
  const count = last - first + 1;
  const start = createHash("sha256").update(id.toLowerCase()).digest().readUInt32BE() % count;
  for (let step = 0; step < count; step++) {
    const address = host(block, first + ((start + step) % count));
    if (!taken.has(address)) return address;
  }
  throw new Error(`the lab's internet has ${String(count)} public addresses, and all are taken`);
}

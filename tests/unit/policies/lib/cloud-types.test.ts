import { expect, test } from "vitest";

import { serviceProperties } from "#policies/lib/azure-services.ts";
import { azureProperties } from "#policies/lib/azure-properties.ts";
import { cloudflareProperties } from "#policies/lib/cloudflare-types.ts";
import { plainType, type } from "#policies/lib/types.ts";
import { rules } from "#policies/rules/catalogue.ts";

test.each([
  ["azure-native:network:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["azure-native:network/v20240101:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["azure-native:network/v20150501preview:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["azure-native_network_v20240101:network:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["azure-nextgen:network/latest:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["cloudflare:index/tunnel:Tunnel", "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared"],
  ["cloudflare:index/record:Record", "cloudflare:index/dnsRecord:DnsRecord"],
  ["azure:network/networkSecurityGroup:NetworkSecurityGroup", "azure-native:network:NetworkSecurityGroup"],
  ["azure:storage/account:Account", "azure-native:storage:StorageAccount"],
  ["azure:maps/account:Account", "azure:maps/account:Account"],
  [
    "cloudflare:index/zeroTrustTunnelRoute:ZeroTrustTunnelRoute",
    "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute",
  ],
  [type.container, type.container],
  ["", ""],
])("%s is known as %s", (token, plain) => {
  expect(plainType(token)).toBe(plain);
  expect(plainType(plain)).toBe(plain);
});

const tables = new Map(Object.entries({ ...azureProperties, ...serviceProperties, ...cloudflareProperties }));
const examples = rules.flatMap(({ id, examples: { good, bad } }) =>
  [...good, ...bad].flatMap(({ title, resources }) => resources.map((resource) => ({ id, title, ...resource }))),
);

test.each(examples.filter(({ type: token }) => /^(azure|cloudflare)/.test(token)))(
  "$id, $title: $type is written with names of the table",
  ({ type: token, properties }) => {
    const known = tables.get(token) ?? [];
    const isKnown = (path: string) =>
      known.some((one) => one === path || path.startsWith(`${one}.`) || one.startsWith(`${path}.`));
    expect(pathsOf(properties).filter((path) => !isKnown(path))).toEqual([]);
  },
);

/** Paths of all values, without the positions in lists. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, path));
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).filter(([, one]) => one !== undefined);
  return inner.flatMap(([name, one]) => pathsOf(one, path === "" ? name : `${path}.${name}`));
}

import { isProperties } from "#helpers/pulumi/values.ts";
import type { Properties } from "#helpers/pulumi/values.ts";

/** What the daemon makes up for each container, network and volume, by name of the property. */
const madeUp = new Set([
  "Id",
  "Created",
  "CreatedAt",
  "ResolvConfPath",
  "HostnamePath",
  "HostsPath",
  "LogPath",
  "SandboxID",
  "SandboxKey",
  "EndpointID",
  "NetworkID",
  "GraphDriver",
  "State",
  "DNSNames",
]);

/** Lists in which the order says something; Docker shows the others as they come. */
const ordered = new Set(["Cmd", "Entrypoint", "Args", "Test", "Dns"]);

/** What Docker shows of a thing, without what is another one for each of them. */
export function comparableInspect(shown: Properties): unknown {
  const look = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item) => look(item, name));
      return ordered.has(name) ? items : items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    if (!isProperties(value)) return withoutIds(value);
    const kept = Object.entries(value).filter(([own]) => !madeUp.has(own));
    return Object.fromEntries(kept.map(([own, item]) => [own, look(item, own)]));
  };
  return look(shown, "");
}

/** Lists of the schema that are sets: each plugin has an order of its own. */
const sets = new Set(["dns", "envs", "labels", "mounts", "networkDatas", "networksAdvanced", "ulimits"]);

/** A plugin's outputs, with the same word in the place of every id. */
export function comparableState(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparableState(item));
    return sets.has(name) ? items.toSorted(byNameOrText) : items;
  }
  if (!isProperties(value)) return withoutIds(value);
  return Object.fromEntries(
    Object.entries(value).map(([own, item]) => [own, /^[0-9a-f]{32}$/.test(own) ? item : comparableState(item, own)]),
  );
}

/** By what says which one it is, since the others may differ. */
function byNameOrText(a: unknown, b: unknown): number {
  const key = (value: unknown): string => {
    if (!isProperties(value)) return String(value);
    return String(value.target ?? value.networkName ?? value.name ?? value.label);
  };
  return key(a) < key(b) ? -1 : 1;
}

function withoutIds(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, "(id)") : value;
}

import { isProperties } from "../../../lab/engine/provider/values.ts";
import type { Properties } from "../../../lab/engine/provider/values.ts";

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

/** A plugin's outputs, with the same word in the place of every id. */
export function comparableState(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparableState);
  if (!isProperties(value)) return withoutIds(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, /^[0-9a-f]{32}$/.test(name) ? item : comparableState(item)]),
  );
}

function withoutIds(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, "(id)") : value;
}

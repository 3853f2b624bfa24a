/**
 * What the official plugin's Check fills in where the program says nothing: defaults of kreuzwerker's provider 4.5.0, but
 * those that are false, 0 or empty, which the bridge leaves out (run, plugin near 5.2.0). Pure.
 */
import type { Properties } from "./values.ts";
import { isProperties } from "./values.ts";

const CONTAINER: Properties = {
  containerReadRefreshTimeoutMilliseconds: 15_000,
  mustRun: true,
  networkMode: "bridge",
  removeVolumes: true,
  restart: "no",
  start: true,
  waitTimeout: 60,
};

/** The members of nested objects, and of each object of a list. */
const NESTED: Readonly<Record<string, Properties>> = {
  devices: { permissions: "rwm" },
  healthcheck: { interval: "0s", timeout: "0s", startPeriod: "0s", startInterval: "0s" },
  ports: { ip: "0.0.0.0", protocol: "tcp" },
};

/** Fills the defaults into the inputs, and their names into `__defaults`, as Check hands them on. */
export function fillDefaults(inputs: Properties): void {
  const missing = Object.keys(CONTAINER).filter((name) => inputs[name] === undefined);
  for (const name of missing) inputs[name] = CONTAINER[name];
  const filled = Array.isArray(inputs.__defaults) ? (inputs.__defaults as string[]) : [];
  inputs.__defaults = [...filled, ...missing];
  for (const [name, members] of Object.entries(NESTED)) {
    const value = inputs[name];
    if (Array.isArray(value)) inputs[name] = value.map((item: unknown) => withMembers(item, members));
    else inputs[name] = withMembers(value, members);
    if (inputs[name] === undefined) Reflect.deleteProperty(inputs, name);
  }
}

function withMembers(value: unknown, members: Properties): unknown {
  return isProperties(value) ? { ...members, ...value } : value;
}

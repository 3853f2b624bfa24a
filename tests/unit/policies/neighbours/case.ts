import { container } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";

type Values = Readonly<Record<string, unknown>>;

/** One resource, or a few, and the rule that has to find something there; without a rule none may. */
export interface Neighbour {
  readonly title: string;
  readonly resources: readonly ExampleResource[];
  readonly rule?: string;
}

/** A clean container on no network, with some properties changed. */
export function given(title: string, changes: Values, rule?: string): Neighbour {
  const resources = [container({ networksAdvanced: undefined, networkMode: "none", ...changes })];
  return { title, resources, ...(rule !== undefined && { rule }) };
}

/** A resource of docker:index, by the name of its class, or one of another module by its token. */
export function resource(title: string, kind: string, properties: Values, rule?: string): Neighbour {
  const token = kind.includes(":") ? kind : `docker:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  return { title, resources: [{ type: token, name: "x", properties }], ...(rule !== undefined && { rule }) };
}

/** A clean service of a swarm, with some properties of its container and of its task changed. */
export function service(title: string, spec: Values, task: Values = {}, rule?: string): Neighbour {
  const containerSpec = {
    image: `registry.example/app@sha256:${"0123456789abcdef".repeat(4)}`,
    user: "20001:20001",
    readOnly: true,
    capDrops: ["ALL"],
    healthcheck: { tests: ["CMD", "true"] },
    ...spec,
  };
  const resources = { limits: { memoryBytes: 134_217_728, nanoCpus: 500_000_000 } };
  const taskSpec = { containerSpec, networksAdvanceds: [{ name: "app" }], resources, ...task };
  return resource(title, "Service", { name: "x", taskSpec }, rule);
}

/** A clean container with one bind mount. */
export function bound(source: string, rule?: string, readOnly = false): Neighbour {
  const mounts = [{ type: "bind", source, target: "/h", readOnly }];
  return given(`a bind of ${source}${readOnly ? ", read-only" : ""}`, { mounts }, rule);
}

/** A clean container that a shell starts. */
export function shell(text: string, rule?: string): Neighbour {
  return given(`sh -c ${text}`, { entrypoints: ["sh", "-c", text] }, rule);
}
